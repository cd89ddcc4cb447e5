import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError, keyOfText, type LabelRef, modelTextOf } from '#kit'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import { readCard } from '#runtime/language/read-card.ts'
import { parseSafetensors } from '#runtime/language/safetensors.ts'
import { readStoredRows } from '#runtime/language/stored-rows.ts'
import type { TrainingSet } from './training-set.ts'

/** What training goes on from, besides the encoder of the same folder. */
export interface EarlierModel {
  labels: readonly LabelRef[]
  multi: boolean
  head: LinearHead
  /** Texts that it has learned, by `keyOfText`. */
  texts: ReadonlySet<string>
  /** SHA-256 of the rows that it has learned. */
  dataHash: string
}

/** The model in a folder; undefined where it holds an encoder and nothing else. Throws `model-unreadable`. */
export async function readEarlierModel(folder: string): Promise<EarlierModel | undefined> {
  const bytes = await readFile(join(folder, 'head.safetensors')).catch(() => undefined)
  if (!bytes || !(await stat(join(folder, 'card.json')).catch(() => undefined))) return undefined
  const card = await readCard(folder)
  const stored = parseSafetensors(bytes, 'head.safetensors')
  const [weight, bias] = [stored.get('weight'), stored.get('bias')]
  const { width } = card.encoder
  const labels = card.labels.length
  if (weight?.shape.join() !== [width, labels].join() || bias?.shape.join() !== String(labels))
    throw new BotloomError('model-unreadable', { detail: 'head.safetensors does not fit card.json' })
  return {
    labels: card.labels,
    multi: card.multi,
    head: { width, labels, weight: weight.data, bias: bias.data },
    texts: new Set((await readStoredRows(folder, card)).map((row) => keyOfText(modelTextOf(row)))),
    dataHash: card.training.dataHash,
  }
}

/** The set with the rows marked that the model has learned. */
export function markSeen(set: TrainingSet, { texts }: EarlierModel): TrainingSet {
  return {
    ...set,
    train: set.train.map((row) => (texts.has(keyOfText(modelTextOf(row))) ? { ...row, seen: true } : row)),
  }
}

/**
 * The model's head for the labels of another set: what it knew of a label by the same id, nothing of a new one. Undefined where it
 * knew none of them, or where its scores were of the other kind (one label a row, or several).
 */
export function earlierHead(earlier: EarlierModel, { labels, multi }: TrainingSet): LinearHead | undefined {
  const place = new Map(earlier.labels.map(({ id }, i) => [id, i]))
  const from = labels.map(({ id }) => place.get(id))
  if (multi !== earlier.multi || from.every((known) => known === undefined)) return undefined
  const { head } = earlier
  const own: LinearHead = {
    width: head.width,
    labels: labels.length,
    weight: new Float32Array(head.width * labels.length),
    bias: new Float32Array(labels.length),
  }
  for (const [to, known] of from.entries()) {
    if (known === undefined) continue
    own.bias[to] = head.bias[known]!
    for (let row = 0; row < head.width; row++)
      own.weight[row * own.labels + to] = head.weight[row * head.labels + known]!
  }
  return own
}

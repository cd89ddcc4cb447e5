import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { BotloomError } from '#kit'
import { type ModelCard, modelCard } from './card.ts'
import { type AnswersCard, answersCard } from './decoder/answers-card.ts'
import { type RetrieverCard, retrieverCard } from './retrieval/retriever-card.ts'

/** The card of a folder with a classifier. Throws `model-unreadable`, or what says which other kind it holds. */
export async function readCard(folder: string): Promise<ModelCard> {
  const json = await readJson(folder)
  refuseOther(json, null)
  return parsed(modelCard, json)
}

/** The card of a folder with a decoder that was taught to answer. Throws `model-unreadable`, or what says which other kind it holds. */
export async function readAnswersCard(folder: string): Promise<AnswersCard> {
  const json = await readJson(folder)
  refuseOther(json, 'answers')
  return parsed(answersCard, json)
}

/** The card of a folder with a model that finds answers. Throws `model-unreadable`, or what says which other kind it holds. */
export async function readRetrieverCard(folder: string): Promise<RetrieverCard> {
  const json = await readJson(folder)
  refuseOther(json, 'retrieval')
  return parsed(retrieverCard, json)
}

/** The card of a trained model of whatever kind. Throws `model-unreadable`. */
export async function readAnyCard(folder: string): Promise<ModelCard | AnswersCard | RetrieverCard> {
  const json = await readJson(folder)
  if (kindOf(json) === 'answers') return parsed(answersCard, json)
  return kindOf(json) === 'retrieval' ? parsed(retrieverCard, json) : parsed(modelCard, json)
}

const unreadable = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })

const kindOf = (json: unknown): unknown => (json as { kind?: unknown } | null)?.kind ?? null

function refuseOther(json: unknown, wanted: 'answers' | 'retrieval' | null): void {
  const kind = kindOf(json)
  if (kind === wanted) return
  if (kind === 'answers') throw new BotloomError('model-writes-answers')
  if (kind === 'retrieval') throw new BotloomError('model-finds-answers')
  throw new BotloomError(wanted === 'answers' ? 'model-writes-nothing' : 'model-finds-nothing')
}

async function readJson(folder: string): Promise<unknown> {
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch(() => {
    throw unreadable('card.json is missing')
  })
  try {
    return JSON.parse(text)
  } catch {
    throw unreadable('card.json is not JSON')
  }
}

function parsed<S extends z.ZodType>(schema: S, json: unknown): z.output<S> {
  const { data, error } = schema.safeParse(json)
  if (error) throw unreadable(`card.json: ${error.issues[0]!.path.join('.')} ${error.issues[0]!.message}`)
  return data as z.output<S>
}

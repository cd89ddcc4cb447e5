import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import { BotloomError } from '#kit'
import { type ModelCard, modelCard } from './card.ts'
import { type AnswersCard, answersCard } from './decoder/answers-card.ts'

/** The card of a folder with a classifier. Throws `model-unreadable`, or `model-writes-answers` where it holds the other kind. */
export async function readCard(folder: string): Promise<ModelCard> {
  const json = await readJson(folder)
  if (isAnswers(json)) throw new BotloomError('model-writes-answers')
  return parsed(modelCard, json)
}

/** The card of a folder with a decoder that was taught to answer. Throws `model-unreadable`, or `model-writes-nothing`. */
export async function readAnswersCard(folder: string): Promise<AnswersCard> {
  const json = await readJson(folder)
  if (!isAnswers(json)) throw new BotloomError('model-writes-nothing')
  return parsed(answersCard, json)
}

/** The card of a trained model of whatever kind. Throws `model-unreadable`. */
export async function readAnyCard(folder: string): Promise<ModelCard | AnswersCard> {
  const json = await readJson(folder)
  return isAnswers(json) ? parsed(answersCard, json) : parsed(modelCard, json)
}

const unreadable = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })

const isAnswers = (json: unknown): boolean => (json as { kind?: unknown } | null)?.kind === 'answers'

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

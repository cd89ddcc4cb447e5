import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'
import { type ModelCard, modelCard } from './card.ts'

/** The card of a model folder. Throws `model-unreadable`. */
export async function readCard(folder: string): Promise<ModelCard> {
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch(() => {
    throw fail('card.json is missing')
  })
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    throw fail('card.json is not JSON')
  }
  const parsed = modelCard.safeParse(json)
  if (!parsed.success)
    throw fail(`card.json: ${parsed.error.issues[0]!.path.join('.')} ${parsed.error.issues[0]!.message}`)
  return parsed.data
}

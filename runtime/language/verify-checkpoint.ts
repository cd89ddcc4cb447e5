import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'
import type { ModelCard } from './card.ts'
import type { AnswersCard } from './decoder/answers-card.ts'
import { readAnyCard } from './read-card.ts'
import type { RetrieverCard } from './retrieval/retriever-card.ts'

/** Checks that a model folder is whole: each file is there with the bytes that the card names. Throws `model-unreadable`. */
export async function verifyCheckpoint(folder: string): Promise<ModelCard | AnswersCard | RetrieverCard> {
  const card = await readAnyCard(folder)
  for (const [file, hash] of Object.entries(card.files)) {
    const bytes = await readFile(join(folder, file)).catch(() => undefined)
    if (!bytes) throw new BotloomError('model-unreadable', { detail: `${file} is missing` })
    const found = createHash('sha256').update(bytes).digest('hex')
    if (found !== hash) throw new BotloomError('model-unreadable', { detail: `${file} was changed` })
  }
  return card
}

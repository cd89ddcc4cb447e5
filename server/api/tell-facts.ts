import { BotloomError } from '#kit'
import type { Services } from '#server/services.ts'
import type { StudioEvent } from './dto.ts'

/** Labels are ports and rows make blocks stale: whoever has the bot of a changed set open is told at once. */
export function createFactsTeller({ sets, drafts, viewer, events, database }: Services) {
  return async (workspace: string, set: string): Promise<void> => {
    const bot = await sets.botOf(workspace, set)
    const draft = await drafts.load(workspace, bot).catch((error) => {
      // A draft that cannot be opened is open nowhere; the rows are written all the same.
      if (error instanceof BotloomError) return null
      throw error
    })
    if (!draft) return
    const { document } = draft
    const told: StudioEvent = { type: 'draft.facts', ...(await viewer.about(workspace, bot, document)) }
    await database.db.transaction((tx) => events.append(tx, workspace, `bot:${bot}`, told))
  }
}

import { BotloomError } from '#kit'
import type { StudioEvent } from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import type { EventLog } from '#server/realtime/event-log.ts'
import type { DraftStore } from './draft-store.ts'
import type { DraftViewer } from './draft-view.ts'

export type FactsTeller = ReturnType<typeof createFactsTeller>

/** Labels are ports and rows make blocks stale: whoever has the bot of a set open is told at once that it changed. */
export function createFactsTeller(deps: {
  database: OpenDatabase
  sets: SetStore
  drafts: DraftStore
  viewer: DraftViewer
  events: EventLog
}) {
  const { database, sets, drafts, viewer, events } = deps
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

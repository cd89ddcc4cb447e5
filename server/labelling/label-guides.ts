import { and, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { LabelView } from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import { storableText } from '#server/data/storable-text.ts'
import type { Database } from '#server/db/client.ts'
import { type LabelGuide, setLabels } from '#server/db/schema/sets.ts'

export type LabelGuides = ReturnType<typeof createLabelGuides>

/** What people agreed on what belongs to a label, kept with the set; examples are rows, shown as they are now. */
export function createLabelGuides({ db, sets }: { db: Database; sets: SetStore }) {
  return {
    async list(workspace: string, set: string): Promise<LabelView[]> {
      const { labels } = await sets.summary(workspace, set)
      const guides = await db
        .select({ id: setLabels.id, guide: setLabels.guide })
        .from(setLabels)
        .where(and(eq(setLabels.workspaceId, workspace), eq(setLabels.setId, set)))
      const of = new Map(guides.map(({ id, guide }) => [id, guide]))
      const wanted = guides.flatMap(({ guide }) => guide?.examples ?? [])
      const rows = new Map((await sets.rowsNow(workspace, set, wanted)).map((row) => [row.id, row]))
      return labels.map((label) => {
        const guide = of.get(label.id)
        return {
          ...label,
          guide: guide ? { ...guide, examples: guide.examples.flatMap((row) => rows.get(row) ?? []) } : null,
        }
      })
    },

    /** Throws `not-found`. A guide in which nothing stands is none. */
    async put(workspace: string, set: string, label: string, guide: LabelGuide): Promise<void> {
      await sets.botOf(workspace, set)
      const [belongs, not] = [storableText(guide.belongs).trim(), storableText(guide.not).trim()]
      const known = await sets.rowsNow(workspace, set, guide.examples)
      const examples = known.map(({ id }) => id)
      const written = await db
        .update(setLabels)
        .set({ guide: belongs === '' && not === '' && examples.length === 0 ? null : { belongs, not, examples } })
        .where(and(eq(setLabels.workspaceId, workspace), eq(setLabels.setId, set), eq(setLabels.id, label)))
        .returning({ id: setLabels.id })
      if (written.length === 0) throw new BotloomError('not-found', { what: 'label' })
    },
  }
}

import { modelTextOf } from '#kit'
import { createWordVote, type WordVote } from '#runtime/training/word-vote.ts'
import type { LabelQueue, QueueKind, RowSuggestions, RowView, SuggestionsAnswer } from '#server/api/dto.ts'
import type { DraftViewer } from '#server/bots/draft-view.ts'
import { classifiersOf } from '#server/bots/version-store.ts'
import type { CheckStore } from '#server/data/doctor/check-store.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Compute } from '#server/jobs/compute.ts'

/** Topics that are suggested for a row: as many as there are digit keys. */
const mostSuggested = 9
/** Rows whose words are counted where there is no model: more take long and tell little more. */
const mostLearned = 3_000

export type LabelQueues = ReturnType<typeof createLabelQueues>

/** Which rows wait for a person who labels, and what the newest model makes of them. */
export function createLabelQueues(deps: { sets: SetStore; checks: CheckStore; viewer: DraftViewer; compute: Compute }) {
  const { sets, checks, viewer, compute } = deps
  /** The vote over the content that was asked about last, by set. */
  const votes = new Map<string, { content: string; labels: string[]; vote: WordVote }>()

  /** The newest model of the draft that knows labels of this set, and the way from its labels to those of today. */
  async function modelFor(workspace: string, set: string) {
    const { states } = await viewer.read(workspace, await sets.botOf(workspace, set))
    const live = new Set((await sets.labels(workspace, set)).map(({ id }) => id))
    const known = Object.values(classifiersOf(states)).flatMap((ref) => {
      if ('kind' in ref || ref.pairs) return []
      const shared = ref.labels.filter(({ id }) => live.has(id)).length
      return shared > 0 ? [{ ref, shared }] : []
    })
    const [best] = known.sort((a, b) => b.shared - a.shared)
    return best ? { ref: best.ref, live } : null
  }

  /** What the words of the labelled rows say; null where they have not two labels. */
  async function votesOf(workspace: string, set: string) {
    const content = await sets.revisionHash(workspace, set)
    const known = votes.get(set)
    if (known?.content === content) return known
    const rows = (await sets.records(workspace, set)).rows.filter((row) => row.label !== undefined)
    const labels = [...new Set(rows.map((row) => row.label!))]
    if (labels.length < 2) return null
    const every = Math.max(1, rows.length / mostLearned)
    const learned = rows.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every))
    const numbers = new Map(labels.map((label, at) => [label, at]))
    const vote = createWordVote(
      learned.map(modelTextOf),
      learned.map((row) => numbers.get(row.label!)!),
      labels.length,
    )
    const fresh = { content, labels, vote }
    votes.clear()
    votes.set(set, fresh)
    return fresh
  }

  function likeliest(row: string, labels: { label: string; probability: number }[], outOfScope: number | null) {
    const sorted = [...labels].sort((a, b) => b.probability - a.probability)
    const best = sorted.slice(0, mostSuggested).map(({ label, probability }) => ({ label, probability }))
    return { row, labels: best, outOfScope } satisfies RowSuggestions
  }

  return {
    /** Rows that wait: without a topic, with a doubtful one, or marked. The surest faults of the last check come first. */
    async queue(
      workspace: string,
      set: string,
      kind: QueueKind,
      page: { offset: number; limit: number },
    ): Promise<LabelQueue> {
      if (kind !== 'doubtful') {
        const filter = kind === 'marked' ? { marked: true } : { unlabelled: true }
        const found = await sets.page(workspace, set, { ...page, ...filter, sort: 'added', descending: false })
        return { ...found, unchecked: false }
      }
      await sets.botOf(workspace, set)
      const check = await checks.latest(workspace, set, 'doubtful-labels')
      if (!check) return { total: 0, rows: [], unchecked: true }
      const ids = check.cases.map(({ row }) => row)
      const standing = await sets.standing(workspace, set, check.hash, ids)
      const rows = ids.flatMap((row) => standing.get(row) ?? [])
      const shown = rows.slice(page.offset, page.offset + page.limit)
      return { total: rows.length, rows: shown, unchecked: false }
    },

    /** Probable topics of rows. Without a model of this set, the words of its labelled rows are counted. */
    async suggest(workspace: string, set: string, rowIds: readonly string[]): Promise<SuggestionsAnswer> {
      const rows: RowView[] = await sets.rowsNow(workspace, set, rowIds)
      const model = await modelFor(workspace, set)
      if (model) {
        const answers = await compute.classify(
          model.ref,
          rows.map(({ text }) => text),
        )
        return {
          by: 'model',
          rows: rows.map(({ id }, at) => {
            const { labels, outOfScope } = answers[at]!
            return likeliest(
              id,
              labels.filter(({ label }) => model.live.has(label)),
              outOfScope,
            )
          }),
        }
      }
      const words = await votesOf(workspace, set)
      if (!words) return { by: null, rows: [] }
      return {
        by: 'words',
        rows: rows.map((row) => {
          const shares = words.vote.of(modelTextOf(row))
          const labels = words.labels.map((label, at) => ({ label, probability: shares[at]! }))
          return likeliest(row.id, labels, null)
        }),
      }
    },
  }
}

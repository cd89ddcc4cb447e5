import { mcnemar } from '#runtime/training/mcnemar.ts'
import type { LabelChange, ReportChange } from '#server/api/dto.ts'

/** What a comparison needs to know of a test row. */
export interface ComparedRow {
  id: string
  text: string
  truth: string
  truthName: string
  right: boolean
}
interface Compared {
  labels: readonly { id: string; name: string; support: number }[]
  rows: readonly ComparedRow[]
}

/** Fewer questions up or down than this are no news of a label. */
const leastNet = 2

/** What has changed from one test to the next, told by the questions that both asked: other questions would compare luck. */
export function toReportChange(before: Compared, now: Compared): Pick<ReportChange, 'shared' | 'chance' | 'labels'> {
  const old = new Map(before.rows.map((row) => [row.id, row]))
  const byLabel = new Map<string, LabelChange>()
  const shared = { rows: 0, better: 0, worse: 0 }
  for (const row of now.rows) {
    const was = old.get(row.id)
    // A question that was put right in between is another question.
    if (!was || was.text !== row.text || was.truth !== row.truth || row.truth === '') continue
    shared.rows++
    if (row.right && !was.right) shared.better++
    if (!row.right && was.right) shared.worse++
    const label = byLabel.get(row.truth) ?? { id: row.truth, name: row.truthName, rows: 0, before: 0, now: 0 }
    label.rows++
    label.before += was.right ? 1 : 0
    label.now += row.right ? 1 : 0
    byLabel.set(row.truth, label)
  }
  const net = (label: LabelChange) => label.now - label.before
  const labels = [...byLabel.values()].sort((a, b) => Math.abs(net(b)) - Math.abs(net(a)))
  const only = (here: Compared, there: Compared) => {
    const known = new Set(there.labels.map((label) => label.id))
    return here.labels.filter((label) => !known.has(label.id)).map(({ id, name }) => ({ id, name }))
  }
  return {
    shared,
    chance: mcnemar(shared.better, shared.worse),
    labels: {
      better: labels.filter((label) => net(label) >= leastNet),
      worse: labels.filter((label) => net(label) <= -leastNet),
      added: only(now, before),
      gone: only(before, now),
    },
  }
}

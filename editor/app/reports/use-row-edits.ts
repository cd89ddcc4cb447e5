import { useRef, useState } from 'react'
import type { ReportRow } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { showError } from '../ui/toast.tsx'
import type { RowChange } from './row-change.ts'

/** A change that can be taken back: the rows of each set, and the content of the set that leads back. */
interface Done {
  steps: { set: string; rows: string[]; before: string }[]
  changed: number
}
type Said = { what: RowChange['kind'] | 'undone' | 'nothing'; count: number; name?: string }

/** Changes rows of a report in their sets, one after the other however fast they are asked for, each with its way back. */
export function useRowEdits(bot: string, run: string) {
  const [done, setDone] = useState<readonly Done[]>([])
  const [said, setSaid] = useState<Said | null>(null)
  const [waiting, setWaiting] = useState(0)
  const queue = useRef(Promise.resolve())

  const inTurn = (work: () => Promise<void>) => {
    setWaiting((count) => count + 1)
    queue.current = queue.current
      .then(work)
      .catch(showError)
      .finally(() => setWaiting((count) => count - 1))
  }
  const refresh = (sets: readonly string[]) =>
    Promise.all([
      queryClient.invalidateQueries({ queryKey: ['report', bot, run, 'rows'] }),
      queryClient.invalidateQueries({ queryKey: keys.reportEdits(bot, run) }),
      queryClient.invalidateQueries({ queryKey: keys.sets(bot) }),
      ...sets.map((set) => queryClient.invalidateQueries({ queryKey: ['rows', set] })),
    ])

  const apply = (rows: readonly ReportRow[], change: RowChange) =>
    inTurn(async () => {
      const bySet = new Map<string, string[]>()
      for (const { id, home } of rows) if (home?.now) bySet.set(home.set, [...(bySet.get(home.set) ?? []), id])
      const steps: Done['steps'] = []
      let changed = 0
      for (const [set, ids] of bySet) {
        const answer = await send(set, ids, change)
        changed += answer.changed
        if (answer.changed > 0) steps.push({ set, rows: ids, before: answer.before })
      }
      if (changed > 0) setDone((before) => [...before, { steps, changed }])
      setSaid({
        what: changed > 0 ? change.kind : 'nothing',
        count: changed,
        ...(change.kind === 'label' ? { name: change.name } : {}),
      })
      await refresh([...bySet.keys()])
    })

  const undo = () => {
    const last = done.at(-1)
    if (!last) return
    setDone(done.slice(0, -1))
    inTurn(async () => {
      for (const { set, rows, before } of last.steps) await api.restoreRows(set, rows, before)
      setSaid({ what: 'undone', count: last.changed })
      await refresh(last.steps.map((step) => step.set))
    })
  }
  return { apply, undo: done.length > 0 ? undo : null, said, busy: waiting > 0 }
}

function send(set: string, rows: string[], change: RowChange) {
  if (change.kind === 'exclude') return api.deleteRows(set, rows)
  if (change.kind === 'learn') return api.changeRows(set, rows, { split: 'train' })
  if (change.kind === 'foreign') return api.changeRows(set, rows, { outOfScope: true })
  return api.changeRows(set, rows, { label: change.name })
}

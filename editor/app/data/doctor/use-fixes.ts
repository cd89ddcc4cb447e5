import { useState } from 'react'
import type { FixAnswer } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { queryClient } from '../../query.ts'
import { showError } from '../../ui/toast.tsx'
import { refreshSet } from '../refresh-set.ts'

/** A fix that can be taken back. */
interface Done {
  kind: string
  answer: FixAnswer
}
export type Said = { what: 'fixed' | 'undone' | 'nothing'; kind: string; count: number }

/** Fixes of a set's findings, the last one first to be taken back. */
export function useFixes(set: string) {
  const [done, setDone] = useState<readonly Done[]>([])
  const [said, setSaid] = useState<Said | null>(null)
  const [busy, setBusy] = useState(false)

  const inTurn = async (work: () => Promise<void>) => {
    setBusy(true)
    try {
      await work()
      await Promise.all([refreshSet(set), queryClient.invalidateQueries({ queryKey: ['cases', set] })])
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  const fix = (hash: string, kind: string, how: Parameters<typeof api.fixFinding>[3]) =>
    inTurn(async () => {
      const answer = await api.fixFinding(set, hash, kind, how)
      if (answer.changed > 0) setDone((before) => [...before, { kind, answer }])
      setSaid({ what: answer.changed > 0 ? 'fixed' : 'nothing', kind, count: answer.changed })
    })
  const last = done.at(-1)
  const undo = () =>
    inTurn(async () => {
      await api.restoreRows(set, last!.answer.rows, last!.answer.before)
      setDone((before) => before.slice(0, -1))
      setSaid({ what: 'undone', kind: last!.kind, count: last!.answer.changed })
    })
  return { fix, undo: last ? undo : null, said, busy }
}

import { useCallback, useEffect, useRef, useState } from 'react'
import type { QueueKind, RowSuggestions, RowView, SuggestionsAnswer } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { showError } from '../../ui/toast.tsx'
import { refreshSet } from '../refresh-set.ts'
import { labellingApi } from './labelling-api.ts'

const batch = 40
/** So many rows before the end the next ones are fetched. */
const ahead = 10

/** What a person said of a row: the name of a label, or that it is outside of all. */
export type Said = { label: string } | { outOfScope: true }
interface Waiting {
  row: RowView
  said: Said | null
}

/**
 * Rows that wait for a person, one after the other. What is said of one is shown at once and written behind, in order; a failure brings the
 * row back. The rows keep their places, so that one can go back to any of them.
 */
export function useLabelQueue(set: string, kind: QueueKind) {
  const [items, setItems] = useState<readonly Waiting[]>([])
  const [at, setAt] = useState(0)
  const [waiting, setWaiting] = useState<{ total: number; unchecked: boolean } | null>(null)
  const [suggestions, setSuggestions] = useState<ReadonlyMap<string, RowSuggestions | null>>(new Map())
  const [by, setBy] = useState<SuggestionsAnswer['by']>(null)
  const [error, setError] = useState<unknown>(null)
  const [labelled, setLabelled] = useState(0)
  const work = useRef<Promise<void>>(Promise.resolve())
  const done = useRef<{ index: number; revision: number | null }[]>([])
  const ended = useRef(false)
  const fetching = useRef(false)
  const alive = useRef(true)

  const fetchMore = useCallback(
    async (known: readonly Waiting[]) => {
      if (fetching.current || ended.current) return
      fetching.current = true
      try {
        // What was written has left the queue; what was passed over stands at its head.
        await work.current
        const open = kind === 'unlabelled' ? known.filter(({ said }) => said === null).length : known.length
        const page = await labellingApi.queue(set, kind, { offset: open, limit: batch })
        if (!alive.current) return
        const ids = new Set(known.map(({ row }) => row.id))
        const fresh = page.rows.filter((row) => !ids.has(row.id))
        ended.current = page.rows.length < batch
        setWaiting((before) => before ?? { total: page.total, unchecked: page.unchecked })
        setItems((before) => [...before, ...fresh.map((row) => ({ row, said: null }))])
        setError(null)
        if (fresh.length === 0) return
        const asked = fresh.map(({ id }) => id)
        // Without suggestions one can label all the same.
        const answer = await labellingApi.suggest(set, asked).catch(() => null)
        if (!alive.current) return
        setBy(answer?.by ?? null)
        const told = new Map(answer?.rows.map((one) => [one.row, one]))
        setSuggestions((before) => new Map([...before, ...asked.map((row) => [row, told.get(row) ?? null] as const)]))
      } catch (thrown) {
        if (alive.current) setError(thrown)
      } finally {
        fetching.current = false
      }
    },
    [set, kind],
  )

  useEffect(() => {
    alive.current = true
    void fetchMore([])
    return () => {
      alive.current = false
      // The table and the figures behind this are told once, not at each row.
      void work.current.then(() => refreshSet(set))
    }
  }, [fetchMore, set])
  useEffect(() => {
    if (items.length > 0 && at + ahead >= items.length) void fetchMore(items)
  }, [at, items, fetchMore])

  const write = (index: number, said: Said | null) =>
    setItems((before) => before.map((item, place) => (place === index ? { ...item, said } : item)))

  const label = (said: Said) => {
    const item = items[at]
    if (!item) return
    const index = at
    write(index, said)
    setLabelled((count) => count + (item.said === null ? 1 : 0))
    setAt(index + 1)
    const change = 'label' in said ? { label: said.label, outOfScope: false } : { label: null, outOfScope: true }
    work.current = work.current.then(async () => {
      try {
        const { revision } = await api.changeRows(set, [item.row.id], change)
        done.current.push({ index, revision })
      } catch (thrown) {
        showError(thrown)
        write(index, item.said)
        setLabelled((count) => count - (item.said === null ? 1 : 0))
        setAt(index)
      }
    })
  }

  /** Takes back what was said last, and goes there. */
  const undo = () => {
    work.current = work.current.then(async () => {
      const last = done.current.pop()
      if (!last) return
      try {
        if (last.revision !== null) await labellingApi.undo(set, last.revision)
        write(last.index, null)
        setLabelled((count) => Math.max(0, count - 1))
        setAt(last.index)
      } catch (thrown) {
        done.current.push(last)
        showError(thrown)
      }
    })
  }

  const item = items[at]
  return {
    row: item?.row ?? null,
    said: item?.said ?? null,
    suggestions: item ? (suggestions.get(item.row.id) ?? null) : null,
    /** Suggestions are on their way: what a digit would mean is not settled. */
    asking: item !== undefined && !suggestions.has(item.row.id),
    by,
    error,
    retry: () => void fetchMore(items),
    waiting,
    at,
    labelled,
    label,
    undo,
    skip: () => setAt((now) => Math.min(now + 1, items.length)),
    back: () => setAt((now) => Math.max(now - 1, 0)),
    /** All that was said is written. */
    settled: () => work.current,
  }
}

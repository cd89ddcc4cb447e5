import { useCallback } from 'react'
import { type NavigateOptions, useSearchParams } from 'react-router'
import { changedParams } from './search-params.ts'

export type ChangeSearch = (change: Readonly<Record<string, string | null>>, options?: NavigateOptions) => void

/**
 * The search of the page's address, and how values of it are changed. A change begins at the address as it stands: React Router's own
 * setter begins at the one that was last drawn, so that of two changes in one breath the first would be lost.
 */
export function useSearch(): [URLSearchParams, ChangeSearch] {
  const [search, setSearch] = useSearchParams()
  const change: ChangeSearch = useCallback(
    (values, options) => setSearch(changedParams(new URLSearchParams(window.location.search), values), options),
    [setSearch],
  )
  return [search, change]
}

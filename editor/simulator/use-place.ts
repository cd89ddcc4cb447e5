import { useMemo } from 'react'
import { studioLanguage } from '#editor/app/i18n.ts'
import { useSearch } from '#editor/app/use-search.ts'
import { useDraft } from '#editor/document/store.ts'
import type { Place } from './chats.ts'

/** Whom the address says one talks with: `version`, `language`, and the kept `test` that is said up to `turn` first. */
export function usePlace(bot: string): {
  place: Place
  setPlace: (change: Partial<Place>) => void
  replay: { test: string; upTo: number } | null
} {
  const [search, changeSearch] = useSearch()
  const languages = useDraft((state) => state.document.languages)
  const asked = search.get('language')
  const own = languages.find((tag) => tag.split('-')[0] === studioLanguage().split('-')[0])
  const language = asked && languages.includes(asked) ? asked : (own ?? languages[0] ?? 'en')
  const number = Number(search.get('version'))
  const version = Number.isSafeInteger(number) && number > 0 ? number : null
  const test = search.get('test')
  const upTo = Number(search.get('turn') ?? 0)
  return {
    place: useMemo(() => ({ bot, version, language }), [bot, version, language]),
    replay: useMemo(() => (test ? { test, upTo: Number.isSafeInteger(upTo) ? upTo : 0 } : null), [test, upTo]),
    setPlace: ({ version, ...change }) =>
      changeSearch(
        {
          test: null,
          turn: null,
          ...change,
          ...(version === undefined ? {} : { version: version === null ? null : String(version) }),
        },
        { replace: true },
      ),
  }
}

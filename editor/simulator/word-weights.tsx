import { useQuery } from '@tanstack/react-query'
import { type CSSProperties, Fragment } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { studioLanguage } from '#editor/app/i18n.ts'
import { keys } from '#editor/app/query.ts'
import { number, percent } from '#editor/app/ui/words.ts'
import type { WordsView } from '#server/api/dto.ts'
import styles from './simulator.module.css'

/** Weights below this are noise: nobody should read a reason into them. */
const least = 0.02
/** So many are also said in words. */
const mostNamed = 3

/** The question with its words marked by what each did for the verdict, and the weightiest of them in a sentence. */
export function WordWeights({ conversation, message }: { conversation: string; message: string }) {
  const { t } = useTranslation('simulator')
  const words = useQuery({
    queryKey: keys.words(conversation, message),
    queryFn: () => api.words(conversation, message),
    staleTime: Number.POSITIVE_INFINITY,
    // A model that is no longer there has no more to say; the rest of the reasons stands.
    retry: false,
  })
  const view = words.data
  if (words.error || view?.words.length === 0) return null
  return (
    <>
      <h4>{t('why.words')}</h4>
      {view ? <Marked view={view} /> : <div className="bl-skeleton" style={{ height: 44 }} />}
    </>
  )
}

function Marked({ view }: { view: WordsView }) {
  const { t } = useTranslation('simulator')
  const { text, label, probability, words } = view
  const strongest = Math.max(least, ...words.map(({ weight }) => Math.abs(weight)))
  const named = words
    .filter(({ weight }) => Math.abs(weight) >= least)
    .sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight))
    .slice(0, mostNamed)
    .map(({ start, end, weight }) =>
      t(weight > 0 ? 'why.words.for' : 'why.words.against', {
        word: text.slice(start, end),
        points: number(Math.abs(weight) * 100),
      }),
    )
  return (
    <>
      <p className={styles.words} lang="">
        {words.map(({ start, end, weight }, index) => (
          <Fragment key={start}>
            {text.slice(words[index - 1]?.end ?? 0, start)}
            <mark
              data-against={weight < 0 || undefined}
              style={{ '--weight': Math.abs(weight) < least ? 0 : Math.abs(weight) / strongest } as CSSProperties}
              title={t('why.words.without', {
                label,
                share: percent(Math.max(0, probability - weight), 0),
                word: text.slice(start, end),
              })}
            >
              {text.slice(start, end)}
            </mark>
          </Fragment>
        ))}
        {text.slice(words.at(-1)?.end ?? 0)}
      </p>
      <p className={styles.small}>
        {named.length > 0
          ? new Intl.ListFormat(studioLanguage(), { type: 'conjunction' }).format(named)
          : t('why.words.none')}
      </p>
    </>
  )
}

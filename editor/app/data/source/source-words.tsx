import { useTranslation } from 'react-i18next'
import type { SourceView } from '#server/api/dto.ts'
import { errorWords } from '../../api.ts'
import { Notice } from '../../ui/notice.tsx'
import { number } from '../../ui/words.ts'

/** What an import came to, in one line. */
export function useSourceWords() {
  const { t } = useTranslation('sources')
  return ({ read, added, duplicates, brokenRows }: SourceView) =>
    [
      t('read-rows', { rows: number(read), count: read }),
      t('added-rows', { rows: number(added), count: added }),
      duplicates > 0 && t('known-rows', { rows: number(duplicates), count: duplicates }),
      brokenRows > 0 && t('broken-rows', { rows: number(brokenRows), count: brokenRows }),
    ]
      .filter(Boolean)
      .join(' · ')
}

/** Why the last import of a source came to an end before it was through. */
export function SourceFault({ source: { fault } }: { source: SourceView }) {
  if (!fault) return null
  const { message, remedy } = errorWords(fault)
  return (
    <Notice tone="error">
      <strong>{message}</strong>
      <span>{remedy}</span>
      <span className="bl-notice__code">{fault.code}</span>
    </Notice>
  )
}

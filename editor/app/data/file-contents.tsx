import { useTranslation } from 'react-i18next'
import type { RecordsPreview } from '#server/api/dto.ts'
import { number } from '../ui/words.ts'
import styles from './data.module.css'

/** What a file holds beside its rows, and what of it no set can keep. */
export function FileContents({ contents: { found, leftOut } }: { contents: RecordsPreview['contents'] }) {
  const { t } = useTranslation('data')
  const listed = (kind: 'found' | 'left-out', items: readonly { what: string; count: number }[]) =>
    items.map(({ what, count }) => t(`${kind}.${what}`, { count, n: number(count) })).join(t('found.comma'))
  if (found.length === 0 && leftOut.length === 0) return null
  return (
    <div className={styles.contents}>
      {found.length > 0 && <p>{t('found', { list: listed('found', found) })}</p>}
      {leftOut.length > 0 && <p>{t('left-out', { list: listed('left-out', leftOut) })}</p>}
    </div>
  )
}

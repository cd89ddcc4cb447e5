import { useTranslation } from 'react-i18next'
import type { ComparisonView } from '#server/api/dto.ts'
import { number } from '../ui/words.ts'
import styles from './compare-page.module.css'
import { letterOf } from './compare-runs.ts'

/** Below this a difference is taken for more than chance, as is usual. */
const unlikely = 0.05

/** Whether a further run understands more than the first, and whether that could be chance. */
export function CompareVerdict({ view }: { view: ComparisonView }) {
  const { t } = useTranslation('compare')
  return (
    <div className={styles.verdicts}>
      {view.beside.map((pair, index) => {
        const names = { first: letterOf(0), second: letterOf(index + 1) }
        const better = pair.onlySecond - pair.onlyFirst
        const points = pair.rows > 0 ? Math.abs(better) / pair.rows : 0
        const key = pair.p === null ? 'none' : better === 0 ? 'same' : better > 0 ? 'more' : 'less'
        return (
          <div key={view.runs[index + 1]?.id} className={styles.verdict}>
            <p>
              <strong>{t(`verdict.${key}`, { ...names, points: number(points * 100, 1) })}</strong>
              {pair.p !== null && better !== 0 && (
                <span className={`bl-tag ${pair.p < unlikely ? 'bl-tag--ok' : ''}`}>
                  {t(pair.p < unlikely ? 'verdict.real' : 'verdict.chance')}
                </span>
              )}
            </p>
            {pair.p !== null && (
              <p>
                {t('verdict.rows', {
                  ...names,
                  rows: number(pair.rows),
                  onlyFirst: number(pair.onlyFirst),
                  onlySecond: number(pair.onlySecond),
                })}{' '}
                <span title={t('verdict.test')}>
                  {pair.p < 0.001 ? t('verdict.p-small') : t('verdict.p', { p: number(pair.p, 3) })}
                </span>
              </p>
            )}
          </div>
        )
      })}
    </div>
  )
}

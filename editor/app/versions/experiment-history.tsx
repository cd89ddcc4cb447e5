import { useTranslation } from 'react-i18next'
import type { ExperimentView } from '#server/api/dto.ts'
import { Time } from '../ui/time.tsx'
import { number, percent } from '../ui/words.ts'
import { containedShare } from './contained-share.ts'
import styles from './environments.module.css'

/** Experiments that have ended: what was compared, what came of it, who kept what. */
export function ExperimentHistory({ experiments }: { experiments: ExperimentView[] }) {
  const { t } = useTranslation('versions')
  if (experiments.length === 0) return null
  return (
    <section className={styles.past} aria-labelledby="experiments">
      <h3 id="experiments">{t('ab.history')}</h3>
      <ul>
        {experiments.map(({ id, a, b, startedAt, ended }) => (
          <li key={id}>
            <strong>
              {t('ab.past', {
                ...{ a: a.version, b: b.version, shareA: percent(a.share), shareB: percent(b.share) },
              })}
            </strong>
            <span>
              {t('ab.chats', {
                a: number(a.figures.conversations),
                b: number(b.figures.conversations),
                shareA: containedShare(a.figures),
                shareB: containedShare(b.figures),
              })}
            </span>
            <span>
              <Time iso={startedAt} /> – {ended && <Time iso={ended.at} />}
              {ended && ` · ${t('ab.kept', { version: ended.kept })}${ended.by ? ` · ${ended.by}` : ''}`}
            </span>
          </li>
        ))}
      </ul>
    </section>
  )
}

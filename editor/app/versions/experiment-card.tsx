import { useTranslation } from 'react-i18next'
import type { ExperimentView } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import { Time } from '../ui/time.tsx'
import { number, percent } from '../ui/words.ts'
import { containedShare } from './contained-share.ts'
import styles from './environments.module.css'

/** The experiment that runs: figures of both versions, and what they mean in a plain sentence. */
export function ExperimentCard({ experiment, onStop }: { experiment: ExperimentView; onStop: () => void }) {
  const { t } = useTranslation('versions')
  const { a, b, startedAt, startedBy, verdict, probability, leastPerArm } = experiment
  return (
    <section className={styles.card} aria-labelledby="experiment">
      <header className={styles.head}>
        <h3 id="experiment">{t('ab.title')}</h3>
        <span>
          {t('ab.running')} <Time iso={startedAt} /> {startedBy && t('ab.by', { name: startedBy })}
        </span>
        <Button size="small" icon="stop" onClick={onStop}>
          {t('ab.stop')}
        </Button>
      </header>
      <table className={styles.figures}>
        <thead>
          <tr>
            <th scope="col">{t('ab.version')}</th>
            <th scope="col">{t('ab.conversations')}</th>
            <th scope="col">{t('ab.contained')}</th>
            <th scope="col">{t('ab.handed')}</th>
          </tr>
        </thead>
        <tbody>
          {([a, b] as const).map(({ version, share, figures }, place) => (
            <tr key={version}>
              <th scope="row">
                <span className="bl-tag bl-tag--accent">
                  {t('arm', { name: place === 0 ? 'A' : 'B', share: percent(share) })}
                </span>{' '}
                v{version}
              </th>
              <td>{number(figures.conversations)}</td>
              <td>{containedShare(figures)}</td>
              <td>{number(figures.handedOver)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className={styles.verdict} data-verdict={verdict}>
        {t(`ab.verdict.${verdict}`, { count: leastPerArm, a: percent(1 - probability), b: percent(probability) })}
      </p>
    </section>
  )
}

import { useTranslation } from 'react-i18next'
import { number, percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import { type Outcome, ofHundred, outcomeAt } from './outcomes.ts'
import styles from './trust.module.css'

const tenths = Array.from({ length: 10 }, (_, i) => i / 10)

/** The figures behind the picture, at every tenth. */
export function OutcomeTable({ outcomes }: { outcomes: readonly Outcome[] }) {
  const { t } = useTranslation('reports')
  const apart = outcomes.some((step) => step.apart)
  const steps = tenths.flatMap((tenth) => outcomeAt(outcomes, tenth) ?? [])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={styles.tableScroll} tabIndex={0} aria-label={t('threshold')}>
      <table className={`${shared.table} ${styles.narrow}`}>
        <thead>
          <tr>
            <th scope="col">{t('threshold.sure')}</th>
            <th scope="col">{t('threshold.right')}</th>
            <th scope="col">{t('threshold.wrong')}</th>
            <th scope="col">{t('threshold.handed')}</th>
            {apart && <th scope="col">{t('threshold.known-handed')}</th>}
            {apart && <th scope="col">{t('threshold.foreign-through')}</th>}
          </tr>
        </thead>
        <tbody>
          {steps.map((step) => (
            <tr key={step.threshold}>
              <th scope="row">{percent(step.threshold, 0)}</th>
              {ofHundred([step.right, step.wrong, step.handedOn]).map((count, i) => (
                <td key={i}>{percent(count / 100, 0)}</td>
              ))}
              {apart && <td>{number(step.apart?.knownHandedOn ?? 0)}</td>}
              {apart && <td>{number(step.apart?.foreignAnswered ?? 0)}</td>}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

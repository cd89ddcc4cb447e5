import { useTranslation } from 'react-i18next'
import { errorText, isErrorCode } from '#kit/errors/errors.ts'
import type { ReportView } from '#server/api/dto.ts'
import { studioLanguage } from '../app/i18n.ts'
import { number, percent, useDuration } from '../app/ui/words.ts'
import shared from './insights.module.css'
import styles from './trial-table.module.css'

type Trial = ReportView['model']['trials'][number]

/** What a search tried, in the order in which it tried it; the model of the report is the marked one. */
export function TrialTable({ trials }: { trials: readonly Trial[] }) {
  const { t } = useTranslation('reports')
  const duration = useDuration()
  const whyNot = ({ failure }: Trial): string =>
    failure && isErrorCode(failure.code) ? errorText(failure.code, failure.params, studioLanguage()).message : ''
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={styles.scroll} tabIndex={0} aria-label={t('trials')}>
      <table className={shared.table}>
        <thead>
          <tr>
            <th scope="col">{t('trials.method')}</th>
            <th scope="col">{t('trials.accuracy')}</th>
            <th scope="col" className={shared.right}>
              {t('trials.loss')}
            </th>
            <th scope="col" className={shared.right}>
              {t('trials.rate')}
            </th>
            <th scope="col" className={shared.right}>
              {t('trials.rounds')}
            </th>
            <th scope="col" className={shared.right}>
              {t('trials.time')}
            </th>
          </tr>
        </thead>
        <tbody>
          {trials.map((trial) => (
            <tr
              key={`${trial.method} ${trial.layers} ${trial.learningRate} ${trial.epochs}`}
              className={trial.chosen ? styles.chosen : undefined}
            >
              <th scope="row">
                {t(`trials.method.${trial.method}`, { defaultValue: trial.method })}
                {trial.layers === null ? '' : ` (${t('trials.layers', { count: trial.layers })})`}
                {trial.chosen && <span className={styles.mark}>{t('trials.chosen')}</span>}
              </th>
              {trial.heldOut ? (
                <>
                  <td>
                    <span className={shared.withBar} data-bar>
                      <span className="bl-bar" aria-hidden="true">
                        <span style={{ width: `${trial.heldOut.accuracy * 100}%` }} />
                      </span>
                      {percent(trial.heldOut.accuracy)}
                    </span>
                  </td>
                  <td className={shared.right}>{trial.heldOut.loss.toFixed(3)}</td>
                </>
              ) : (
                <td colSpan={2} className={styles.why}>
                  {whyNot(trial)}
                </td>
              )}
              <td className={shared.right}>{trial.learningRate === null ? '–' : trial.learningRate}</td>
              <td className={shared.right}>{trial.epochs === null ? '–' : number(trial.epochs)}</td>
              <td className={shared.right}>{duration(trial.seconds)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}

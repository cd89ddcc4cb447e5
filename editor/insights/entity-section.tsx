import { Fragment } from 'react'
import { Trans, useTranslation } from 'react-i18next'
import type { EntityReport } from '#nodes/pipeline/evaluate/report.ts'
import { number, percent } from '../app/ui/words.ts'
import { findingsOf } from './entity-findings.ts'
import styles from './entity-section.module.css'
import shared from './insights.module.css'

/** How well parts of a sentence are found: one sentence, the figures of each kind, and rows in which it went wrong. */
export function EntitySection({ entities }: { entities: EntityReport }) {
  const { t } = useTranslation('reports')
  return (
    <>
      <p className={styles.told}>
        <Trans
          t={t}
          i18nKey="entities.sentence"
          values={{ found: Math.round(entities.recall * 100), right: Math.round(entities.precision * 100) }}
          components={{ b: <strong /> }}
        />{' '}
        {t('entities.exact', { share: percent(entities.exact, 0), rows: number(entities.rows) })}
      </p>
      <TypeTable entities={entities} />
      {entities.misses.length > 0 && (
        <details className={styles.misses}>
          <summary>{t('entities.misses', { count: entities.misses.length })}</summary>
          <ul>
            {entities.misses.map((miss) => (
              <li key={miss.row}>
                <p>{miss.text}</p>
                <dl>
                  {findingsOf(miss).map(({ kind, type, text, start, confidence }) => (
                    <Fragment key={`${kind} ${start} ${type} ${text}`}>
                      <dt data-kind={kind}>{t(`entities.${kind}`)}</dt>
                      <dd>
                        {t('entities.part', { text, type })}
                        {confidence !== null && <span>{t('entities.sure', { share: percent(confidence, 0) })}</span>}
                      </dd>
                    </Fragment>
                  ))}
                </dl>
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

/** Weakest first. */
function TypeTable({ entities }: { entities: EntityReport }) {
  const { t } = useTranslation('reports')
  const types = [...entities.types].sort((a, b) => a.f1 - b.f1 || b.support - a.support)
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide table must be scrollable from the keyboard
    <section className={shared.tableScroll} tabIndex={0} aria-label={t('entities')}>
      <table className={shared.table}>
        <thead>
          <tr>
            <th scope="col">{t('entities.type')}</th>
            {(['recall', 'precision', 'f1'] as const).map((column) => (
              <th key={column} scope="col" className={shared.right} title={t(`entities.${column}.help`)}>
                {t(`entities.${column}`)}
              </th>
            ))}
            <th scope="col" className={shared.right} title={t('entities.support.help')}>
              {t('entities.support')}
            </th>
          </tr>
        </thead>
        <tbody>
          {types.map((row) => (
            <tr key={row.type}>
              <th scope="row">{row.type}</th>
              <td className={shared.right}>
                <span className={shared.withBar}>
                  <span className="bl-bar" aria-hidden="true">
                    <span style={{ width: `${row.recall * 100}%` }} />
                  </span>
                  {percent(row.recall, 0)}
                </span>
              </td>
              <td className={shared.right}>{percent(row.precision, 0)}</td>
              <td className={shared.right}>{percent(row.f1, 0)}</td>
              <td className={shared.right}>{number(row.support)}</td>
            </tr>
          ))}
        </tbody>
        <tfoot>
          <tr>
            <th scope="row">{t('entities.all')}</th>
            <td className={shared.right}>{percent(entities.recall, 0)}</td>
            <td className={shared.right}>{percent(entities.precision, 0)}</td>
            <td className={shared.right}>{percent(entities.f1, 0)}</td>
            <td className={shared.right}>{number(entities.support)}</td>
          </tr>
        </tfoot>
      </table>
    </section>
  )
}

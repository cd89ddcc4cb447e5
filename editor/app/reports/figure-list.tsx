import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import styles from './reports.module.css'

/** One figure: `key` names its words among the texts (`figure.<key>`, `figure.<help>.help`), `value` is for people. */
export interface Figure {
  key: string
  value: string
  /** Where another text explains it than that of its key. */
  help?: string
}

/**
 * The figures of a report, what each means behind a fold, and below that what else is to be told of the model. `folded`: where a
 * sentence says it all, the figures are behind the fold as well, each above its explanation.
 */
export function FigureList({
  figures,
  children,
  folded = false,
}: {
  figures: readonly Figure[]
  children: ReactNode
  folded?: boolean
}) {
  const { t } = useTranslation('reports')
  const explain = ({ key, help = key }: Figure) => t(`figure.${help}.help`)
  if (folded)
    return (
      <details className={styles.folded}>
        <summary>{t('figures.all')}</summary>
        <dl className={styles.figures} data-explained>
          {figures.map((figure) => (
            <div key={figure.key}>
              <dt>{t(`figure.${figure.key}`)}</dt>
              <dd>
                <b>{figure.value}</b>
                <small>{explain(figure)}</small>
              </dd>
            </div>
          ))}
        </dl>
        <div className={styles.about}>{children}</div>
      </details>
    )
  return (
    <>
      <dl className={styles.figures}>
        {figures.map((figure) => (
          <div key={figure.key} title={explain(figure)}>
            <dt>{t(`figure.${figure.key}`)}</dt>
            <dd>{figure.value}</dd>
          </div>
        ))}
      </dl>
      <details className={styles.explain}>
        <summary>{t('figures.explain')}</summary>
        <dl>
          {figures.map((figure) => (
            <div key={figure.key}>
              <dt>{t(`figure.${figure.key}`)}</dt>
              <dd>{explain(figure)}</dd>
            </div>
          ))}
        </dl>
        {children}
      </details>
    </>
  )
}

import { useTranslation } from 'react-i18next'
import type { ReportView } from '#server/api/dto.ts'
import { languageName, number, percent } from '../app/ui/words.ts'
import shared from './insights.module.css'
import styles from './trust.module.css'
import { likelyRange } from './trust.ts'

/** Whether one language is understood as well as the other; the range says what a small test cannot know. */
export function LanguageTable({ languages }: { languages: ReportView['languages'] }) {
  const { t } = useTranslation('reports')
  return (
    <table className={`${shared.table} ${styles.narrow}`}>
      <thead>
        <tr>
          <th scope="col">{t('language')}</th>
          <th scope="col">{t('column.recall')}</th>
          <th scope="col">{t('likely')}</th>
          <th scope="col" className={shared.right}>
            {t('rows')}
          </th>
        </tr>
      </thead>
      <tbody>
        {languages.map((one) => {
          const range = likelyRange(one.accuracy * one.rows, one.rows)
          return (
            <tr key={one.language}>
              <th scope="row">{languageName(one.language)}</th>
              <td>
                <span className={shared.withBar} data-bar>
                  <span className="bl-bar" aria-hidden="true">
                    <span style={{ width: `${one.accuracy * 100}%` }} />
                  </span>
                  {percent(one.accuracy, 0)}
                </span>
              </td>
              <td>
                {percent(range.from, 0)} – {percent(range.to, 0)}
              </td>
              <td className={shared.right}>{number(one.rows)}</td>
            </tr>
          )
        })}
      </tbody>
    </table>
  )
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { blockText, valueText } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import table from '#editor/insights/insights.module.css'
import { fieldsOf } from '#editor/inspector/fields.ts'
import type { ComparisonView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import styles from './compare-page.module.css'
import { type ConfigDifference, configDifferences } from './compare-runs.ts'
import { CompareTable } from './compare-table.tsx'

/** Settings that are not the same in all runs, in the words of their form. */
export function CompareConfig({ bot, view }: { bot: string; view: ComparisonView }) {
  const { t } = useTranslation('compare')
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  const differences = configDifferences(view.runs)
  if (differences.length === 0) return <p className={table.note}>{t('config.same')}</p>

  const say = (difference: ConfigDifference, value: unknown) => {
    if (difference.field === null) return t(value === undefined ? 'config.without' : 'config.with')
    const set = sets.data?.find((one) => one.id === value)
    return set?.name ?? valueText(difference, difference.field, value) ?? t('config.other')
  }
  return (
    <CompareTable view={view} label={t('section.config')} head={t('setting')}>
      {differences.map((difference) => (
        <tr key={`${difference.node} ${difference.field}`}>
          <th scope="row">
            {settingName(difference) || t('config.block')}
            <small className={styles.block}>{blockNameOf(difference)}</small>
          </th>
          {difference.values.map((value, index) => (
            <td key={view.runs[index]?.id} className={table.right}>
              {say(difference, value)}
            </td>
          ))}
        </tr>
      ))}
    </CompareTable>
  )
}

/** A setting as its form names it; empty for a whole block. */
export function settingName({ type, field }: Pick<ConfigDifference, 'type' | 'field'>): string {
  if (field === null) return ''
  const definition = registry.nodes[type]
  const title = definition && fieldsOf(definition.config).find((one) => one.name === field)?.title
  return (title && blockText(title)) || blockText(`${type}.${field}`) || field
}

export function blockNameOf({ type, name }: Pick<ConfigDifference, 'type' | 'name'>): string {
  return name || blockText(`${type}.name`) || type
}

import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import { api } from '#editor/app/api.ts'
import { keys } from '#editor/app/query.ts'
import { number } from '#editor/app/ui/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { WidgetProps } from '../widget.ts'

/** A set of records of this bot, with the way to its rows. */
export function SetWidget({ value, onChange, id, describedBy }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const bot = useDraft((state) => state.bot)
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot), enabled: bot !== '' })
  const now = typeof value === 'string' ? value : ''
  const known = sets.data?.find((set) => set.id === now)
  return (
    <>
      <select
        id={id}
        className="bl-select bl-insp-input"
        aria-describedby={describedBy}
        value={now}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t('set.none')}</option>
        {now !== '' && !known && (
          <option value={now}>{sets.isPending ? t('set.loading') : t('set.gone', { id: now })}</option>
        )}
        {sets.data?.map((set) => (
          <option key={set.id} value={set.id}>
            {t('set.line', { name: set.name, rows: number(set.rows) })}
          </option>
        ))}
      </select>
      <Link className="bl-insp-link" to={`/bots/${bot}/data${now === '' ? '' : `/${now}`}`}>
        {t(now === '' ? 'set.make' : 'set.open')}
      </Link>
    </>
  )
}

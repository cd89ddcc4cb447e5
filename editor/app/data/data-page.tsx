import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate, useParams } from 'react-router'
import { LabelBalance } from '#editor/insights/label-balance.tsx'
import { api } from '../api.ts'
import { lazyWithTexts } from '../lazy-with-texts.ts'
import { setPageTitle } from '../page-title.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import page from '../ui/page.module.css'
import { showError } from '../ui/toast.tsx'
import { languageName, number } from '../ui/words.ts'
import { useSearch } from '../use-search.ts'
import styles from './data.module.css'
import { queueKinds } from './labelling/queue-kinds.ts'
import { RowsTable } from './rows-table.tsx'

const DoctorPanel = lazyWithTexts('doctor', async () => (await import('./doctor/doctor-panel.tsx')).DoctorPanel)
const LabellingMode = lazyWithTexts(
  'labelling',
  async () => (await import('./labelling/labelling-mode.tsx')).LabellingMode,
)
const LabelsDrawer = lazyWithTexts(
  'labelling',
  async () => (await import('./labelling/labels-drawer.tsx')).LabelsDrawer,
)
const StatesDrawer = lazyWithTexts(
  'labelling',
  async () => (await import('./labelling/states-drawer.tsx')).StatesDrawer,
)
const AddRowsDialog = lazy(async () => ({ default: (await import('./add-rows-dialog.tsx')).AddRowsDialog }))

/** The example questions that the bot learns from: a set with its balance, its rows, and the way to add more. */
export function DataPage() {
  const { t } = useTranslation('data')
  const { bot = '', set: wanted } = useParams()
  const navigate = useNavigate()
  const [search, changeSearch] = useSearch()
  const [creating, setCreating] = useState(false)
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  useEffect(() => setPageTitle(t('title')), [t])

  const set = sets.data?.find((one) => one.id === wanted) ?? sets.data?.[0]
  const used = set?.labels.filter(({ rows }) => rows > 0).length ?? 0
  const label = search.get('label')
  const queue = queueKinds.find((one) => one === search.get('work'))
  const change = (values: Record<string, string | null>) => changeSearch(values, { replace: true })
  const create = async () => {
    setCreating(true)
    try {
      const made = await api.createSet(bot, t('first-set'))
      await queryClient.invalidateQueries({ queryKey: keys.sets(bot) })
      navigate(`/bots/${bot}/data/${made.id}?add=1`)
    } catch (error) {
      showError(error)
    } finally {
      setCreating(false)
    }
  }

  if (sets.error)
    return (
      <div className={page.page}>
        <ErrorNotice error={sets.error} onRetry={() => sets.refetch()} />
      </div>
    )
  if (!sets.data)
    return (
      <div className={page.page} aria-busy="true">
        <div className="bl-skeleton" style={{ height: 64 }} />
        <div className="bl-skeleton" style={{ height: 52 }} />
        <div className="bl-skeleton" style={{ height: 480 }} />
      </div>
    )
  if (!set)
    return (
      <div className={page.page}>
        <div className="bl-empty">
          <p>{t('no-set')}</p>
          <Button variant="primary" busy={creating} onClick={create}>
            {t('create-set')}
          </Button>
        </div>
      </div>
    )
  return (
    <div className={page.page}>
      <header className={page.head}>
        <div className={styles.title}>
          {sets.data.length > 1 ? (
            <select
              className={`bl-select ${styles.setPick}`}
              aria-label={t('set')}
              value={set.id}
              onChange={(event) => navigate(`/bots/${bot}/data/${event.target.value}`)}
            >
              {sets.data.map((one) => (
                <option key={one.id} value={one.id}>
                  {one.name}
                </option>
              ))}
            </select>
          ) : (
            <h2>{set.name}</h2>
          )}
          <p>
            {used > 0
              ? t('facts', { rows: number(set.rows), labels: used })
              : t('facts.no-labels', { rows: number(set.rows) })}
            {set.unlabelledRows > 0 && ` · ${t('facts.open', { rows: number(set.unlabelledRows) })}`}
            {set.outOfScopeRows > 0 && ` · ${t('facts.out', { rows: number(set.outOfScopeRows) })}`}
            {set.languages.map((one) => ` · ${languageName(one.language)} ${number(one.rows)}`).join('')}
          </p>
        </div>
        <div className={styles.actions}>
          {set.rows > 0 && (
            <>
              {queue === undefined && (
                <Button icon="keyboard" onClick={() => change({ work: 'unlabelled', check: null })}>
                  {t('label-rows')}
                </Button>
              )}
              <Button icon="keep" onClick={() => change({ show: 'topics' })}>
                {t('topics')}
              </Button>
              {search.get('check') !== '1' && (
                <Button icon="target" onClick={() => change({ check: '1', work: null })}>
                  {t('check')}
                </Button>
              )}
            </>
          )}
          <Button icon="history" onClick={() => change({ show: 'history' })}>
            {t('history')}
          </Button>
          <Button variant="primary" icon="plus" onClick={() => change({ add: '1' })}>
            {t('add')}
          </Button>
        </div>
      </header>
      {set.rows === 0 ? (
        <div className="bl-empty">
          <p>{t('empty')}</p>
          <Button variant="primary" icon="upload" onClick={() => change({ add: '1' })}>
            {t('add')}
          </Button>
        </div>
      ) : (
        <>
          <LabelBalance labels={set.labels} picked={label} onPick={(next) => change({ label: next, page: null })} />
          {search.get('check') === '1' ? (
            <Suspense fallback={<div className="bl-skeleton" style={{ height: 240 }} />}>
              <DoctorPanel key={set.id} set={set} onClose={() => change({ check: null })} />
            </Suspense>
          ) : queue !== undefined ? (
            <Suspense fallback={<div className="bl-skeleton" style={{ height: 420 }} />}>
              <LabellingMode
                key={set.id}
                set={set}
                kind={queue}
                onKind={(kind) => change({ work: kind })}
                onCheck={() => change({ check: '1', work: null })}
                onClose={() => change({ work: null })}
              />
            </Suspense>
          ) : (
            <RowsTable set={set} search={search} onChange={change} />
          )}
        </>
      )}
      <Suspense>
        {search.get('show') === 'topics' && <LabelsDrawer set={set} onClose={() => change({ show: null })} />}
        {search.get('show') === 'history' && <StatesDrawer set={set} onClose={() => change({ show: null })} />}
      </Suspense>
      {search.get('add') === '1' && (
        <Suspense>
          <AddRowsDialog
            bot={bot}
            set={set}
            onClose={() => change({ add: null })}
            // Records that nobody has looked over yet are looked over at once.
            onImported={() => change({ add: null, check: set.rows === 0 ? '1' : search.get('check') })}
          />
        </Suspense>
      )}
    </div>
  )
}

import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, Navigate, useNavigate, useParams } from 'react-router'
import { compareDocuments, type Side } from '#editor/document/compare.ts'
import { useDraft } from '#editor/document/store.ts'
import { namesIn } from '#editor/inspector/change-words.ts'
import { api } from '../api.ts'
import { setPageTitle } from '../page-title.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { useSearch } from '../use-search.ts'
import { ChangeList } from './change-list.tsx'
import styles from './compare.module.css'
import { useRestore } from './use-restore.ts'

const DiffCanvas = lazy(async () => ({ default: (await import('#editor/canvas/diff-canvas.tsx')).DiffCanvas }))

type Which = number | 'draft'

/** Two versions, or one and the draft, drawn on one canvas, with everything that differs in a list beside it. */
export function ComparePage() {
  const { t } = useTranslation(['versions', 'blocks'])
  const { bot = '', pair = '' } = useParams()
  const [search, changeSearch] = useSearch()
  const navigate = useNavigate()
  const [from, to] = parsePair(pair)
  const before = useSide(bot, from)
  const after = useSide(bot, to)
  const versions = useQuery({ queryKey: keys.versions(bot), queryFn: () => api.versions(bot) })
  const sets = useQuery({ queryKey: keys.sets(bot), queryFn: () => api.sets(bot) })
  const restore = useRestore(bot)
  useEffect(() => setPageTitle(t('compare')), [t])
  const comparison = useMemo(
    () => (before.side && after.side ? compareDocuments(before.side, after.side) : null),
    [before.side, after.side],
  )
  if (from === null || to === null) return <Navigate to={`/bots/${bot}/versions`} replace />

  const picked = search.get('block')
  const pick = (block: string | null) => changeSearch({ block }, { replace: true })
  // Newest first: a block is called what it is called now.
  const documents = [after.side, before.side].flatMap((side) => side?.document ?? [])
  const nameOf = (id: string) =>
    sets.data?.find((set) => set.id === id)?.name ??
    documents.map((document) => namesIn(document)(id)).find((name) => name !== '') ??
    ''
  const choose = (side: 'from' | 'to') => (which: Which) =>
    navigate(`/bots/${bot}/versions/${side === 'from' ? `${which}..${to}` : `${from}..${which}`}`)
  const offered: Which[] = ['draft', ...(versions.data ?? []).map(({ version }) => version).sort((a, b) => b - a)]
  const error = before.error ?? after.error
  const restorable = [to, from].find((which) => which !== 'draft')

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <Link to={`/bots/${bot}/versions`} className={styles.back} aria-label={t('compare.back')}>
          <Icon name="left" size={16} />
        </Link>
        <h2>{t('compare')}</h2>
        <div className={styles.sides}>
          <SidePicker label={t('compare.from')} value={from} offered={offered} onChange={choose('from')} />
          <Icon name="right" size={16} />
          <SidePicker label={t('compare.to')} value={to} offered={offered} onChange={choose('to')} />
        </div>
        {comparison && <Counts comparison={comparison} />}
        {typeof restorable === 'number' && (
          <Button
            size="small"
            icon="restart"
            className={styles.restore}
            disabled={!restore.ready}
            onClick={() => restore.perform(restorable)}
          >
            {t('restore', { version: restorable })}
          </Button>
        )}
      </header>
      {error !== null && (
        <div className={styles.error}>
          <ErrorNotice error={error} />
        </div>
      )}
      <div className={styles.body}>
        <div className={styles.canvas}>
          {comparison ? (
            <Suspense fallback={<div className="bl-skeleton" style={{ height: '100%' }} />}>
              <DiffCanvas comparison={comparison} picked={picked} onPick={pick} />
            </Suspense>
          ) : (
            error === null && <div className="bl-skeleton" style={{ height: '100%' }} />
          )}
        </div>
        <section className={styles.list} aria-label={t('compare.list')}>
          {comparison && before.side && after.side && (
            <ChangeList
              comparison={comparison}
              before={before.side.document}
              after={after.side.document}
              picked={picked}
              nameOf={nameOf}
              onPick={pick}
            />
          )}
        </section>
      </div>
    </div>
  )
}

function SidePicker({
  label,
  value,
  offered,
  onChange,
}: {
  label: string
  value: Which
  offered: readonly Which[]
  onChange: (which: Which) => void
}) {
  const { t } = useTranslation('versions')
  const all = offered.includes(value) ? offered : [...offered, value]
  return (
    <select
      className="bl-select"
      aria-label={label}
      value={String(value)}
      onChange={(event) => onChange(event.target.value === 'draft' ? 'draft' : Number(event.target.value))}
    >
      {all.map((which) => (
        <option key={which} value={String(which)}>
          {which === 'draft' ? t('draft') : `v${which}`}
        </option>
      ))}
    </select>
  )
}

function Counts({ comparison }: { comparison: ReturnType<typeof compareDocuments> }) {
  const { t } = useTranslation('versions')
  const blocks = Object.values(comparison.blocks)
  return (
    <p className={styles.counts} role="status">
      {(['added', 'changed', 'removed'] as const).map((change) => {
        const count = blocks.filter((block) => block.change === change).length
        return (
          count > 0 && (
            <span key={change} data-change={change}>
              {t(`compare.count.${change}`, { count })}
            </span>
          )
        )
      })}
    </p>
  )
}

function useSide(bot: string, which: Which | null): { side: Side | null; error: unknown } {
  const isDraft = which === 'draft'
  const document = useDraft((state) => (isDraft && state.phase === 'open' ? state.document : null))
  const facts = useDraft((state) => (isDraft ? state.facts : null))
  const version = useQuery({
    queryKey: keys.version(bot, Number(which)),
    queryFn: () => api.version(bot, Number(which)),
    enabled: typeof which === 'number',
    // What was published never changes.
    staleTime: Number.POSITIVE_INFINITY,
  })
  const side = useMemo(
    () => (isDraft ? document && facts && { document, facts } : (version.data ?? null)),
    [isDraft, document, facts, version.data],
  )
  return { side, error: isDraft ? null : version.error }
}

/** `2..5` or `5..draft`; null for a side that is neither. */
function parsePair(pair: string): [Which | null, Which | null] {
  const [from = '', to = ''] = pair.split('..')
  const which = (text: string): Which | null =>
    text === 'draft' ? 'draft' : /^\d{1,9}$/.test(text) ? Number(text) : null
  return [which(from), which(to)]
}

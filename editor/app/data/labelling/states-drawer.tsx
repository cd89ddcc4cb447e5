import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { RevisionView, RowView, SetSummary } from '#server/api/dto.ts'
import { keys } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Pager } from '../../ui/pager.tsx'
import { number } from '../../ui/words.ts'
import { useTopicWords } from '../topic-words.ts'
import { DeedWords } from './deed-words.tsx'
import styles from './labelling.module.css'
import { labellingApi } from './labelling-api.ts'
import { useSetChange } from './use-set-change.ts'

const pageSize = 30

/** All states of a set, what came between two of them, and the way back to each. */
export function StatesDrawer({ set, onClose }: { set: SetSummary; onClose: () => void }) {
  const { t } = useTranslation('labelling')
  const [page, setPage] = useState(0)
  const [pair, setPair] = useState<{ from: number; to: number } | null>(null)
  const { perform, busy } = useSetChange(set.id)
  const states = useQuery({
    queryKey: keys.states(set.id, page),
    queryFn: () => labellingApi.states(set.id, { offset: page * pageSize, limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  const total = states.data?.total ?? 1
  const newest = total - 1

  if (pair)
    return (
      <Drawer title={t('states.compare', pair)} onClose={onClose}>
        <Button size="small" icon="back" onClick={() => setPair(null)}>
          {t('states.back')}
        </Button>
        <Difference set={set.id} from={pair.from} to={pair.to} />
      </Drawer>
    )
  return (
    <Drawer title={t('states')} onClose={onClose}>
      <p className={styles.lead}>{t('states.lead')}</p>
      {states.error && <ErrorNotice error={states.error} onRetry={() => states.refetch()} />}
      {states.isPending && <div className="bl-skeleton" style={{ height: 320 }} />}
      <ol className={styles.moments}>
        {states.data?.states.map((state) => (
          <li key={state.revision}>
            <p className={styles.deed}>
              <DeedWords deed={state} />
            </p>
            <p className={styles.counts}>
              <Counts of={state} /> <code title={state.hash}>{state.hash.slice(0, 8)}</code>
            </p>
            <p className={styles.buttons}>
              {state.revision > 0 && (
                <Button
                  size="small"
                  icon="compare"
                  onClick={() => setPair({ from: state.revision - 1, to: state.revision })}
                >
                  {t('states.changes')}
                </Button>
              )}
              {state.revision < newest && (
                <>
                  <Button size="small" onClick={() => setPair({ from: state.revision, to: newest })}>
                    {t('states.until-now')}
                  </Button>
                  <Button
                    size="small"
                    icon="history"
                    disabled={busy}
                    onClick={() =>
                      void perform(
                        () => labellingApi.restore(set.id, state.revision),
                        ({ changed }) => t('states.restored', { count: changed }),
                      )
                    }
                  >
                    {t('states.restore')}
                  </Button>
                </>
              )}
            </p>
          </li>
        ))}
      </ol>
      <Pager label={t('data:pager')} at={page} pages={Math.ceil(total / pageSize)} onTurn={setPage} />
    </Drawer>
  )
}

function Counts({ of }: { of: Pick<RevisionView, 'added' | 'removed' | 'changed'> & { rows?: number } }) {
  const { t } = useTranslation('labelling')
  return (
    <>
      {of.rows !== undefined && <span>{t('states.rows', { count: of.rows, rows: number(of.rows) })}</span>}
      {of.added > 0 && <span className="bl-tag bl-tag--ok">+{number(of.added)}</span>}
      {of.removed > 0 && <span className="bl-tag bl-tag--error">−{number(of.removed)}</span>}
      {of.changed > 0 && <span className="bl-tag bl-tag--warn">{t('states.changed', { count: of.changed })}</span>}
    </>
  )
}

/** Rows that came, went, or say something else. */
function Difference({ set, from, to }: { set: string; from: number; to: number }) {
  const { t } = useTranslation('labelling')
  const [page, setPage] = useState(0)
  const found = useQuery({
    queryKey: keys.difference(set, from, to, page),
    queryFn: () => labellingApi.difference(set, from, to, { offset: page * pageSize, limit: pageSize }),
    placeholderData: keepPreviousData,
  })
  if (found.error) return <ErrorNotice error={found.error} onRetry={() => found.refetch()} />
  if (!found.data) return <div className="bl-skeleton" style={{ height: 320 }} />
  const { added, removed, changed, rows } = found.data
  const total = added + removed + changed
  return (
    <>
      <p className={styles.counts}>
        <Counts of={{ added, removed, changed }} />
      </p>
      {total === 0 && <p>{t('states.same')}</p>}
      <ul className={styles.moments}>
        {rows.map(({ id, before, after }) => (
          <li key={id}>
            {before && (
              <del>
                <Line row={before} />
              </del>
            )}
            {after && (
              <ins>
                <Line row={after} />
              </ins>
            )}
          </li>
        ))}
      </ul>
      <Pager label={t('data:pager')} at={page} pages={Math.ceil(total / pageSize)} onTurn={setPage} />
    </>
  )
}

function Line({ row }: { row: RowView }) {
  const topic = useTopicWords()
  return (
    <>
      <span lang={row.language}>{row.text}</span>
      {row.pair !== undefined && <span lang={row.language}> / {row.pair}</span>}{' '}
      <span className="bl-tag">{topic(row)}</span>
      {(row.entities ?? []).map(({ start, end, type }) => (
        <span key={start} className="bl-tag bl-tag--accent">
          {type}: {row.text.slice(start, end)}
        </span>
      ))}
    </>
  )
}

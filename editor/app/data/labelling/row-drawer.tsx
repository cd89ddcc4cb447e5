import { useQuery } from '@tanstack/react-query'
import { useTranslation } from 'react-i18next'
import type { RowMoment, RowView, SetSummary } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { useTopicWords } from '../topic-words.ts'
import { DeedWords } from './deed-words.tsx'
import { EntityEditor } from './entity-editor.tsx'
import styles from './labelling.module.css'
import { labellingApi } from './labelling-api.ts'
import { useSetChange } from './use-set-change.ts'

/** One row: what is marked in it, and all that became of it. */
export function RowDrawer({ set, row, onClose }: { set: SetSummary; row: RowView; onClose: () => void }) {
  const { t } = useTranslation('labelling')
  const { perform } = useSetChange(set.id)
  const types = useQuery({ queryKey: keys.entityTypes(set.id), queryFn: () => api.entityTypes(set.id) })
  const history = useQuery({
    queryKey: keys.rowHistory(set.id, row.id),
    queryFn: () => labellingApi.rowHistory(set.id, row.id),
  })
  return (
    <Drawer title={t('row.title')} onClose={onClose}>
      <section className={styles.section}>
        <h3>{t('entity.title')}</h3>
        <EntityEditor
          text={row.text}
          language={row.language}
          entities={row.entities ?? []}
          types={types.data ?? []}
          onChange={(entities) => void perform(async () => void (await api.changeRow(set.id, row.id, { entities })))}
        />
      </section>
      <Example set={set.id} row={row} />
      <section className={styles.section}>
        <h3>{t('row.history')}</h3>
        {history.error && <ErrorNotice error={history.error} onRetry={() => history.refetch()} />}
        {history.isPending && <div className="bl-skeleton" style={{ height: 120 }} />}
        <ol className={styles.moments}>
          {history.data?.map((moment, index, all) => (
            <li key={moment.revision}>
              <p className={styles.deed}>
                <DeedWords deed={moment} />
              </p>
              <Changed now={moment} before={all[index + 1]} />
            </li>
          ))}
        </ol>
      </section>
    </Drawer>
  )
}

/** A row can show what its topic means. */
function Example({ set, row }: { set: string; row: RowView }) {
  const { t } = useTranslation('labelling')
  const { perform, busy } = useSetChange(set)
  const view = useQuery({ queryKey: keys.labels(set), queryFn: () => labellingApi.labels(set) })
  const label = view.data?.labels.find(({ id }) => id === row.label)
  if (!label) return null
  const { belongs = '', not = '', examples = [] } = label.guide ?? {}
  const { name } = label
  if (examples.some(({ id }) => id === row.id)) return <p className={styles.lead}>{t('row.example.is', { name })}</p>
  const guide = { belongs, not, examples: [...examples.map(({ id }) => id), row.id] }
  return (
    <p className={styles.buttons}>
      <Button
        size="small"
        icon="keep"
        disabled={busy}
        onClick={() =>
          void perform(
            async () => void (await labellingApi.putGuide(set, label.id, guide)),
            () => t('row.example.added', { name }),
          )
        }
      >
        {t('row.example', { name })}
      </Button>
    </p>
  )
}

/** What a row says at a moment, as far as it did not say so before. */
function Changed({ now: { row }, before }: { now: RowMoment; before: RowMoment | undefined }) {
  const { t } = useTranslation('labelling')
  const topic = useTopicWords()
  if (!row) return <p className={styles.gone}>{t('row.gone')}</p>
  const old = before?.row
  const words = (one: RowView) =>
    (one.entities ?? []).map((e) => `${e.type}: ${one.text.slice(e.start, e.end)}`).join(', ')
  return (
    <>
      {row.text !== old?.text && <p lang={row.language}>{row.text}</p>}
      {row.pair !== old?.pair && row.pair !== undefined && <p lang={row.language}>{row.pair}</p>}
      {(!old || topic(row) !== topic(old)) && (
        <p className={styles.topic}>
          {old && <s>{topic(old)}</s>} {topic(row)}
        </p>
      )}
      {row.entities && (!old || words(row) !== words(old)) && (
        <p className={styles.topic}>{words(row) || t('entity.none')}</p>
      )}
    </>
  )
}

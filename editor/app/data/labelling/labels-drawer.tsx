import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelStepView, LabelsView, LabelView, SetSummary } from '#server/api/dto.ts'
import { keys } from '../../query.ts'
import { toggled } from '../../toggled.ts'
import { Button } from '../../ui/button.tsx'
import { Drawer } from '../../ui/drawer.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { number } from '../../ui/words.ts'
import { findLabels } from './find-labels.ts'
import styles from './labelling.module.css'
import { labellingApi } from './labelling-api.ts'
import { useSetChange } from './use-set-change.ts'

/** The labels of a set: how many rows each has, what it means, another name, one label out of several, and the way back. */
export function LabelsDrawer({ set, onClose }: { set: SetSummary; onClose: () => void }) {
  const { t } = useTranslation('labelling')
  const view = useQuery({ queryKey: keys.labels(set.id), queryFn: () => labellingApi.labels(set.id) })
  const [typed, setTyped] = useState('')
  const [opened, setOpened] = useState<string | null>(null)
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set())
  const { perform, busy } = useSetChange(set.id)
  const labels = view.data?.labels ?? []
  const shown = findLabels(labels, typed)
  const chosen = labels.filter(({ id }) => picked.has(id)).sort((a, b) => b.rows - a.rows)

  const stepped = (work: () => Promise<LabelStepView>) =>
    perform(
      async () => {
        const { rows, blocks, tests } = await work()
        setPicked(new Set())
        return { revision: null, rows, blocks, tests }
      },
      (done) => t('step.done', done),
    )
  const merge = (into: LabelView) =>
    stepped(() =>
      labellingApi.merge(
        set.id,
        into.id,
        chosen.flatMap(({ id }) => (id === into.id ? [] : [id])),
      ),
    )

  return (
    <Drawer title={t('labels')} onClose={onClose}>
      <p className={styles.lead}>{t('labels.lead')}</p>
      {view.error && <ErrorNotice error={view.error} onRetry={() => view.refetch()} />}
      {view.isPending && <div className="bl-skeleton" style={{ height: 320 }} />}
      {labels.length > 7 && (
        <input
          type="search"
          className="bl-input"
          value={typed}
          placeholder={t('labels.search')}
          aria-label={t('labels.search')}
          onChange={(event) => setTyped(event.target.value)}
        />
      )}
      {chosen.length > 1 && (
        <div className={styles.merge}>
          <p>{t('merge.into', { count: chosen.length })}</p>
          <div className={styles.buttons}>
            {chosen.map((label) => (
              <Button key={label.id} size="small" disabled={busy} onClick={() => void merge(label)}>
                {label.name}
              </Button>
            ))}
          </div>
        </div>
      )}
      <ul className={styles.labels}>
        {shown.map((label) => (
          <li key={label.id}>
            <div className={styles.labelLine}>
              <input
                type="checkbox"
                checked={picked.has(label.id)}
                aria-label={t('labels.pick', { name: label.name })}
                onChange={() => setPicked(toggled(picked, label.id))}
              />
              <button
                type="button"
                aria-expanded={opened === label.id}
                onClick={() => setOpened(opened === label.id ? null : label.id)}
              >
                <span>{label.name}</span>
                <span className={styles.amount}>{number(label.rows)}</span>
              </button>
            </div>
            {opened !== label.id && label.guide && label.guide.belongs !== '' && (
              <p className={styles.belongs}>{label.guide.belongs}</p>
            )}
            {opened === label.id && (
              <LabelForm
                key={label.name}
                label={label}
                busy={busy}
                onRename={(name) => void stepped(() => labellingApi.rename(set.id, label.id, name))}
                onGuide={(guide) =>
                  void perform(
                    async () => void (await labellingApi.putGuide(set.id, label.id, guide)),
                    () => t('guide.saved'),
                  )
                }
              />
            )}
          </li>
        ))}
      </ul>
      {view.data && <Steps set={set.id} steps={view.data.steps} perform={perform} busy={busy} />}
    </Drawer>
  )
}

function LabelForm({
  label,
  busy,
  onRename,
  onGuide,
}: {
  label: LabelView
  busy: boolean
  onRename: (name: string) => void
  onGuide: (guide: { belongs: string; not: string; examples: string[] }) => void
}) {
  const { t } = useTranslation('labelling')
  const [name, setName] = useState(label.name)
  const [belongs, setBelongs] = useState(label.guide?.belongs ?? '')
  const [not, setNot] = useState(label.guide?.not ?? '')
  const examples = label.guide?.examples ?? []
  const guide = { belongs, not, examples: examples.map(({ id }) => id) }
  return (
    <div className={styles.form}>
      <form
        className={styles.rename}
        onSubmit={(event) => {
          event.preventDefault()
          onRename(name.trim())
        }}
      >
        <label className="bl-field">
          <span className="bl-field__label">{t('rename')}</span>
          <input className="bl-input" value={name} maxLength={200} onChange={(event) => setName(event.target.value)} />
        </label>
        <Button type="submit" disabled={busy || name.trim() === '' || name.trim() === label.name}>
          {t('rename.do')}
        </Button>
      </form>
      <label className="bl-field">
        <span className="bl-field__label">{t('guide.belongs')}</span>
        <textarea
          className="bl-textarea"
          rows={2}
          maxLength={2000}
          value={belongs}
          onChange={(event) => setBelongs(event.target.value)}
        />
      </label>
      <label className="bl-field">
        <span className="bl-field__label">{t('guide.not')}</span>
        <textarea
          className="bl-textarea"
          rows={2}
          maxLength={2000}
          value={not}
          onChange={(event) => setNot(event.target.value)}
        />
      </label>
      <div>
        <p className="bl-field__label">{t('guide.examples')}</p>
        {examples.length === 0 && <p className="bl-field__help">{t('guide.examples.none')}</p>}
        <ul className={styles.examples}>
          {examples.map((row) => (
            <li key={row.id}>
              <span lang={row.language}>{row.text}</span>
              <Button
                size="small"
                variant="plain"
                onClick={() => onGuide({ ...guide, examples: guide.examples.filter((id) => id !== row.id) })}
              >
                {t('guide.examples.remove')}
              </Button>
            </li>
          ))}
        </ul>
      </div>
      <div className={styles.buttons}>
        <Button
          variant="primary"
          size="small"
          disabled={busy || (belongs === (label.guide?.belongs ?? '') && not === (label.guide?.not ?? ''))}
          onClick={() => onGuide(guide)}
        >
          {t('guide.save')}
        </Button>
      </div>
    </div>
  )
}

function Steps({
  set,
  steps,
  perform,
  busy,
}: {
  set: string
  steps: LabelsView['steps']
  perform: ReturnType<typeof useSetChange>['perform']
  busy: boolean
}) {
  const { t } = useTranslation('labelling')
  if (steps.length === 0) return null
  return (
    <section className={styles.section}>
      <h3>{t('steps')}</h3>
      <ol className={styles.moments}>
        {steps.map(({ id, did, from, to, at, by, ...counts }) => (
          <li key={id}>
            <p>{t(`step.${did}`, { from, to })}</p>
            <p className={styles.deed}>
              <span>{t('step.counts', counts)}</span>
              {by !== null && <span>{by}</span>}
              <Time iso={at} />
            </p>
            <Button
              size="small"
              icon="history"
              disabled={busy}
              onClick={() =>
                void perform(
                  async () => void (await labellingApi.undoStep(set, id)),
                  () => t('data:undone'),
                )
              }
            >
              {t('data:undo')}
            </Button>
          </li>
        ))}
      </ol>
    </section>
  )
}

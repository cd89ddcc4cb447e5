import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link, useNavigate } from 'react-router'
import { problemText } from '#editor/canvas/words.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import type { Environment, OpenChoice, PublishPreview } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { markDone } from '../bot/checklist-state.ts'
import { useRunNow } from '../bot/use-run-now.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { ErrorNotice, Notice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { percent } from '../ui/words.ts'
import { toldAnew } from '../versions/told-anew.ts'
import { ChoosePlace } from './choose-place.tsx'
import { EndsExperiment } from './ends-experiment.tsx'
import { Changes, Fact } from './facts.tsx'
import { OpenChats } from './open-chats.tsx'
import styles from './publish.module.css'
import { ReplayFact } from './replay-fact.tsx'
import { TestsFact } from './tests-fact.tsx'
import { useReplay } from './use-replay.ts'
import { Warnings } from './warnings.tsx'

/** What publishing would do now, in plain words, before it is done. */
export function PublishDialog({ bot, onClose }: { bot: string; onClose: () => void }) {
  const { t } = useTranslation('publish')
  const navigate = useNavigate()
  const places = useQuery({ queryKey: keys.environments(bot), queryFn: () => api.environments(bot) })
  const experiments = useQuery({ queryKey: keys.experiments(bot), queryFn: () => api.experiments(bot) })
  const running = experiments.data?.find(({ ended }) => ended === null)
  const [chosenPlace, setChosenPlace] = useState<Environment | null>(null)
  const environment = chosenPlace ?? places.data?.publishTo ?? 'live'
  const [endExperiment, setEndExperiment] = useState(false)
  const preview = useQuery({
    queryKey: [...keys.publishPreview(bot), environment],
    placeholderData: keepPreviousData,
    queryFn: async () => {
      await draft.flush()
      return api.publishPreview(bot, environment)
    },
    staleTime: 0,
  })
  const [note, setNote] = useState('')
  const [keepOld, setKeepOld] = useState<boolean | null>(null)
  const replay = useReplay(bot)
  const [accepted, setAccepted] = useState(false)
  const [open, setOpen] = useState<OpenChoice>('stay')
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const { start, busy: starting } = useRunNow(bot)

  const data = preview.data
  const errors = data?.problems.filter((problem) => problem.severity === 'error') ?? []
  const stale = (data?.stale.length ?? 0) > 0
  const runFirst = stale && (keepOld === false || (keepOld === null && !data?.hasModel))
  const undecided = stale && data?.hasModel === true && keepOld === null

  // Replies that change are looked at before they go live; a comparison that fails holds nobody up.
  const live = environment === 'live'
  const unaccepted = live && replay.error === null && (!replay.done || (replay.differing.length > 0 && !accepted))
  const inTheWay = live && running !== undefined && !endExperiment

  const publish = async () => {
    setBusy(true)
    setError(null)
    try {
      const version = await api.publish(bot, {
        note: note.trim(),
        environment,
        ...(live ? { open } : {}),
        ...(live && running ? { endExperiment } : {}),
        ...(stale ? { keepOldModel: true } : {}),
      })
      if (live) markDone(bot, 'publish')
      await toldAnew(bot)
      showToast(t(live ? 'published' : 'published.test', { version: version.version }))
      onClose()
    } catch (thrown) {
      setError(thrown)
      setBusy(false)
    }
  }
  const run = async () => {
    if (await start()) navigate(`/bots/${bot}/canvas?drawer=run`)
  }

  return (
    <Dialog
      title={t('title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          {runFirst ? (
            <Button variant="primary" icon="play" busy={starting} onClick={run}>
              {t('run-first')}
            </Button>
          ) : (
            <Button
              variant="primary"
              icon="publish"
              busy={busy}
              disabled={!data || preview.isPlaceholderData || errors.length > 0 || undecided || unaccepted || inTheWay}
              onClick={publish}
            >
              {t(live ? 'publish' : 'publish.test')}
            </Button>
          )}
        </>
      }
    >
      {preview.error && <ErrorNotice error={preview.error} onRetry={() => preview.refetch()} />}
      {preview.isPending && <div className="bl-skeleton" style={{ height: 220 }} />}
      {data && (
        <>
          {errors.length > 0 && <Errors bot={bot} preview={data} />}
          <ChoosePlace environment={environment} onChoose={setChosenPlace} />
          {live && running && <EndsExperiment experiment={running} ends={endExperiment} onChange={setEndExperiment} />}
          <Warnings bot={bot} preview={data} />
          {stale && (
            <fieldset className={styles.choice}>
              <legend>{t(data.hasModel ? 'stale' : 'no-model', { count: data.stale.length })}</legend>
              {data.hasModel && (
                <>
                  <label className="bl-check">
                    <input type="radio" name="model" checked={keepOld === false} onChange={() => setKeepOld(false)} />
                    <span>
                      <strong>{t('stale.run')}</strong>
                      <small>{t('stale.run.about')}</small>
                    </span>
                  </label>
                  <label className="bl-check">
                    <input type="radio" name="model" checked={keepOld === true} onChange={() => setKeepOld(true)} />
                    <span>
                      <strong>{t('stale.keep')}</strong>
                      <small>
                        {data.accuracy === null
                          ? t('stale.keep.about')
                          : t('stale.keep.accuracy', { share: percent(data.accuracy) })}
                      </small>
                    </span>
                  </label>
                </>
              )}
            </fieldset>
          )}
          <dl className={styles.facts}>
            <Fact title={t('changes')}>
              <Changes impact={data} />
            </Fact>
            {data.accuracy !== null && !stale && (
              <Fact title={t('model')}>{t('understood', { share: percent(data.accuracy) })}</Fact>
            )}
            <Fact title={t('tests')}>
              <TestsFact bot={bot} />
            </Fact>
            <Fact title={t('replay')}>
              <ReplayFact replay={replay} accepted={accepted} onAccept={setAccepted} />
            </Fact>
            {live && (
              <Fact title={t('open')}>
                <OpenChats open={data.open} choice={open} onChoose={setOpen} />
              </Fact>
            )}
          </dl>
          <label className="bl-field">
            <span className="bl-field__label">{t('note')}</span>
            <input
              className="bl-input"
              value={note}
              maxLength={200}
              placeholder={t('note.example')}
              onChange={(event) => setNote(event.target.value)}
            />
          </label>
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

function Errors({ bot, preview }: { bot: string; preview: PublishPreview }) {
  const { t } = useTranslation('publish')
  const document = useDraft((state) => state.document)
  const errors = preview.problems.filter((problem) => problem.severity === 'error')
  return (
    <Notice
      tone="error"
      action={
        <Link className="bl-button bl-button--quiet bl-button--small" to={`/bots/${bot}/canvas?drawer=problems`}>
          {t('errors.open')}
        </Link>
      }
    >
      <strong>{t('errors', { count: errors.length })}</strong>
      <ul className={styles.errors}>
        {errors.slice(0, 3).map((problem) => (
          <li key={JSON.stringify(problem)}>{problemText(problem, document)}</li>
        ))}
      </ul>
    </Notice>
  )
}

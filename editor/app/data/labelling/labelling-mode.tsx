import { useQuery } from '@tanstack/react-query'
import { type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { LabelFact } from '#kit/facts.ts'
import type { QueueKind, SetSummary } from '#server/api/dto.ts'
import { keys } from '../../query.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { number, percent } from '../../ui/words.ts'
import { findLabels } from './find-labels.ts'
import styles from './labelling.module.css'
import { labellingApi } from './labelling-api.ts'
import { queueKinds } from './queue-kinds.ts'
import { SimilarDialog } from './similar-dialog.tsx'
import { useLabelQueue } from './use-label-queue.ts'

/** As many as there are digits. */
const mostShown = 9

/** Rows one after the other, by keys alone: a digit takes a suggestion, letters find a label, arrows go on and back. */
export function LabellingMode({
  set,
  kind,
  onKind,
  onCheck,
  onClose,
}: {
  set: SetSummary
  kind: QueueKind
  onKind: (kind: QueueKind) => void
  onCheck: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('labelling')
  return (
    <section className={styles.mode} aria-label={t('mode')}>
      <header>
        <fieldset className={styles.queues}>
          <legend className="bl-sr-only">{t('queue')}</legend>
          {queueKinds.map((one) => (
            <label key={one}>
              <input type="radio" name="queue" checked={kind === one} onChange={() => onKind(one)} />
              {t(`queue.${one}`)}
              {one === 'unlabelled' && set.unlabelledRows > 0 && ` (${number(set.unlabelledRows)})`}
            </label>
          ))}
        </fieldset>
        <IconButton icon="close" label={t('close')} onClick={onClose} />
      </header>
      <Desk key={kind} set={set} kind={kind} onCheck={onCheck} />
    </section>
  )
}

function Desk({ set, kind, onCheck }: { set: SetSummary; kind: QueueKind; onCheck: () => void }) {
  const { t } = useTranslation('labelling')
  const queue = useLabelQueue(set.id, kind)
  const view = useQuery({ queryKey: keys.labels(set.id), queryFn: () => labellingApi.labels(set.id) })
  const field = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [marked, setMarked] = useState(0)
  const [actions, setActions] = useState(0)
  const [last, setLast] = useState<{ row: string; label: string } | null>(null)
  const [similar, setSimilar] = useState<{ row: string; label: string | null } | null>(null)
  /** Labels that were made here, which the set's summary does not know yet. */
  const [made, setMade] = useState<readonly string[]>([])
  const { row, said } = queue

  // The keys of this desk are heard by its field.
  useEffect(() => {
    if (row) field.current?.focus()
  }, [row])

  const labels = [...set.labels, ...made.map((name): LabelFact => ({ id: name, name, rows: 0, trained: false }))]
  const probable = (queue.suggestions?.labels ?? []).flatMap(({ label, probability }) => {
    const known = labels.find(({ id }) => id === label)
    return known ? [{ ...known, probability }] : []
  })
  const fallback = [...labels].sort((a, b) => b.rows - a.rows)
  const choices: (LabelFact & { probability?: number })[] =
    typed.trim() !== ''
      ? findLabels(labels, typed).slice(0, mostShown)
      : queue.asking
        ? []
        : (probable.length > 0 ? probable : fallback).slice(0, mostShown)
  const fresh = typed.trim()
  const isNew = fresh !== '' && !labels.some(({ name }) => name === fresh)
  const guides = new Map(view.data?.labels.map(({ id, guide }) => [id, guide]))

  const act = (work: () => void) => {
    setActions((count) => count + 1)
    work()
  }
  const give = (name: string) => {
    if (!row) return
    if (!labels.some((label) => label.name === name)) setMade([...made, name])
    setLast({ row: row.id, label: name })
    setTyped('')
    setMarked(0)
    queue.label({ label: name })
  }
  const outside = () => {
    setTyped('')
    setMarked(0)
    queue.label({ outOfScope: true })
  }
  const like = () => {
    const from = last ?? (row ? { row: row.id, label: null } : null)
    // What was said last must be written before the rows without a topic are looked through.
    if (from) void queue.settled().then(() => setSimilar(from))
  }

  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const { key } = event
    if (event.nativeEvent.isComposing) return
    const isCommand = event.ctrlKey || event.metaKey
    const empty = typed === ''
    const take = (work: () => void) => {
      event.preventDefault()
      act(work)
    }
    if (isCommand && key === 'Enter') return take(like)
    if (isCommand && key.toLowerCase() === 'z' && empty) return take(queue.undo)
    if (isCommand || event.altKey) return
    const chosen = choices[marked]
    if (key === 'Enter') return take(() => (chosen ? give(chosen.name) : isNew && give(fresh)))
    if (key === 'ArrowDown') return take(() => setMarked(Math.min(marked + 1, Math.max(0, choices.length - 1))))
    if (key === 'ArrowUp') return take(() => setMarked(Math.max(0, marked - 1)))
    if (key === 'Escape' && !empty) return take(() => setTyped(''))
    // Anything that is typed is counted as an action, too: a letter costs as much as a digit.
    if (!empty) {
      if (key.length === 1 || key === 'Backspace') setActions((count) => count + 1)
      return
    }
    if (/^[1-9]$/.test(key)) {
      const wanted = choices[Number(key) - 1]
      return take(() => wanted && give(wanted.name))
    }
    if (key === '0') return take(outside)
    if (key === 'ArrowRight') return take(queue.skip)
    if (key === 'ArrowLeft') return take(queue.back)
    if (key === 'Backspace') return take(queue.undo)
    if (key.length === 1) setActions((count) => count + 1)
  }

  if (queue.error && !row) return <ErrorNotice error={queue.error} onRetry={queue.retry} />
  if (queue.waiting === null) return <div className="bl-skeleton" style={{ height: 360 }} />
  if (queue.waiting.unchecked)
    return (
      <div className="bl-empty">
        <p>{t('queue.unchecked')}</p>
        <Button variant="primary" icon="target" onClick={onCheck}>
          {t('data:check')}
        </Button>
      </div>
    )
  const dialog = similar && (
    <SimilarDialog set={set} rows={[similar.row]} label={similar.label} onClose={() => setSimilar(null)} />
  )
  if (!row)
    return (
      <div className="bl-empty">
        <p role="status">
          {queue.labelled > 0 ? t('queue.done', { count: queue.labelled }) : t(`queue.empty.${kind}`)}
        </p>
        {queue.at > 0 && (
          <Button icon="back" onClick={queue.back}>
            {t('back')}
          </Button>
        )}
        {dialog}
      </div>
    )

  const given = said ? ('label' in said ? said.label : t('data:out-of-scope')) : null
  const now = row.outOfScope ? t('data:out-of-scope') : row.labelName
  return (
    <div className={styles.desk}>
      <div className={styles.card}>
        <p className={styles.place}>
          <span>{t('place', { at: number(queue.at + 1), total: number(queue.waiting.total) })}</span>
          {now && <span className="bl-tag">{t('topic-now', { name: now })}</span>}
          {given && <span className="bl-tag bl-tag--ok">{given}</span>}
        </p>
        <p className={styles.words} lang={row.language} dir="auto" aria-live="polite">
          {row.text}
        </p>
        {row.pair !== undefined && (
          <p className={styles.second} lang={row.language} dir="auto">
            {row.pair}
          </p>
        )}
      </div>
      <div>
        <input
          ref={field}
          className="bl-input"
          value={typed}
          maxLength={200}
          aria-label={t('find')}
          aria-describedby="labelling-keys"
          placeholder={t('find')}
          onChange={(event) => {
            setTyped(event.target.value)
            setMarked(0)
          }}
          onKeyDown={onKeyDown}
        />
        <ol className={styles.suggested} aria-label={t('suggested')}>
          {choices.map((label, index) => {
            const belongs = guides.get(label.id)?.belongs
            return (
              <li key={label.id} data-marked={index === marked || undefined}>
                <button type="button" title={belongs} onClick={() => act(() => give(label.name))}>
                  <kbd>{typed === '' ? index + 1 : index === marked ? '↵' : ''}</kbd>
                  <span className={styles.name}>
                    {label.name}
                    {belongs && <small>{belongs}</small>}
                  </span>
                  {label.probability !== undefined && (
                    <span className={styles.sure}>
                      <span style={{ width: `${Math.round(label.probability * 100)}%` }} aria-hidden="true" />
                      <em>{percent(label.probability, 0)}</em>
                    </span>
                  )}
                </button>
              </li>
            )
          })}
          {isNew && (
            <li data-marked={choices.length === 0 || undefined}>
              <button type="button" onClick={() => act(() => give(fresh))}>
                <kbd>{choices.length === 0 ? '↵' : '+'}</kbd>
                <span className={styles.name}>{t('data:new-label', { name: fresh })}</span>
              </button>
            </li>
          )}
        </ol>
        <p className="bl-field__help">
          {queue.asking
            ? t('by.asking')
            : queue.by === 'model'
              ? t('by.model')
              : queue.by === 'words'
                ? t('by.words')
                : t('by.none')}
          {queue.suggestions?.outOfScope !== null &&
            (queue.suggestions?.outOfScope ?? 0) > 0.5 &&
            ` ${t('by.foreign')}`}
        </p>
      </div>
      <div className={styles.commands}>
        <Button size="small" onClick={() => act(outside)}>
          {t('data:out-of-scope')} <kbd>0</kbd>
        </Button>
        <Button size="small" disabled={queue.at === 0} onClick={() => act(queue.back)}>
          {t('back')} <kbd>←</kbd>
        </Button>
        <Button size="small" onClick={() => act(queue.skip)}>
          {t('skip')} <kbd>→</kbd>
        </Button>
        <Button size="small" disabled={queue.labelled === 0} onClick={() => act(queue.undo)}>
          {t('data:undo')} <kbd>⌫</kbd>
        </Button>
        <Button size="small" onClick={() => act(like)}>
          {last ? t('similar.to-last', { name: last.label }) : t('similar')} <kbd>Ctrl ↵</kbd>
        </Button>
        <span className={styles.pace} role="status">
          {queue.labelled > 0 && t('pace', { count: queue.labelled, actions: number(actions / queue.labelled, 1) })}
        </span>
      </div>
      <p id="labelling-keys" className="bl-field__help">
        {t('keys')}
      </p>
      {dialog}
    </div>
  )
}

import { type DragEvent, Suspense, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ImportRequest, RecordsPreview, SetSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { markDone } from '../bot/checklist-state.ts'
import { lazyWithTexts } from '../lazy-with-texts.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { Icon } from '../ui/icons.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { showToast } from '../ui/toast.tsx'
import { number } from '../ui/words.ts'
import { firstChoice, isReady } from './column-choice.ts'
import styles from './data.module.css'
import { packFiles } from './pack-files.ts'
import { PreviewStep } from './preview-step.tsx'
import { refreshSet } from './refresh-set.ts'

const SourceDialog = lazyWithTexts('sources', async () => (await import('./source/source-dialog.tsx')).SourceDialog)
const KeptSources = lazyWithTexts('sources', async () => (await import('./source/kept-sources.tsx')).KeptSources)

/** Paste or drop records, see what was understood, say what is what, import. Nothing is kept before the last click. */
export function AddRowsDialog({
  bot,
  set,
  onClose,
  onImported,
}: {
  bot: string
  set: SetSummary
  onClose: () => void
  onImported: () => void
}) {
  const { t } = useTranslation('data')
  const [fromSource, setFromSource] = useState(false)
  const [text, setText] = useState('')
  const [preview, setPreview] = useState<RecordsPreview | null>(null)
  const [request, setRequest] = useState<ImportRequest | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const look = async (
    read: () => Promise<RecordsPreview>,
    as: Pick<ImportRequest, 'encoding' | 'heading' | 'part'> = {},
  ) => {
    setBusy(true)
    setError(null)
    try {
      const answer = await read()
      setPreview(answer)
      setRequest({ file: answer.file, ...firstChoice(answer), ...as })
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const save = async () => {
    if (!request) return
    setBusy(true)
    setError(null)
    try {
      const answer = await api.importRecords(set.id, request)
      markDone(bot, 'add')
      await refreshSet(set.id)
      showToast(
        [
          t('imported', { count: answer.added }),
          answer.duplicates > 0 && t('imported.known', { count: answer.duplicates }),
          answer.newLabels.length > 0 &&
            t('imported.labels', { count: answer.newLabels.length, name: answer.newLabels[0]?.name }),
        ]
          .filter(Boolean)
          .join(' '),
      )
      onImported()
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  if (fromSource)
    return (
      <Suspense>
        <SourceDialog bot={bot} set={set} onBack={() => setFromSource(false)} onClose={onClose} />
      </Suspense>
    )
  return (
    <Dialog
      wide
      title={preview ? t('preview') : t('add')}
      onClose={onClose}
      footer={
        preview ? (
          <>
            <Button onClick={() => setPreview(null)}>{t('back')}</Button>
            <Button variant="primary" busy={busy} disabled={!request || !isReady(request)} onClick={save}>
              {t('import', { count: preview.rows, rows: number(preview.rows) })}
            </Button>
          </>
        ) : (
          <>
            <Button onClick={onClose}>{t('app:cancel')}</Button>
            <Button
              variant="primary"
              busy={busy}
              disabled={text.trim() === ''}
              onClick={() => look(() => api.pasteRecords(text))}
            >
              {t('look')}
            </Button>
          </>
        )
      }
    >
      {preview && request ? (
        <PreviewStep
          set={set}
          preview={preview}
          request={request}
          onChange={setRequest}
          onReadAs={(as) => look(() => api.readRecords(preview.file, as), as)}
        />
      ) : (
        <>
          <label className="bl-field">
            <span className="bl-field__label">{t('paste')}</span>
            <textarea
              className="bl-textarea"
              rows={8}
              value={text}
              placeholder={t('paste.example')}
              onChange={(event) => setText(event.target.value)}
            />
            <span className="bl-field__help">{t('paste.help')}</span>
          </label>
          <DropZone busy={busy} onFiles={(files) => look(() => upload(files))} />
          <div>
            <Button icon="download" onClick={() => setFromSource(true)}>
              {t('from-source')}
            </Button>
          </div>
          <Suspense>
            <KeptSources set={set} />
          </Suspense>
        </>
      )}
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

/** Several files are the parts of one data set, and go as one. */
async function upload(files: readonly File[]): Promise<RecordsPreview> {
  const [first] = files
  return api.uploadRecords(first && files.length === 1 ? first : await packFiles(files))
}

function DropZone({ busy, onFiles }: { busy: boolean; onFiles: (files: File[]) => void }) {
  const { t } = useTranslation('data')
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [over, setOver] = useState(false)
  const drop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    const files = [...event.dataTransfer.files]
    if (files.length > 0) onFiles(files)
  }
  return (
    <label
      htmlFor={id}
      className={styles.drop}
      data-over={over || undefined}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {busy ? <span className="bl-spinner" aria-hidden="true" /> : <Icon name="upload" size={22} />}
      <span>
        <strong>{t('drop')}</strong>
        <small>{t('drop.formats')}</small>
      </span>
      <input
        id={id}
        ref={input}
        type="file"
        multiple
        className="bl-sr-only"
        accept=".csv,.tsv,.txt,.json,.jsonl,.ndjson,.xlsx,.xls,.yml,.yaml,.zip,.parquet,text/csv,application/json"
        disabled={busy}
        onChange={(event) => {
          const files = [...(event.target.files ?? [])]
          if (files.length > 0) onFiles(files)
          event.target.value = ''
        }}
      />
    </label>
  )
}

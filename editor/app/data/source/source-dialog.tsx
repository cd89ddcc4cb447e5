import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionTables, SetSummary, SourcePreview, SourceView } from '#server/api/dto.ts'
import type { ConnectionRequest, SourceQuery, SourceRequest } from '#server/sources/source-shapes.ts'
import { markDone } from '../../bot/checklist-state.ts'
import { queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice } from '../../ui/notice.tsx'
import { firstChoice, isReady } from '../column-choice.ts'
import { PreviewStep } from '../preview-step.tsx'
import { ConnectionStep, emptyConnection } from './connection-step.tsx'
import { ImportStep } from './import-step.tsx'
import { KeepStep } from './keep-step.tsx'
import { firstQuery, QueryStep } from './query-step.tsx'
import { sourceCalls, sourceKeys } from './source-calls.ts'

/** Rows from a database or a web service: connect, choose what to read, say what is what, import. */
export function SourceDialog({
  bot,
  set,
  onBack,
  onClose,
}: {
  bot: string
  set: SetSummary
  onBack: () => void
  onClose: () => void
}) {
  const { t } = useTranslation('sources')
  const [connection, setConnection] = useState<ConnectionRequest>(emptyConnection('postgres'))
  const [connected, setConnected] = useState<ConnectionTables | null>(null)
  const [query, setQuery] = useState<SourceQuery | null>(null)
  const [preview, setPreview] = useState<SourcePreview | null>(null)
  const [request, setRequest] = useState<SourceRequest | null>(null)
  const [running, setRunning] = useState<SourceView | null>(null)
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)

  const attempt = async (work: () => Promise<void>) => {
    setBusy(true)
    setError(null)
    try {
      await work()
    } catch (thrown) {
      setError(thrown)
    } finally {
      setBusy(false)
    }
  }
  const reach = (ask: () => Promise<ConnectionTables>) =>
    attempt(async () => {
      const answer = await ask()
      setConnected(answer)
      setQuery(firstQuery(answer))
      await queryClient.invalidateQueries({ queryKey: sourceKeys.connections(bot) })
    })
  const look = (asked: SourceQuery) =>
    attempt(async () => {
      if (!connected) return
      const answer = await sourceCalls.preview(bot, connected.connection.id, asked)
      setPreview(answer)
      setRequest({
        connection: connected.connection.id,
        name: answer.name,
        query: asked.from === 'pages' ? { ...asked, rowsAt: answer.rowsAt } : asked,
        mapping: { pairColumn: null, outOfScope: false, ...firstChoice(answer) },
        cursorColumn: answer.likely ? (answer.growing[0] ?? null) : null,
        most: 100_000,
      })
    })
  const begin = () =>
    attempt(async () => {
      if (!request) return
      setRunning(await sourceCalls.create(set.id, request))
      markDone(bot, 'add')
      await queryClient.invalidateQueries({ queryKey: sourceKeys.sources(set.id) })
    })
  const goBack = () => {
    setError(null)
    if (preview) {
      setPreview(null)
      setRequest(null)
    } else if (connected) setConnected(null)
    else onBack()
  }

  if (running) return <ImportStep set={set} source={running} onClose={onClose} />
  const next = preview ? (
    <Button
      variant="primary"
      busy={busy}
      disabled={!request || !isReady(request.mapping) || request.name.trim() === ''}
      onClick={begin}
    >
      {t('import')}
    </Button>
  ) : connected && query ? (
    <Button variant="primary" busy={busy} disabled={!isWhole(query)} onClick={() => look(query)}>
      {t('look')}
    </Button>
  ) : (
    <Button variant="primary" busy={busy} type="submit" form="source-connection">
      {t('connect')}
    </Button>
  )
  return (
    <Dialog
      wide
      title={preview ? t('preview') : connected ? t('what', { name: connected.connection.name }) : t('title')}
      onClose={onClose}
      footer={
        <>
          <Button onClick={goBack}>{t('back')}</Button>
          {next}
        </>
      }
    >
      {preview && request ? (
        <>
          <PreviewStep
            set={set}
            preview={preview}
            request={request.mapping}
            more={preview.more}
            onChange={(mapping) => setRequest({ ...request, mapping: { ...request.mapping, ...mapping } })}
          />
          <KeepStep preview={preview} request={request} onChange={setRequest} />
        </>
      ) : connected && query ? (
        <QueryStep connected={connected} query={query} onChange={setQuery} />
      ) : (
        <ConnectionStep
          bot={bot}
          request={connection}
          onChange={setConnection}
          onConnect={() => reach(() => sourceCalls.connect(bot, connection))}
          onChoose={(id) => reach(() => sourceCalls.tables(bot, id))}
          busy={busy}
        />
      )}
      {error !== null && <ErrorNotice error={error} />}
    </Dialog>
  )
}

/** Whether it says what to read. */
function isWhole(query: SourceQuery): boolean {
  if (query.from === 'table') return query.table !== ''
  return query.from === 'pages' || query.sql.trim() !== ''
}

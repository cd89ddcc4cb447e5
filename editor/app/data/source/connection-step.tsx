import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ConnectionKind, ConnectionRequest, DatabaseRequest } from '#server/sources/source-shapes.ts'
import { queryClient } from '../../query.ts'
import { Button, IconButton } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { HttpFields } from './http-fields.tsx'
import styles from './source.module.css'
import { sourceCalls, sourceKeys } from './source-calls.ts'

const kinds: readonly ConnectionKind[] = ['postgres', 'mysql', 'http']
const usualPorts = { postgres: 5432, mysql: 3306 }

export function emptyConnection(kind: ConnectionKind): ConnectionRequest {
  if (kind === 'http') return { kind, name: '', url: '', headers: [] }
  return { kind, name: '', host: '', port: usualPorts[kind], database: '', user: '', password: '', tls: 'verify' }
}

/** Where it is and who may in; or one of the connections that are kept. */
export function ConnectionStep({
  bot,
  request,
  busy,
  onChange,
  onConnect,
  onChoose,
}: {
  bot: string
  request: ConnectionRequest
  busy: boolean
  onChange: (request: ConnectionRequest) => void
  onConnect: () => void
  onChoose: (connection: string) => void
}) {
  const { t } = useTranslation('sources')
  const known = useQuery({ queryKey: sourceKeys.connections(bot), queryFn: () => sourceCalls.connections(bot) })
  const [doomed, setDoomed] = useState<{ id: string; name: string } | null>(null)
  return (
    <>
      {known.data && known.data.length > 0 && (
        <section className={styles.list} aria-label={t('known')}>
          <h3 className={styles.heading}>{t('known')}</h3>
          {known.data.map((one) => (
            <div key={one.id} className={styles.item}>
              <div>
                <strong>{one.name}</strong>
                <small>
                  {t(`kind.${one.kind}`)} · {one.kind === 'http' ? one.url : `${one.host}:${one.port}/${one.database}`}
                </small>
              </div>
              <Button size="small" disabled={busy} onClick={() => onChoose(one.id)}>
                {t('use')}
              </Button>
              <IconButton
                size="small"
                icon="trash"
                label={t('connection.remove', { name: one.name })}
                onClick={() => setDoomed(one)}
              />
            </div>
          ))}
          <h3 className={styles.heading}>{t('new')}</h3>
        </section>
      )}
      <form
        id="source-connection"
        className={styles.fields}
        onSubmit={(event) => {
          event.preventDefault()
          onConnect()
        }}
      >
        <label className={`bl-field ${styles.half}`}>
          <span className="bl-field__label">{t('kind')}</span>
          <select
            className="bl-select"
            value={request.kind}
            onChange={(event) =>
              onChange({ ...emptyConnection(event.target.value as ConnectionKind), name: request.name })
            }
          >
            {kinds.map((kind) => (
              <option key={kind} value={kind}>
                {t(`kind.${kind}`)}
              </option>
            ))}
          </select>
        </label>
        <label className={`bl-field ${styles.half}`}>
          <span className="bl-field__label">{t('name')}</span>
          <input
            className="bl-input"
            required
            maxLength={80}
            value={request.name}
            placeholder={t('name.example')}
            onChange={(event) => onChange({ ...request, name: event.target.value })}
          />
        </label>
        {request.kind === 'http' ? (
          <HttpFields request={request} onChange={onChange} />
        ) : (
          <DatabaseFields request={request} onChange={onChange} />
        )}
      </form>
      {doomed && (
        <ConfirmDialog
          danger
          title={t('connection.remove', { name: doomed.name })}
          action={t('connection.remove.yes')}
          perform={async () => {
            await sourceCalls.removeConnection(bot, doomed.id)
            await queryClient.invalidateQueries({ queryKey: sourceKeys.connections(bot) })
            await queryClient.invalidateQueries({ queryKey: ['sources'] })
          }}
          onClose={() => setDoomed(null)}
        >
          <p>{t('connection.remove.lost')}</p>
        </ConfirmDialog>
      )}
    </>
  )
}

function DatabaseFields({
  request,
  onChange,
}: {
  request: DatabaseRequest
  onChange: (request: DatabaseRequest) => void
}) {
  const { t } = useTranslation('sources')
  const text = (key: 'host' | 'database' | 'user' | 'password', width: string | undefined, more: object = {}) => (
    <label className={`bl-field ${width}`}>
      <span className="bl-field__label">{t(key)}</span>
      <input
        className="bl-input"
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        value={request[key]}
        onChange={(event) => onChange({ ...request, [key]: event.target.value })}
        {...more}
      />
    </label>
  )
  return (
    <>
      {text('host', styles.most, { required: true, maxLength: 253, placeholder: 'db.example.com' })}
      <label className={`bl-field ${styles.third}`}>
        <span className="bl-field__label">{t('port')}</span>
        <input
          className="bl-input"
          type="number"
          required
          min={1}
          max={65_535}
          value={request.port || ''}
          onChange={(event) => onChange({ ...request, port: event.target.valueAsNumber || 0 })}
        />
      </label>
      {text('database', styles.third, { required: request.kind !== 'mysql', maxLength: 200 })}
      {text('user', styles.third, { required: true, maxLength: 200 })}
      {text('password', styles.third, { type: 'password', autoComplete: 'new-password', maxLength: 1_000 })}
      <label className={`bl-field ${styles.whole}`}>
        <span className="bl-field__label">{t('tls')}</span>
        <select
          className="bl-select"
          value={request.tls}
          onChange={(event) => onChange({ ...request, tls: event.target.value as DatabaseRequest['tls'] })}
        >
          {(['verify', 'encrypt', 'off'] as const).map((one) => (
            <option key={one} value={one}>
              {t(`tls.${one}`)}
            </option>
          ))}
        </select>
        <span className="bl-field__help">{t('password.help')}</span>
      </label>
    </>
  )
}

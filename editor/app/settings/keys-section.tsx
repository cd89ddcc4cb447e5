import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ApiKeyView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { ErrorNotice } from '../ui/notice.tsx'
import { Time } from '../ui/time.tsx'
import { NewKeyDialog } from './new-key-dialog.tsx'
import styles from './settings.module.css'

/** The keys by which other servers ask: made, looked over and revoked here. */
export function KeysSection() {
  const { t, i18n } = useTranslation('settings')
  const found = useQuery({ queryKey: keys.apiKeys, queryFn: api.apiKeys })
  const [making, setMaking] = useState(false)
  const [revoking, setRevoking] = useState<ApiKeyView | null>(null)
  const open = (found.data ?? []).filter(({ revokedAt }) => revokedAt === null)
  return (
    <>
      <header className={styles.head}>
        <div>
          <h2>{t('keys.title')}</h2>
          <p>
            {t('keys.lead')}{' '}
            <a href={`/v1/docs?lang=${i18n.language}`} target="_blank" rel="noreferrer">
              {t('keys.docs')}
            </a>
          </p>
        </div>
        <Button variant="primary" icon="plus" onClick={() => setMaking(true)}>
          {t('keys.new')}
        </Button>
      </header>
      {found.error && <ErrorNotice error={found.error} onRetry={() => found.refetch()} />}
      {found.data && open.length === 0 && <p className="bl-empty">{t('keys.none')}</p>}
      <ul className={styles.keys} aria-busy={found.isPending}>
        {open.map((key) => (
          <li key={key.id} className={styles.key}>
            <div>
              <h3>{key.name}</h3>
              <code>{key.prefix}…</code>
              <ul aria-label={t('keys.scopes')}>
                {key.scopes.map((scope) => (
                  <li key={scope} className="bl-tag">
                    {t(`scope.${scope.replace(':', '-')}`)}
                  </li>
                ))}
              </ul>
              <p>
                {key.usedAt ? t('keys.used') : t('keys.unused')} {key.usedAt && <Time iso={key.usedAt} />}
                {' · '}
                {key.bots === null ? t('keys.all-bots') : t('keys.some-bots', { count: key.bots.length })}
                {' · '}
                {key.expiresAt
                  ? t('keys.until', { date: new Date(key.expiresAt).toLocaleDateString(i18n.language) })
                  : t('keys.forever')}
              </p>
            </div>
            <Button variant="danger" size="small" onClick={() => setRevoking(key)}>
              {t('keys.revoke')}
            </Button>
          </li>
        ))}
      </ul>
      {making && <NewKeyDialog onClose={() => setMaking(false)} />}
      {revoking && (
        <ConfirmDialog
          danger
          title={t('revoke.title', { name: revoking.name })}
          action={t('keys.revoke')}
          perform={async () => {
            await api.revokeApiKey(revoking.id)
            await queryClient.invalidateQueries({ queryKey: keys.apiKeys })
          }}
          onClose={() => setRevoking(null)}
        >
          <p>{t('revoke.about', { prefix: revoking.prefix })}</p>
          <ul>
            {revoking.scopes.map((scope) => (
              <li key={scope}>{t(`scope.${scope.replace(':', '-')}`)}</li>
            ))}
          </ul>
        </ConfirmDialog>
      )}
    </>
  )
}

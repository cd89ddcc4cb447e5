import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelConnection } from '#server/api/dto.ts'
import { api } from '../../api.ts'
import { keys, queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { ConfirmDialog } from '../../ui/confirm-dialog.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Notice } from '../../ui/notice.tsx'
import { Time } from '../../ui/time.tsx'
import { showError } from '../../ui/toast.tsx'
import styles from '../connections.module.css'
import { channelsApi } from './channels-api.ts'

/** One way in: whose it is, how it does, and the address that the other side calls. */
export function ChannelCard({ channel, edit }: { channel: ChannelConnection; edit: () => void }) {
  const { t } = useTranslation('channels')
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const [removing, setRemoving] = useState(false)
  const { id, kind, name, active, lastHeardAt, problem } = channel
  const refresh = () => queryClient.invalidateQueries({ queryKey: keys.channels })
  const bot = bots.data?.find((one) => one.id === channel.bot)?.name ?? ''
  return (
    <article className={styles.card} aria-label={name}>
      <div className={styles.top}>
        <div>
          <h3>{name}</h3>
          <p className={styles.about}>
            <span>{t(`kind.${kind}`)}</span>
            <span>{t('bot.of', { name: bot })}</span>
            <span>
              {lastHeardAt === null ? (
                t('heard.never')
              ) : (
                <>
                  {t('heard')} <Time iso={lastHeardAt} />
                </>
              )}
            </span>
          </p>
        </div>
        <label className={styles.onOff}>
          <input
            type="checkbox"
            role="switch"
            aria-checked={active}
            className="bl-switch"
            checked={active}
            onChange={() => void channelsApi.change(id, { active: !active }).then(refresh, showError)}
          />
          {active ? t('on') : t('off')}
        </label>
      </div>
      {problem && (
        <Notice tone="error">
          <strong>{problem.message}</strong>
          <span>{problem.remedy}</span>
          <Time iso={problem.at} />
        </Notice>
      )}
      <CopyField label={t('address')} value={channel.address} />
      <div className={styles.acts}>
        <Button size="small" icon="pencil" onClick={edit}>
          {t('edit')}
        </Button>
        <Button size="small" icon="trash" onClick={() => setRemoving(true)}>
          {t('remove')}
        </Button>
      </div>
      {removing && (
        <ConfirmDialog
          danger
          title={t('remove.title')}
          action={t('remove')}
          perform={() => channelsApi.remove(id).then(refresh)}
          onClose={() => setRemoving(false)}
        >
          <p>{t('remove.about', { name })}</p>
        </ConfirmDialog>
      )}
    </article>
  )
}

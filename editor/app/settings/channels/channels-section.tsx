import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { ChannelConnection, ChannelKind } from '#server/api/dto.ts'
import { keys, queryClient } from '../../query.ts'
import { Button } from '../../ui/button.tsx'
import { CopyField } from '../../ui/copy-field.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { ErrorNotice, Notice } from '../../ui/notice.tsx'
import styles from '../connections.module.css'
import { ChannelCard } from './channel-card.tsx'
import { ChannelForm } from './channel-form.tsx'
import { channelsApi } from './channels-api.ts'

type Shown =
  | { show: 'form'; kind: ChannelKind; channel: ChannelConnection | null }
  | { show: 'made'; connection: ChannelConnection; secret: string | null }

/** Ways in which people reach a bot beside the chat on a page. */
export function ChannelsSection() {
  const { t } = useTranslation('channels')
  const [dialog, setDialog] = useState<Shown | null>(null)
  const list = useQuery({ queryKey: keys.channels, queryFn: channelsApi.list })
  const close = () => {
    setDialog(null)
    void queryClient.invalidateQueries({ queryKey: keys.channels })
  }
  return (
    <section className={styles.section}>
      <header className={styles.head}>
        <div>
          <h2>{t('title')}</h2>
          <p>{t('lead')}</p>
        </div>
      </header>
      {list.error && <ErrorNotice error={list.error} onRetry={() => list.refetch()} />}
      <div className={styles.cards}>
        <article className={styles.card}>
          <div className={styles.top}>
            <div>
              <h3>{t('kind.web')}</h3>
              <p className={styles.about}>{t('kind.web.about')}</p>
            </div>
            <span className="bl-tag bl-tag--ok">{t('always')}</span>
          </div>
        </article>
        {list.isPending && <div className="bl-skeleton" style={{ height: 120 }} />}
        {list.data?.map((channel) => (
          <ChannelCard
            key={channel.id}
            channel={channel}
            edit={() => setDialog({ show: 'form', kind: channel.kind, channel })}
          />
        ))}
      </div>
      <div className={styles.acts}>
        {(['wecom', 'webhook'] as const).map((kind) => (
          <Button key={kind} icon="plus" onClick={() => setDialog({ show: 'form', kind, channel: null })}>
            {t(`add.${kind}`)}
          </Button>
        ))}
      </div>
      {dialog?.show === 'form' && (
        <ChannelForm
          kind={dialog.kind}
          channel={dialog.channel}
          onClose={close}
          onMade={(made) => {
            close()
            setDialog({ show: 'made', ...made })
          }}
        />
      )}
      {dialog?.show === 'made' && (
        <Dialog
          title={t('made.title')}
          onClose={close}
          footer={
            <Button variant="primary" onClick={close}>
              {t('made.kept')}
            </Button>
          }
        >
          <div className={styles.form}>
            <p>{t(`made.${dialog.connection.kind}`)}</p>
            <CopyField label={t('address')} value={dialog.connection.address} />
            {dialog.secret !== null && (
              <>
                <Notice tone="warn">{t('made.once')}</Notice>
                <CopyField label={t('made.secret')} value={dialog.secret} />
              </>
            )}
          </div>
        </Dialog>
      )}
    </section>
  )
}

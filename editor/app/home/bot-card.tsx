import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Link } from 'react-router'
import type { BotSummary } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button, IconButton } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { followDownload } from '../ui/follow-download.ts'
import { Menu } from '../ui/menu.tsx'
import { Time } from '../ui/time.tsx'
import { showError } from '../ui/toast.tsx'
import { number, percent } from '../ui/words.ts'
import styles from './home.module.css'

/** One bot at a glance: is it live, how much does it understand, how many people talked to it. */
export function BotCard({ bot }: { bot: BotSummary }) {
  const { t } = useTranslation('home')
  const [asking, setAsking] = useState<'rename' | 'delete' | null>(null)
  return (
    <li className={styles.card}>
      <div className={styles.cardHead}>
        <span className={styles.mark} aria-hidden="true">
          {[...bot.name.trim()][0]?.toUpperCase() ?? '·'}
        </span>
        <div className={styles.names}>
          <h2>
            <Link to={`/bots/${bot.id}/canvas`} className={styles.link}>
              {bot.name}
            </Link>
          </h2>
          <span className={styles.changed}>
            {t('changed')} <Time iso={bot.updatedAt} />
          </span>
        </div>
        <Menu
          trigger={(props) => <IconButton icon="more" label={t('card.more', { name: bot.name })} {...props} />}
          groups={[
            {
              items: [
                { key: 'rename', label: t('rename'), onPick: () => setAsking('rename') },
                { key: 'download', label: t('download'), onPick: () => followDownload(api.exportAddress(bot.id)) },
                { key: 'delete', label: t('delete'), danger: true, onPick: () => setAsking('delete') },
              ],
            },
          ]}
        />
      </div>
      <dl className={styles.figures}>
        <div>
          <dt>{t('understood')}</dt>
          <dd>{bot.accuracy === null ? <span className={styles.none}>{t('not-yet')}</span> : percent(bot.accuracy)}</dd>
        </div>
        <div>
          <dt>{t('conversations')}</dt>
          <dd>{number(bot.conversations)}</dd>
        </div>
      </dl>
      {bot.published ? (
        <span className="bl-tag bl-tag--ok">
          {t('live', { version: bot.published.version })} · <Time iso={bot.published.at} />
        </span>
      ) : (
        <span className="bl-tag">{t('draft-only')}</span>
      )}
      {asking === 'rename' && <RenameDialog bot={bot} onClose={() => setAsking(null)} />}
      {asking === 'delete' && <DeleteDialog bot={bot} onClose={() => setAsking(null)} />}
    </li>
  )
}

function RenameDialog({ bot, onClose }: { bot: BotSummary; onClose: () => void }) {
  const { t } = useTranslation('home')
  const [name, setName] = useState(bot.name)
  const save = async () => {
    try {
      await api.changeBot(bot.id, { name: name.trim() })
      await queryClient.invalidateQueries({ queryKey: keys.bots })
      onClose()
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Dialog
      title={t('rename')}
      onClose={onClose}
      footer={
        <Button variant="primary" disabled={name.trim() === ''} onClick={save}>
          {t('save')}
        </Button>
      }
    >
      <label className="bl-field">
        <span className="bl-field__label">{t('name')}</span>
        <input className="bl-input" value={name} maxLength={80} onChange={(event) => setName(event.target.value)} />
      </label>
    </Dialog>
  )
}

function DeleteDialog({ bot, onClose }: { bot: BotSummary; onClose: () => void }) {
  const { t } = useTranslation('home')
  const remove = async () => {
    try {
      await api.deleteBot(bot.id)
      await queryClient.invalidateQueries({ queryKey: keys.bots })
      onClose()
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Dialog
      title={t('delete.title', { name: bot.name })}
      onClose={onClose}
      footer={
        <>
          <Button onClick={onClose}>{t('app:cancel')}</Button>
          <Button variant="danger" onClick={remove}>
            {t('delete.yes')}
          </Button>
        </>
      }
    >
      <p>{t(bot.published ? 'delete.live' : 'delete.lost', { count: bot.conversations })}</p>
    </Dialog>
  )
}

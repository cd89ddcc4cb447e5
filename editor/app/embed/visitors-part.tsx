import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotDetail } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './embed.module.css'
import type { ChangeWho } from './embed-dialog.tsx'

/** Whom a site may vouch for, and with what. A secret is seen once, when it is made. */
export function VisitorsPart({
  bot,
  busy,
  change,
  work,
  say,
}: {
  bot: BotDetail
  busy: boolean
  change: ChangeWho
  /** Does something that answers with the bot as it is then. */
  work: (what: () => Promise<BotDetail>) => Promise<boolean>
  say: (words: string) => void
}) {
  const { t } = useTranslation('embed')
  const [secret, setSecret] = useState('')
  const [sure, setSure] = useState<'rotate' | 'remove' | null>(null)
  const make = () =>
    work(async () => {
      const made = await api.makeIdentitySecret(bot.id)
      setSecret(made.secret)
      setSure(null)
      return made.bot
    })
  const remove = async () => {
    if (await work(() => api.removeIdentitySecret(bot.id))) say(t('identity.removed'))
    setSecret('')
    setSure(null)
  }
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(secret)
      say(t('app:copied'))
    } catch {
      // Without https browsers keep their clipboard to themselves.
      say(t('identity.by-hand'))
    }
  }
  return (
    <div className={styles.parts}>
      <section className={styles.part}>
        <h3>{t('identity')}</h3>
        <p>{t('identity.about')}</p>
        {secret && (
          <Notice
            tone="warn"
            action={
              <Button size="small" icon="copy" onClick={copy}>
                {t('app:copy')}
              </Button>
            }
          >
            {t('identity.once')}
            <code className={styles.secret}>{secret}</code>
          </Notice>
        )}
        {sure ? (
          <Notice
            tone="warn"
            action={
              <>
                <Button size="small" variant="danger" busy={busy} onClick={sure === 'rotate' ? make : remove}>
                  {t(`identity.${sure}.yes`)}
                </Button>
                <Button size="small" onClick={() => setSure(null)}>
                  {t('app:cancel')}
                </Button>
              </>
            }
          >
            {t(`identity.${sure}.sure`)}
          </Notice>
        ) : (
          <div className={styles.row}>
            {bot.hasIdentitySecret ? (
              <>
                <Button onClick={() => setSure('rotate')}>{t('identity.rotate')}</Button>
                <Button variant="plain" onClick={() => setSure('remove')}>
                  {t('identity.remove')}
                </Button>
              </>
            ) : (
              <Button variant="primary" busy={busy} onClick={make}>
                {t('identity.make')}
              </Button>
            )}
          </div>
        )}
        <p className={styles.note}>{t('identity.how')}</p>
        <textarea
          className={`bl-textarea ${styles.code}`}
          aria-label={t('identity.code')}
          readOnly
          rows={6}
          value={sample}
        />
      </section>
      <label className={styles.servers}>
        <span>
          <strong>{t('verified-only')}</strong>
          <small>{t('verified-only.about')}</small>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="bl-switch"
          aria-label={t('verified-only')}
          checked={bot.verifiedOnly}
          aria-checked={bot.verifiedOnly}
          disabled={busy || !bot.hasIdentitySecret}
          onChange={(event) => void change({ verifiedOnly: event.target.checked })}
        />
      </label>
    </div>
  )
}

const sample = `// Node.js, on your server
import { createHmac } from 'node:crypto'
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url')
const exp = Math.floor(Date.now() / 1000) + 3600
const body = \`\${part({ alg: 'HS256', typ: 'JWT' })}.\${part({ id: user.id, name: user.name, email: user.email, exp })}\`
const token = \`\${body}.\${createHmac('sha256', process.env.BOTLOOM_IDENTITY_SECRET).update(body).digest('base64url')}\`
// in the page: Botloom.identify(token)`

import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import type { BotDetail } from '#server/api/dto.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'
import styles from './embed.module.css'

const thisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/

/** The line that puts the chat onto a page, ready to be copied. */
export function Snippet({ bot, say }: { bot: BotDetail; say: (words: string) => void }) {
  const { t } = useTranslation('embed')
  const line = useRef<HTMLTextAreaElement>(null)
  const code = `<script type="module" src="${location.origin}/widget.js" data-bot="${bot.slug}"></script>`
  const copy = async () => {
    line.current?.select()
    try {
      await navigator.clipboard.writeText(code)
      say(t('app:copied'))
    } catch {
      // Without https browsers keep their clipboard to themselves; the line stays selected.
      line.current?.focus()
      say(t('snippet.by-hand'))
    }
  }
  return (
    <section className={styles.part}>
      <div className={styles.head}>
        <h3>{t('snippet')}</h3>
        <Button size="small" icon="copy" onClick={copy}>
          {t('app:copy')}
        </Button>
      </div>
      <p>{t('snippet.about')}</p>
      <textarea
        ref={line}
        className={`bl-textarea ${styles.code}`}
        aria-label={t('snippet.line')}
        readOnly
        rows={3}
        spellCheck={false}
        value={code}
        onFocus={(event) => event.target.select()}
      />
      {thisMachine.test(location.hostname) && <p className={styles.note}>{t('snippet.local')}</p>}
      {bot.published === null && <Notice tone="warn">{t('snippet.draft')}</Notice>}
    </section>
  )
}

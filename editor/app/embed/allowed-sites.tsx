import { type FormEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button, IconButton } from '../ui/button.tsx'
import styles from './embed.module.css'
import type { ChangeWho } from './embed-dialog.tsx'
import { parseOrigin } from './parse-origin.ts'

/** As many as the server keeps. */
const mostSites = 100

/** The sites whose pages may talk to the bot. */
export function AllowedSites({
  origins,
  busy,
  change,
  say,
}: {
  origins: string[]
  busy: boolean
  change: ChangeWho
  say: (words: string) => void
}) {
  const { t } = useTranslation('embed')
  const id = useId()
  const input = useRef<HTMLInputElement>(null)
  const [typed, setTyped] = useState('')
  const [wrong, setWrong] = useState('')

  const add = async (event: FormEvent) => {
    event.preventDefault()
    const parsed = parseOrigin(typed)
    const origin = 'origin' in parsed ? parsed.origin : ''
    input.current?.focus()
    say('')
    if (parsed.issue) return setWrong(t(`site.${parsed.issue}`, { origin }))
    if (origins.includes(origin)) return setWrong(t('site.taken', { origin }))
    if (!(await change({ origins: [...origins, origin] }))) return
    setTyped('')
    say(t('site.added', { origin }))
  }
  const remove = async (origin: string) => {
    // Its button goes with it; who works with the keyboard goes on from here.
    input.current?.focus()
    if (await change({ origins: origins.filter((one) => one !== origin) })) say(t('site.removed', { origin }))
  }

  return (
    <section className={styles.part}>
      <h3 id={`${id}-title`}>{t('sites')}</h3>
      <p>{t('sites.about')}</p>
      {origins.length === 0 ? (
        <p className={styles.none}>{t('sites.none')}</p>
      ) : (
        <ul className={styles.sites} aria-labelledby={`${id}-title`}>
          {origins.map((origin) => (
            <li key={origin}>
              <span>{origin}</span>
              <IconButton
                icon="trash"
                size="small"
                label={t('site.remove', { origin })}
                disabled={busy}
                onClick={() => void remove(origin)}
              />
            </li>
          ))}
        </ul>
      )}
      {origins.length < mostSites ? (
        <form className={styles.add} onSubmit={add} noValidate>
          <input
            ref={input}
            className="bl-input"
            aria-label={t('site.address')}
            aria-invalid={wrong !== ''}
            aria-describedby={`${id}-wrong`}
            inputMode="url"
            autoCapitalize="none"
            autoComplete="off"
            spellCheck={false}
            maxLength={200}
            placeholder="https://www.your-shop.example"
            value={typed}
            onChange={(event) => {
              setTyped(event.target.value)
              setWrong('')
            }}
          />
          <Button type="submit" icon="plus" busy={busy} disabled={typed.trim() === ''}>
            {t('site.add')}
          </Button>
        </form>
      ) : (
        <p className={styles.note}>{t('sites.full', { count: mostSites })}</p>
      )}
      <p id={`${id}-wrong`} className={styles.wrong} role="alert">
        {wrong}
      </p>
    </section>
  )
}

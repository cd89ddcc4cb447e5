import { type ReactNode, useEffect, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Look } from '#kit/look.ts'
import type { BotDetail } from '#server/api/dto.ts'
import { studioLanguage } from '../i18n.ts'
import { Button } from '../ui/button.tsx'
import styles from './embed.module.css'
import type { ChangeWho } from './embed-dialog.tsx'

const languages = ['zh-CN', 'en'] as const
const usual = { accent: '#3056d3', theme: 'auto', corner: 'end', radius: 16 } as const
const accents = ['#3056d3', '#0a6e5c', '#a12c4a', '#7a4dc4', '#c2410c', '#1f2937']

/** How the chat looks, beside the chat itself. What is written here is seen at once, and by visitors once it is saved. */
export function LookPart({
  bot,
  busy,
  change,
  say,
}: {
  bot: BotDetail
  busy: boolean
  change: ChangeWho
  say: (words: string) => void
}) {
  const { t } = useTranslation('embed')
  const id = useId()
  const [look, setLook] = useState<Partial<Look>>(bot.look)
  const set = <Key extends keyof Look>(key: Key, value: Look[Key]) => setLook((before) => ({ ...before, [key]: value }))
  const save = async () => {
    say('')
    if (await change({ look: tidy(look) })) say(t('look.saved'))
  }
  const words = (key: 'title' | 'greeting' | 'label', most: number) => (
    <fieldset className={styles.words}>
      <legend>{t(`look.${key}`)}</legend>
      {languages.map((language) => (
        <input
          key={language}
          className="bl-input"
          lang={language}
          aria-label={`${t(`look.${key}`)} (${t(`language.${language}`)})`}
          placeholder={language === studioLanguage() ? t(`look.${key}.usual`) : ''}
          maxLength={most}
          value={look[key]?.[language] ?? ''}
          onChange={(event) => set(key, { ...look[key], [language]: event.target.value })}
        />
      ))}
    </fieldset>
  )
  const choice = <Key extends 'theme' | 'corner'>(key: Key, values: readonly Look[Key][]) => (
    <Field label={t(`look.${key}`)} id={`${id}-${key}`}>
      <select
        id={`${id}-${key}`}
        className="bl-select"
        value={look[key] ?? usual[key]}
        onChange={(event) => set(key, event.target.value as Look[Key])}
      >
        {values.map((value) => (
          <option key={value} value={value}>
            {t(`look.${key}.${value}`)}
          </option>
        ))}
      </select>
    </Field>
  )
  return (
    <div className={styles.look}>
      <div className={styles.part}>
        <p>{t('look.about')}</p>
        <fieldset className={styles.words}>
          <legend>{t('look.accent')}</legend>
          <div className={styles.accents}>
            {accents.map((accent) => (
              <button
                key={accent}
                type="button"
                style={{ background: accent }}
                aria-label={accent}
                aria-pressed={(look.accent ?? usual.accent) === accent}
                onClick={() => set('accent', accent)}
              />
            ))}
            <input
              type="color"
              aria-label={t('look.accent.own')}
              value={look.accent ?? usual.accent}
              onChange={(event) => set('accent', event.target.value)}
            />
          </div>
        </fieldset>
        {words('title', 60)}
        {words('greeting', 160)}
        {words('label', 40)}
        <div className={styles.pair}>
          {choice('theme', ['auto', 'light', 'dark'])}
          {choice('corner', ['end', 'start'])}
        </div>
        <div className={styles.pair}>
          <Field label={t('look.radius', { pixels: look.radius ?? usual.radius })} id={`${id}-radius`}>
            <input
              id={`${id}-radius`}
              type="range"
              min={0}
              max={28}
              value={look.radius ?? usual.radius}
              onChange={(event) => set('radius', Number(event.target.value))}
            />
          </Field>
          <Field label={t('look.avatar')} id={`${id}-avatar`}>
            <input
              id={`${id}-avatar`}
              className="bl-input"
              maxLength={500}
              placeholder="⛵"
              value={look.avatar ?? ''}
              onChange={(event) => set('avatar', event.target.value.trim())}
            />
          </Field>
        </div>
        <label className={styles.check}>
          <input
            type="checkbox"
            className="bl-check"
            checked={look.files ?? true}
            onChange={(event) => set('files', event.target.checked)}
          />
          {t('look.files')}
        </label>
        <div>
          <Button
            variant="primary"
            busy={busy}
            disabled={JSON.stringify(tidy(look)) === JSON.stringify(tidy(bot.look))}
            onClick={save}
          >
            {t('look.save')}
          </Button>
        </div>
      </div>
      <Preview look={look} slug={bot.slug} />
    </div>
  )
}

function Field({ label, id, children }: { label: string; id: string; children: ReactNode }) {
  return (
    <div className="bl-field">
      <label className="bl-field__label" htmlFor={id}>
        {label}
      </label>
      {children}
    </div>
  )
}

/** The widget itself, as pages load it, in a frame that it takes for the page; what it says is made up. */
function Preview({ look, slug }: { look: Partial<Look>; slug: string }) {
  const { t } = useTranslation('embed')
  const frame = useRef<HTMLDivElement>(null)
  const widget = useRef<
    (HTMLElement & { look: Partial<Look>; toggle(open: boolean, ask?: string, focus?: boolean): void }) | null
  >(null)
  const latest = useRef(look)
  latest.current = look
  useEffect(() => {
    let gone = false
    const address = '/widget.js'
    import(/* @vite-ignore */ address).then(
      () => {
        if (gone || !frame.current) return
        const element = document.createElement('botloom-chat')
        for (const [name, value] of [
          ['bot', `preview:${slug}`],
          ['preview', ''],
          ['language', studioLanguage()],
        ] as const)
          element.setAttribute(name, value)
        frame.current.append(element)
        widget.current = element as typeof widget.current
        widget.current!.look = tidy(latest.current)
        widget.current!.toggle(true, undefined, false)
      },
      () => {},
    )
    return () => {
      gone = true
      widget.current?.remove()
    }
  }, [slug])
  useEffect(() => {
    if (widget.current) widget.current.look = tidy(look)
  }, [look])
  return (
    <section className={styles.preview} aria-label={t('look.preview')}>
      <div ref={frame} />
    </section>
  )
}

/** Without what is empty, and so as by default. */
function tidy(look: Partial<Look>): Partial<Look> {
  const kept = { ...look }
  for (const key of ['title', 'greeting', 'label'] as const) {
    const words = Object.entries(kept[key] ?? {}).filter(([, text]) => text.trim() !== '')
    if (words.length > 0) kept[key] = Object.fromEntries(words)
    else delete kept[key]
  }
  if (!kept.avatar) delete kept.avatar
  return kept
}

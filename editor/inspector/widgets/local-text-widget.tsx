import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { studioLanguage } from '#editor/app/i18n.ts'
import { languageName } from '#editor/app/ui/words.ts'
import { useDraft } from '#editor/document/store.ts'
import { usePlaceholderNames } from '../names.ts'
import type { WidgetProps } from '../widget.ts'

const longest = 10_000

/** A text that visitors read, a tab for each language of the bot. A dot marks a language that has no words yet. */
export function LocalTextWidget({ field, value, onChange, id, describedBy, compact }: WidgetProps) {
  const { t } = useTranslation('inspector')
  const languages = useDraft((state) => state.document.languages)
  const names = usePlaceholderNames()
  const texts = isTexts(value) ? value : {}
  const [picked, setPicked] = useState<string | null>(null)
  const own = languages.find((tag) => tag.split('-')[0] === studioLanguage().split('-')[0])
  const language = picked !== null && languages.includes(picked) ? picked : (own ?? languages[0] ?? 'en')
  const area = useRef<HTMLTextAreaElement>(null)
  const written = Object.values(texts).some((text) => text.trim() !== '')
  const change = (text: string) => {
    const next = { ...texts }
    if (text === '') delete next[language]
    else next[language] = text
    onChange(next)
  }
  const insert = (name: string) => {
    const now = texts[language] ?? ''
    const at = area.current?.selectionStart ?? now.length
    change(`${now.slice(0, at)}{{${name}}}${now.slice(area.current?.selectionEnd ?? at)}`)
    area.current?.focus()
  }
  return (
    <div className="bl-insp-local" data-compact={compact || undefined}>
      <div className="bl-insp-local__bar">
        <div role="tablist" aria-label={t('local.languages')}>
          {languages.map((tag) => {
            const missing = written && !(texts[tag] ?? '').trim()
            return (
              <button
                key={tag}
                type="button"
                role="tab"
                aria-selected={tag === language}
                aria-controls={id}
                tabIndex={tag === language ? 0 : -1}
                title={missing ? t('local.missing', { language: languageName(tag) }) : languageName(tag)}
                onClick={() => setPicked(tag)}
                onKeyDown={(event) => {
                  if (event.key !== 'ArrowLeft' && event.key !== 'ArrowRight') return
                  event.preventDefault()
                  const step = event.key === 'ArrowRight' ? 1 : languages.length - 1
                  const next = languages[(languages.indexOf(tag) + step) % languages.length]!
                  setPicked(next)
                  const tabs = event.currentTarget.parentElement?.querySelectorAll('button')
                  tabs?.[languages.indexOf(next)]?.focus()
                }}
              >
                {shortName(tag)}
                {missing && (
                  <span
                    className="bl-insp-dot"
                    role="img"
                    aria-label={t('local.missing', { language: languageName(tag) })}
                  />
                )}
              </button>
            )
          })}
        </div>
        {names.length > 0 && (
          <select
            className="bl-insp-local__insert"
            value=""
            aria-label={t('local.insert')}
            title={t('local.insert')}
            onChange={(event) => insert(event.target.value)}
          >
            <option value="" disabled>
              {'{ }'}
            </option>
            {names.map((name) => (
              <option key={name} value={name}>
                {name}
              </option>
            ))}
          </select>
        )}
      </div>
      <textarea
        ref={area}
        id={id}
        lang={language}
        rows={compact ? 1 : 3}
        className="bl-insp-local__text"
        aria-describedby={describedBy}
        maxLength={longest}
        placeholder={fallbackOf(texts, language) ?? (field.name === 'text' ? t('local.hint') : '')}
        value={texts[language] ?? ''}
        onChange={(event) => change(event.target.value)}
      />
    </div>
  )
}

/** What a visitor would read in place of a missing text. */
function fallbackOf(texts: Record<string, string>, language: string): string | undefined {
  return Object.entries(texts).find(([tag, text]) => tag !== language && text.trim() !== '')?.[1]
}

function isTexts(value: unknown): value is Record<string, string> {
  return value !== null && typeof value === 'object' && !Array.isArray(value)
}

/** A tab has little room: 中, EN, 日. */
function shortName(tag: string): string {
  if (tag.startsWith('zh')) return tag === 'zh-TW' || tag === 'zh-HK' ? '繁' : '中文'
  return tag.split('-')[0]!.toUpperCase()
}

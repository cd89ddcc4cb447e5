import i18next from 'i18next'
import { useTranslation } from 'react-i18next'
import { studioLanguage } from '../i18n.ts'

/** Numbers and times in the studio's language. Shares are fractions 0..1. */
export function percent(share: number, digits = 1): string {
  return new Intl.NumberFormat(studioLanguage(), { style: 'percent', maximumFractionDigits: digits }).format(share)
}
export function number(value: number, digits = 0): string {
  return new Intl.NumberFormat(studioLanguage(), { maximumFractionDigits: digits }).format(value)
}
export function clock(iso: string): string {
  return new Intl.DateTimeFormat(studioLanguage(), { hour: '2-digit', minute: '2-digit', hour12: false }).format(
    new Date(iso),
  )
}
export function fullTime(iso: string): string {
  return new Intl.DateTimeFormat(studioLanguage(), { dateStyle: 'long', timeStyle: 'medium', hour12: false }).format(
    new Date(iso),
  )
}

const steps: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

export function relativeTime(iso: string, now = Date.now()): string {
  const seconds = (new Date(iso).getTime() - now) / 1000
  const format = new Intl.RelativeTimeFormat(studioLanguage(), { numeric: 'auto' })
  for (const [unit, size] of steps)
    if (Math.abs(seconds) >= size) return format.format(Math.trunc(seconds / size), unit)
  return i18next.t('justNow', { ns: 'app' })
}

/** `language` as people of the studio's language call it; Chinese by its script, where readers tell them apart. */
export function languageName(tag: string): string {
  const simplified = studioLanguage().startsWith('zh') ? 'zh-Hans' : 'zh'
  const scripts: Record<string, string> = { 'zh-CN': simplified, 'zh-TW': 'zh-Hant', 'zh-HK': 'zh-Hant' }
  return (
    new Intl.DisplayNames([studioLanguage()], { type: 'language', fallback: 'code' }).of(scripts[tag] ?? tag) ?? tag
  )
}

/** A length of time as words: `3 s`, `2 min 10 s`. */
export function useDuration(): (seconds: number) => string {
  const { t } = useTranslation()
  return (seconds) => {
    if (seconds < 10) return t('seconds', { value: number(seconds, 1) })
    const whole = Math.round(seconds)
    if (whole < 60) return t('seconds', { value: whole })
    return t('minutes', { minutes: Math.floor(whole / 60), seconds: whole % 60 })
  }
}

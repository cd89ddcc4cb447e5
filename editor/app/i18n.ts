import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const studioLanguages = ['zh-CN', 'en'] as const
export type StudioLanguage = (typeof studioLanguages)[number]

/** How each language calls itself. */
export const languageNames: Record<StudioLanguage, string> = { 'zh-CN': '简体中文', en: 'English' }

const storageKey = 'botloom.language'

const loaders: Record<StudioLanguage, () => Promise<{ texts: Record<string, Record<string, string>> }>> = {
  'zh-CN': () => import('../locales/zh-CN.ts'),
  en: () => import('../locales/en.ts'),
}

export function isStudioLanguage(language: string): language is StudioLanguage {
  return (studioLanguages as readonly string[]).includes(language)
}

function firstLanguage(): StudioLanguage {
  const stored = localStorage.getItem(storageKey)
  if (stored && isStudioLanguage(stored)) return stored
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en'
}

async function load(language: StudioLanguage) {
  if (i18next.hasResourceBundle(language, 'app')) return
  const { texts } = await loaders[language]()
  for (const [namespace, bundle] of Object.entries(texts)) i18next.addResourceBundle(language, namespace, bundle)
}

/**
 * Every json of `locales/<language>/` is a namespace; keys are flat (dots are part of the key). Blocks' own strings are
 * the namespace `blocks`, added by `block-texts.ts` with the registry.
 */
export async function startI18n() {
  const language = firstLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'app',
    keySeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false, bindI18nStore: 'added' },
  })
  await load(language)
  document.documentElement.lang = language
}

/** Switches the studio's language at once and remembers it. */
export async function setStudioLanguage(language: StudioLanguage) {
  await load(language)
  localStorage.setItem(storageKey, language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export function studioLanguage(): StudioLanguage {
  return isStudioLanguage(i18next.language) ? i18next.language : 'en'
}

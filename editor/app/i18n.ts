import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'

export const studioLanguages = ['zh-CN', 'en'] as const
export type StudioLanguage = (typeof studioLanguages)[number]

/** How each language calls itself. */
export const languageNames: Record<StudioLanguage, string> = { 'zh-CN': '简体中文', en: 'English' }

const storageKey = 'botloom.language'

type Texts = Record<string, Record<string, string>>

/** The studio's own texts by namespace, and those of the blocks by type. A page loads one language. */
const loaders: Record<StudioLanguage, () => Promise<[{ texts: Texts }, { blockTexts: Texts }]>> = {
  'zh-CN': () => Promise.all([import('../locales/zh-CN.ts'), import('#nodes/texts.zh-CN.gen.ts')]),
  en: () => Promise.all([import('../locales/en.ts'), import('#nodes/texts.en.gen.ts')]),
}

/** Namespaces that come with their page, so that no other page is kept waiting for them. */
const ofPages = import.meta.glob<Record<string, string>>(
  '../locales/*/{channels,chats,doctor,insights,labelling,reports,settings,sources,unanswered,webhooks}.json',
  { import: 'default' },
)
const asked = new Set<string>()

/** Keys of the namespace `blocks`: the type in front, as in `fine-tune.epochs`. */
function withTypes(blockTexts: Texts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(blockTexts).flatMap(([type, texts]) =>
      Object.entries(texts).map(([key, text]) => [`${type}.${key}`, text]),
    ),
  )
}

export function isStudioLanguage(language: string): language is StudioLanguage {
  return (studioLanguages as readonly string[]).includes(language)
}

function firstLanguage(): StudioLanguage {
  const stored = localStorage.getItem(storageKey)
  if (stored && isStudioLanguage(stored)) return stored
  return navigator.languages.some((tag) => tag.toLowerCase().startsWith('zh')) ? 'zh-CN' : 'en'
}

/** Fetches the texts of a language, once, with those of the pages that were open. */
export async function loadTexts(language: StudioLanguage) {
  await Promise.all([loadCommonTexts(language), ...[...asked].map((namespace) => loadPageTexts(namespace, language))])
}

async function loadCommonTexts(language: StudioLanguage) {
  if (i18next.hasResourceBundle(language, 'app')) return
  const [{ texts }, { blockTexts }] = await loaders[language]()
  for (const [namespace, bundle] of Object.entries({ ...texts, blocks: withTypes(blockTexts) }))
    i18next.addResourceBundle(language, namespace, bundle)
}

/** The texts of a page that brings its own; a switch of the language brings them, too. */
export async function loadPageTexts(namespace: string, language: StudioLanguage = studioLanguage()) {
  asked.add(namespace)
  // The page of the address is asked for before there is a language; what begins then brings its texts, too.
  if (!i18next.isInitialized || i18next.hasResourceBundle(language, namespace)) return
  const bundle = await ofPages[`../locales/${language}/${namespace}.json`]?.()
  i18next.addResourceBundle(language, namespace, bundle)
}

/**
 * Every json of `locales/<language>/` is a namespace; keys are flat (dots are part of the key). Blocks' own strings are
 * the namespace `blocks`.
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
  await loadTexts(language)
  document.documentElement.lang = language
}

/** Switches the studio's language at once and remembers it. */
export async function setStudioLanguage(language: StudioLanguage) {
  await loadTexts(language)
  localStorage.setItem(storageKey, language)
  await i18next.changeLanguage(language)
  document.documentElement.lang = language
}

export function studioLanguage(): StudioLanguage {
  return isStudioLanguage(i18next.language) ? i18next.language : 'en'
}

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { progressPhases } from '#kit/define-runner.ts'

/** Every namespace of a language, those that come with their page included. */
function textsOf(language: string): Record<string, Record<string, string>> {
  const folder = join(import.meta.dirname, language)
  const files = readdirSync(folder).map((name) => [
    name.slice(0, -'.json'.length),
    readFileSync(join(folder, name), 'utf8'),
  ])
  return Object.fromEntries(files.map(([namespace = '', text = '']) => [namespace, JSON.parse(text)]))
}
const en = textsOf('en')
const zh = textsOf('zh-CN')

const editor = join(import.meta.dirname, '..')
const plural = /_(zero|one|two|few|many|other)$/
const plain = (key: string) => key.replace(plural, '')
const keysOf = (texts: Record<string, string> | undefined) => new Set(Object.keys(texts ?? {}).map(plain))

/** Source files of the editor, tests and the widget (its own texts) left out. */
function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name === 'widget' || entry.name === 'locales') return []
    const path = join(folder, entry.name)
    if (entry.isDirectory()) return sources(path)
    return /\.tsx?$/.test(entry.name) && !/\.test\.tsx?$/.test(entry.name) ? [path] : []
  })
}

/** `t('key')` calls by namespace: the key's own prefix, the file's `useTranslation`, or any where `t` was handed in. */
function usedKeys(source: string): { namespace: string; key: string }[] {
  const hook = /useTranslation\(\[?\s*(?:'([\w-]+)')?/.exec(source)
  const namespace = hook ? (hook[1] ?? 'app') : 'any'
  const calls = [...source.matchAll(/\bt\(\s*'([^'\n]+)'/g), ...source.matchAll(/i18nKey="([^"]+)"/g)]
  return calls.map((call) => {
    const [first = '', ...rest] = (call[1] ?? '').split(':')
    return rest.length > 0 ? { namespace: first, key: rest.join(':') } : { namespace, key: first }
  })
}

describe('texts of the studio', () => {
  it('has the same namespaces in both languages', () => {
    expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
  })

  it.each(Object.keys(en))('has the same keys in both languages: %s', (namespace) => {
    expect([...keysOf(zh[namespace])].sort()).toEqual([...keysOf(en[namespace])].sort())
  })

  it.each(Object.keys(en))('fills the same places in both languages: %s', (namespace) => {
    const places = (text: string) => [...new Set(text.match(/\{\{\w+\}\}/g) ?? [])]
    for (const [key, text] of Object.entries(zh[namespace] ?? {})) {
      const others = Object.entries(en[namespace] ?? {})
        .filter(([other]) => plain(other) === plain(key))
        .flatMap(([, words]) => places(words))
      // A plural form may do without the number or the name; a place that only one language knows is a mistake.
      for (const place of places(text))
        expect([...others, '{{count}}', '{{name}}'], `${namespace}:${key}`).toContain(place)
    }
  })

  it.each([
    ['en', en, ['one', 'other']],
    ['zh-CN', zh, ['other']],
  ] as const)('has every plural form that %s needs', (_, texts, forms) => {
    for (const [namespace, bundle] of Object.entries(texts))
      for (const key of Object.keys(bundle))
        if (plural.test(key))
          for (const form of forms) expect(Object.keys(bundle), namespace).toContain(`${plain(key)}_${form}`)
  })

  it('has a word for each phase of a run, and for no other', () => {
    const named = Object.keys(en.runs ?? {}).filter((key) => key.startsWith('phase.'))
    expect(named.sort()).toEqual(progressPhases.map((phase) => `phase.${phase}`).sort())
  })

  it('lacks no key that the code asks for', () => {
    const all = Object.values(en).flatMap((bundle) => [...keysOf(bundle)])
    // A `t` that was handed in may put a group in front of its keys.
    const known = (namespace: string, key: string) =>
      namespace === 'any' ? all.some((one) => one === key || one.endsWith(`.${key}`)) : keysOf(en[namespace]).has(key)
    const missing = sources(editor).flatMap((path) =>
      usedKeys(readFileSync(path, 'utf8'))
        .filter(({ namespace, key }) => namespace !== 'blocks' && !known(namespace, key))
        .map(({ namespace, key }) => `${path.slice(editor.length + 1)}: ${namespace}:${key}`),
    )
    expect(missing).toEqual([])
  })
})

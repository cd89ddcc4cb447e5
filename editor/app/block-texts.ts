import i18next from 'i18next'
import { blockTexts } from '#nodes/registry.gen.ts'
import { studioLanguages } from './i18n.ts'

/** Gives i18next the blocks' strings as the namespace `blocks`, keys written with the type in front: `fine-tune.epochs`. */
export function addBlockTexts() {
  for (const language of studioLanguages) {
    const bundle: Record<string, string> = {}
    for (const [type, texts] of Object.entries(blockTexts[language] ?? {}))
      for (const [key, text] of Object.entries(texts)) bundle[`${type}.${key}`] = text
    i18next.addResourceBundle(language, 'blocks', bundle, true, true)
  }
}

import { z } from 'zod'
import { BotloomError } from '#kit'
import type { ParsedRecords } from '../records.ts'
import type { Archive } from './archive.ts'
import { type Labelled, leaveOut, nothingLabelled, toParsed } from './labelled.ts'

/** Untrusted JSON of Dialogflow: what is not asked for may be anything. */
const part = z.object({
  text: z.string(),
  alias: z.string().optional(),
  meta: z.string().optional(),
  parameterId: z.string().optional(),
})
const essentialsPhrase = z.object({ isTemplate: z.boolean().optional(), data: z.array(part) })
const essentialsIntent = z.object({ name: z.string().min(1), fallbackIntent: z.boolean().optional() })
const phrase = z.object({ parts: z.array(part), languageCode: z.string().optional() })
const phrases = z.object({ trainingPhrases: z.array(z.unknown()) })
const intentNames = z.object({
  displayName: z.string().min(1),
  isFallback: z.boolean().optional(),
})
const wholeIntents = z.object({ intents: z.array(z.unknown()).min(1) })

const essentialsFile = /(?:^|\/)intents\/([^/]+)_usersays_([A-Za-z-]{2,12})\.json$/u
const cxFile = /(?:^|\/)intents\/([^/]+)\/trainingPhrases\/([A-Za-z-]{2,12})\.json$/u
const cxEntities = /(?:^|\/)entityTypes\/[^/]+\/entities\/[^/]+\.json$/u
const essentialsEntities = /(?:^|\/)entities\/[^/]+_entries_[A-Za-z-]{2,12}\.json$/u

export const isEssentials = ({ names }: Archive): boolean => names.some((name) => essentialsFile.test(name))
export const isCx = ({ names }: Archive): boolean => names.some((name) => cxFile.test(name))

/** An agent of Dialogflow ES as it is exported: a zip with the training phrases of each intent and language in a file. */
export function readEssentials(archive: Archive): Omit<ParsedRecords, 'guess'> {
  const into = nothingLabelled()
  for (const name of archive.names) {
    const found = essentialsFile.exec(name)
    if (!found) continue
    const [, fileName = '', language = ''] = found
    const said = essentialsIntent.safeParse(jsonOf(archive, name.replace(/_usersays_[^/]*$/u, '.json')))
    const intent = said.data?.name ?? fileName
    const list = z.array(z.unknown()).safeParse(jsonOf(archive, name))
    for (const item of list.data ?? []) {
      const one = essentialsPhrase.safeParse(item)
      if (!one.success) addBroken(into, item)
      else if (said.data?.fallbackIntent) leaveOut(into, 'fallbacks')
      else if (one.data.isTemplate) leaveOut(into, 'templates')
      else addParts(into, one.data.data, { intent, language })
    }
  }
  leaveOut(into, 'entity-lists', archive.names.filter((name) => essentialsEntities.test(name)).length)
  return toParsed(into, 'dialogflow-es')
}

/** An agent of Dialogflow CX as it is exported: a folder for each intent, with its training phrases by language. */
export function readCx(archive: Archive): Omit<ParsedRecords, 'guess'> {
  const into = nothingLabelled()
  for (const name of archive.names) {
    const found = cxFile.exec(name)
    if (!found) continue
    const [, folder = '', language = ''] = found
    const own = name.replace(/trainingPhrases\/[^/]*$/u, `${folder}.json`)
    const said = intentNames.safeParse(jsonOf(archive, own)).data
    const list = phrases.safeParse(jsonOf(archive, name)).data?.trainingPhrases ?? []
    addPhrases(into, list, { intent: said?.displayName ?? folder, fallback: said?.isFallback === true, language })
  }
  leaveOut(into, 'entity-lists', archive.names.filter((name) => cxEntities.test(name)).length)
  return toParsed(into, 'dialogflow-cx')
}

/** Intents of Dialogflow CX as one JSON file; null for any other JSON. */
export function readCxJson(value: unknown): Omit<ParsedRecords, 'guess'> | null {
  const list = wholeIntents.safeParse(value).data?.intents ?? [value]
  const intents = list.map((item) => ({ names: intentNames.safeParse(item).data, own: phrases.safeParse(item).data }))
  if (!intents.some(({ names, own }) => names && own)) return null
  const into = nothingLabelled()
  for (const { names, own } of intents) {
    if (!names) continue
    addPhrases(into, own?.trainingPhrases ?? [], { intent: names.displayName, fallback: names.isFallback === true })
    if (!own) leaveOut(into, 'empty-intents')
  }
  return toParsed(into, 'dialogflow-cx')
}

function addPhrases(
  into: Labelled,
  list: readonly unknown[],
  { intent, fallback, language }: { intent: string; fallback: boolean; language?: string },
): void {
  for (const item of list) {
    const one = phrase.safeParse(item)
    if (!one.success) addBroken(into, item)
    // What a bot should not understand is no example of a topic.
    else if (fallback) leaveOut(into, 'fallbacks')
    else addParts(into, one.data.parts, { intent, language: one.data.languageCode ?? language })
  }
}

/** A part has the name of its parameter; one that was marked without any has that of its type. */
function addParts(
  into: Labelled,
  parts: readonly z.infer<typeof part>[],
  given: { intent: string; language?: string },
): void {
  let text = ''
  const spans: Labelled['examples'][number]['spans'] = []
  for (const one of parts) {
    const type = one.parameterId || one.alias || one.meta?.replace(/^@/u, '') || ''
    if (type !== '' && one.meta !== '@sys.ignore' && one.text.trim() !== '')
      spans.push({ start: text.length, end: text.length + one.text.length, type })
    text += one.text
  }
  if (text.trim() !== '') into.examples.push({ line: nextLine(into), ...given, text, spans })
}

function addBroken(into: Labelled, item: unknown): void {
  into.broken.push({ line: nextLine(into), reason: 'not-an-example', raw: (JSON.stringify(item) ?? '').slice(0, 500) })
}

/** Files in an archive have no lines in common: phrases are numbered through. */
const nextLine = ({ examples, broken }: Labelled): number => examples.length + broken.length + 1

/** Undefined for a file that is not there. Throws `data-zip` for one that is not JSON. */
function jsonOf(archive: Archive, name: string): unknown {
  const bytes = archive.bytes(name)
  if (!bytes) return undefined
  try {
    return JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/u, ''))
  } catch (error) {
    throw new BotloomError('data-zip', { file: archive.file, detail: name.slice(0, 200) }, { cause: error })
  }
}

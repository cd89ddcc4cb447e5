import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BotloomError, language, localText, pickText } from '#kit'
import type { GraphDocument, ParameterRecord } from '#runtime/graph/document.ts'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { valueAt, withValueAt } from '#runtime/graph/pointer.ts'
import { type NodeRegistry, parseConfig } from '#runtime/graph/registry.ts'
import type { ChatTest, TemplateView } from '#server/api/dto.ts'
import { parseTemplateTest } from '#server/chat-tests/template-test.ts'
import type { TestStore } from '#server/chat-tests/test-store.ts'
import type { IncomingRow, SetStore } from '#server/data/set-store.ts'
import { newId } from '#server/new-id.ts'
import type { RemoveBot } from './bot-removal.ts'
import type { BotRow, BotStore } from './bot-store.ts'

const parameter = z.object({
  id: z.string(),
  type: z.enum(['text', 'local-text', 'choice', 'url', 'languages']),
  title: localText,
  default: z.union([z.string(), localText, z.array(z.string())]),
  options: z.array(z.object({ value: z.string(), title: localText })).optional(),
})
type Parameter = z.infer<typeof parameter>
const inside = z.string().regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/)
const manifest = z.object({
  id: z.string(),
  version: z.string(),
  industry: z.string(),
  name: localText,
  description: localText,
  graph: inside,
  sets: z.array(
    z.object({
      id: z.string(),
      name: localText,
      /** Left out where the records are the person's own. */
      rows: inside.optional(),
      outOfScope: inside.optional(),
      labels: inside.optional(),
    }),
  ),
  parameters: z.array(parameter),
})
type Manifest = z.infer<typeof manifest>
const templateRow = z.object({ text: z.string(), intent: z.string().optional(), language: z.string().optional() })
/** A JSON pointer into the graph to the text that stands there in this language. */
const translation = z.record(z.string(), z.string())
const labelGuide = z.record(z.string(), z.object({ name: localText }))

export type Templates = ReturnType<typeof createTemplates>

/** The bundles below nodes/templates: read from their files, instantiated by the one code that the first start uses too. */
export function createTemplates(deps: {
  folder: string
  registry: NodeRegistry
  bots: BotStore
  removeBot: RemoveBot
  sets: SetStore
  tests: TestStore
}) {
  const { folder, registry, bots, removeBot, sets, tests } = deps

  async function readJson(template: string, file: string): Promise<unknown> {
    try {
      return JSON.parse(await readFile(join(folder, template, file), 'utf8'))
    } catch (error) {
      throw broken(template, `${file}: ${error instanceof Error ? error.message : error}`)
    }
  }

  async function readManifest(template: string): Promise<Manifest> {
    const parsed = manifest.safeParse(await readJson(template, 'manifest.json'))
    if (!parsed.success) throw broken(template, z.prettifyError(parsed.error))
    return parsed.data
  }

  async function readRows(template: string, file: string | undefined) {
    if (file === undefined) return []
    const text = await readFile(join(folder, template, file), 'utf8').catch(() => {
      throw broken(template, file)
    })
    return text
      .split('\n')
      .filter((line) => line.trim() !== '')
      .map((line) => templateRow.parse(JSON.parse(line)))
  }

  async function names(): Promise<string[]> {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries
      .filter((entry) => entry.isDirectory())
      .map((entry) => entry.name)
      .sort()
  }

  return {
    async list(): Promise<TemplateView[]> {
      const views: TemplateView[] = []
      for (const name of await names()) {
        const found = await readManifest(name)
        const document = parseDocument(await readJson(name, found.graph))
        const rows = (await Promise.all(found.sets.map((set) => readRows(name, set.rows)))).flat()
        views.push({
          id: found.id,
          version: found.version,
          industry: found.industry,
          name: found.name,
          description: found.description,
          blocks: Object.keys(document.nodes).length,
          labels: new Set(rows.map((row) => row.intent)).size,
          rows: rows.length,
          parameters: found.parameters,
        })
      }
      return views
    },

    /**
     * A bot from a template: parameters filled, records imported, references led to the new sets. `locale` names blocks,
     * sets and labels. Throws `not-found` for an unknown template and takes back everything when a part fails.
     */
    async instantiate(
      workspace: string,
      template: string,
      given: {
        name: string
        slug?: string
        parameters?: Record<string, unknown>
        locale: string
        origins?: string[]
        allowServerCallers?: boolean
      },
    ): Promise<BotRow> {
      if (!(await names()).includes(template)) throw new BotloomError('not-found', { what: 'template' })
      const found = await readManifest(template)
      const id = newId('bot')
      const setIds = new Map(found.sets.map((set) => [set.id, newId('set')]))
      const graph = parseDocument(await inLanguage(template, await readJson(template, found.graph), given.locale))
      const document = withSets(fillParameters({ ...graph, id }, found.parameters, given.parameters ?? {}), setIds)
      document.origin = { template: found.id, version: found.version }
      const bot = await bots.create(workspace, {
        id,
        name: given.name,
        slug: given.slug,
        template: found.id,
        origins: given.origins,
        allowServerCallers: given.allowServerCallers,
        document,
      })
      try {
        for (const set of found.sets) {
          const setId = await sets.create(workspace, id, pickText(set.name, given.locale), setIds.get(set.id))
          const rows = await incomingRows(template, set, given.locale)
          if (rows.length > 0) await sets.importRows(workspace, setId, rows, `template ${found.id}`)
        }
        const conversations = await testsOf(template, document, found.parameters)
        // Those that the person can read first.
        const isOwn = (test: ChatTest) => Number(test.language === given.locale)
        conversations.sort((a, b) => isOwn(b) - isOwn(a))
        await tests.add(workspace, id, conversations)
      } catch (error) {
        await removeBot(workspace, id)
        throw error
      }
      return bot
    },
  }

  /** The template's conversations that fit the bot, in the order of their files. */
  async function testsOf(
    template: string,
    document: GraphDocument,
    parameters: readonly Parameter[],
  ): Promise<ChatTest[]> {
    const files: string[] = await readdir(join(folder, template, 'tests')).catch(() => [])
    const bot = {
      languages: document.languages,
      now: new Date().toISOString(),
      filled: (words: string, language: string) =>
        parameters.reduce((text, { id, default: before }) => {
          const after = document.parameters[id]?.value
          return after === undefined ? text : replaceWords(text, wordsOf(before, language), wordsOf(after, language))
        }, words),
    }
    const found = files
      .filter((file) => file.endsWith('.json'))
      .sort()
      .map(async (file) => parseTemplateTest(await readJson(template, `tests/${file}`), bot))
    return (await Promise.all(found)).filter((test) => test !== null)
  }

  /** The graph with the names that its builders read in their language, where the bundle has them (`translations/<locale>.json`). */
  async function inLanguage(template: string, graph: unknown, locale: string): Promise<unknown> {
    const files: string[] = await readdir(join(folder, template, 'translations')).catch(() => [])
    const file = `${locale}.json`
    if (!files.includes(file)) return graph
    const words = translation.safeParse(await readJson(template, `translations/${file}`))
    if (!words.success) throw broken(template, `translations/${file}: ${z.prettifyError(words.error)}`)
    return Object.entries(words.data).reduce<unknown>((document, [pointer, text]) => {
      if (typeof valueAt(document, pointer) !== 'string') throw broken(template, `translations/${file}: ${pointer}`)
      return withValueAt(document, pointer, text)
    }, graph)
  }

  async function incomingRows(template: string, set: Manifest['sets'][number], locale: string): Promise<IncomingRow[]> {
    const guide = set.labels ? labelGuide.parse(await readJson(template, set.labels)) : {}
    const rows = await readRows(template, set.rows)
    const outside = await readRows(template, set.outOfScope)
    // The newest rows are shown first: what the bot is about comes after what it is not about.
    return [
      ...outside.map((row) => ({ text: row.text, label: null, outOfScope: true, language: row.language })),
      ...rows.map((row) => ({
        text: row.text,
        label: row.intent ? (guide[row.intent] ? pickText(guide[row.intent]!.name, locale) : row.intent) : null,
        // The graph's ports name labels by these ids, whatever the names are in a language.
        labelId: row.intent ? `lbl_${row.intent}` : undefined,
        language: row.language,
      })),
    ]
  }

  /** Configs with their defaults filled, and set references led from the manifest's names to the bot's own sets. */
  function withSets(document: GraphDocument, setIds: ReadonlyMap<string, string>): GraphDocument {
    const nodes: GraphDocument['nodes'] = {}
    for (const node of Object.values(document.nodes)) {
      const definition = registry.nodes[node.type]
      if (!definition) throw broken(document.id, node.type)
      const config = { ...parseConfig(registry, node) }
      for (const { path, ref, value } of fieldRefs(definition, config))
        if (ref === 'set') config[path] = setIds.get(value) ?? ''
      nodes[node.id] = { ...node, version: definition.version, config }
    }
    return { ...document, nodes }
  }
}

/** A parameter's value as texts in one language show it; null for a list. */
function wordsOf(value: Parameter['default'], language: string): string | null {
  return typeof value === 'string' ? value : Array.isArray(value) ? null : pickText(value, language)
}

function replaceWords(text: string, before: string | null, after: string | null): string {
  return before && after !== null && before !== after ? text.replaceAll(before, after) : text
}

function broken(template: string, detail: string): BotloomError {
  return new BotloomError('template-broken', { template, detail })
}

/** Puts the form's values where the graph's texts find them; unknown or wrong values are refused. */
function fillParameters(
  document: GraphDocument,
  parameters: readonly Parameter[],
  values: Record<string, unknown>,
): GraphDocument {
  for (const key of Object.keys(values))
    if (!parameters.some((one) => one.id === key))
      throw new BotloomError('invalid-request', { at: key, issue: 'unknown-parameter' })
  const filled: Record<string, ParameterRecord> = { ...document.parameters }
  let languages = document.languages
  for (const one of parameters) {
    const value = parameterValue(one, values[one.id])
    filled[one.id] = {
      id: one.id,
      name: document.parameters[one.id]?.name ?? one.id,
      title: one.title,
      type: one.type,
      ...(one.options ? { options: one.options } : {}),
      value,
    }
    if (one.type === 'languages' && Array.isArray(value) && value.length > 0) languages = value
  }
  return parseDocument({ ...document, parameters: filled, languages })
}

function parameterValue(one: Parameter, given: unknown): Parameter['default'] {
  if (given === undefined || given === null || given === '') return one.default
  const wrong = () => new BotloomError('invalid-request', { at: one.id, issue: 'other' })
  if (one.type === 'languages') {
    const parsed = z.array(language).min(1).safeParse(given)
    if (!parsed.success) throw wrong()
    return parsed.data
  }
  if (one.type === 'local-text' && typeof given === 'object') {
    const parsed = localText.safeParse(given)
    if (!parsed.success) throw wrong()
    // A language that was left empty keeps the template's words.
    const kept = Object.entries(parsed.data).filter(([, text]) => text.trim() !== '')
    return { ...(typeof one.default === 'object' ? one.default : {}), ...Object.fromEntries(kept) }
  }
  if (typeof given !== 'string' || given.length > 2_000) throw wrong()
  if (one.type === 'choice' && !one.options?.some((option) => option.value === given)) throw wrong()
  if (one.type === 'url' && !/^https?:\/\//.test(given)) throw wrong()
  if (one.type === 'local-text' && typeof one.default === 'object' && !Array.isArray(one.default))
    return Object.fromEntries(Object.keys(one.default).map((tag) => [tag, given]))
  return given
}

import fc from 'fast-check'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { registry } from '#editor/document/registry.ts'
import { canonicalJson } from '#runtime/graph/canonical.ts'
import type { Clash, GraphDiff } from '#runtime/graph/diff.ts'
import { applyDiff } from '#runtime/graph/diff-apply.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { pointerOf, valueAt } from '#runtime/graph/pointer.ts'
import { toRecords } from '#runtime/graph/records.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import { createDraftStore } from '#server/bots/draft-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { createEventLog, type EventLog } from '#server/realtime/event-log.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { createDraft, type Draft } from './draft.ts'
import { addBlock, moveBlocks, removeBlocks, renameBlock, setField } from './edits.ts'
import { noHistory } from './history.ts'

/**
 * Two people on one draft, against the real store: their edits, what each sends, loses and hears, in any order. What must
 * hold is worked out here from the stored diffs alone, without the code that finds clashes.
 */
const workspace = 'wsp_test'
const noFacts = { labels: {}, rows: {} }
const extra = { facts: noFacts, problems: [], states: [] }
let database: OpenDatabase
let events: EventLog
let drafts: ReturnType<typeof createDraftStore>
let nextBot = 0

beforeAll(async () => {
  database = await embeddedDatabase()
  events = await createEventLog(database)
  drafts = createDraftStore({ db: database.db, registry, events })
})
afterAll(async () => {
  await events.close()
  await database.close()
})

function sampleDocument(bot: string): GraphDocument {
  const document = emptyDocument(bot)
  for (const [id, type] of Object.entries({ start: 'start', hello: 'say', bye: 'say' })) {
    const definition = registry.nodes[type]!
    const config: Record<string, unknown> = { ...definition.config.parse({}) }
    document.nodes[id] = { id, type, version: definition.version, dialog: 'main', config }
    document.view.positions[id] = { x: 0, y: 0 }
  }
  return document
}

interface Client {
  draft: Draft
  /** The revision that is on the screen. */
  known: number
  /** Of each change, the revision that was on the screen when it was made. */
  madeOn: Map<string, number>
  cutOff: boolean
  /** Holds answers back, or lets them through. */
  hold: (wanted: boolean) => void
  held: boolean
  sending: Promise<void>[]
  unheard: Extract<StudioEvent, { type: 'draft.changed' }>[]
}
interface Pushed {
  who: number
  revision: number
  diff: GraphDiff
}

/** Everything that happens on the way of two clients to the real store. */
async function twoClients(bot: string): Promise<{ clients: [Client, Client]; log: Pushed[] }> {
  await database.db.insert(bots).values({ id: bot, workspaceId: workspace, slug: bot, name: bot })
  await database.db.transaction((tx) => drafts.create(tx, workspace, bot, sampleDocument(bot)))
  const log: Pushed[] = []
  const clients: Client[] = []
  for (const who of [0, 1]) {
    let held: Promise<void> | null = null
    let release = () => {}
    const client: Client = {
      known: 1,
      madeOn: new Map(),
      cutOff: false,
      held: false,
      hold(wanted) {
        if (wanted === client.held) return
        client.held = wanted
        if (wanted)
          held = new Promise((resolve) => {
            release = resolve
          })
        else {
          held = null
          release()
        }
      },
      sending: [],
      unheard: [],
      draft: createDraft({
        door: {
          async load() {
            if (client.cutOff) throw { status: 0 }
            const draft = await drafts.load(workspace, bot)
            client.known = draft.revision
            return { ...draft, ...extra }
          },
          async push(_, push) {
            if (client.cutOff) throw { status: 0 }
            const { draft, clashes, others, applied } = await drafts.push(workspace, bot, push, `usr_${who}`)
            const first = draft.revision - applied.length
            for (const [index, diff] of applied.entries()) log.push({ who, revision: first + index + 1, diff })
            if (applied.length > 0)
              for (const one of clients)
                one.unheard.push({ type: 'draft.changed', revision: draft.revision, diffs: applied, by: `usr_${who}` })
            if (held) await held
            if (client.cutOff) throw { status: 0 }
            client.known = draft.revision
            return { ...draft, clashes, others, ...extra }
          },
        },
        shelf: { leftBehind: async () => [], forget() {}, put: () => true },
        histories: { take: async () => noHistory, put() {} },
        clashes: { list: () => [], keep() {}, settle() {} },
      }),
    }
    await client.draft.open(bot)
    clients.push(client)
  }
  return { clients: clients as [Client, Client], log }
}

const step = fc.record({
  who: fc.constantFrom(0, 1),
  what: fc.constantFrom(
    ...(['text', 'text', 'whole', 'name', 'move', 'add', 'remove', 'undo', 'redo'] as const),
    ...(['send', 'send', 'hold', 'hear', 'hear', 'cut'] as const),
  ),
  node: fc.constantFrom('hello', 'bye'),
  language: fc.constantFrom('en', 'fr'),
  text: fc.constantFrom<string>('a', 'b', 'c', 'd'),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** True where it changed the document. */
function perform(client: Client, { what, node, language, text }: Step): boolean {
  const { draft } = client
  const before = draft.getState().history
  if (what === 'undo') draft.undo()
  else if (what === 'redo') draft.redo()
  else if (what === 'send') client.sending.push(draft.flush().catch(() => {}))
  else if (what === 'hold') client.hold(!client.held)
  else if (what === 'cut') client.cutOff = !client.cutOff
  else if (what === 'hear') {
    const event = client.cutOff ? undefined : client.unheard.shift()
    if (!event) return false
    draft.receive(event)
    // On the screen at once, unless an answer is awaited: then the answer brings it.
    if (draft.getState().save.kind !== 'saving') client.known = Math.max(client.known, event.revision)
  } else
    draft.commit(
      (document) => {
        const config = document.nodes[node]?.config
        if (what === 'text' && config)
          setField(document, node, 'text', { ...(config.text as object), [language]: text })
        else if (what === 'whole') setField(document, node, 'text', { en: text })
        else if (what === 'name') renameBlock(document, node, text)
        else if (what === 'move') moveBlocks(document, { [node]: { x: text.charCodeAt(0) * 4, y: 0 } })
        else if (what === 'add') addBlock(document, 'say', { x: 0, y: 0 })
        else if (what === 'remove') removeBlocks(document, noFacts, [node])
      },
      { label: 'edit', allowLargeRemoval: true },
    )
  const after = draft.getState().history
  const made = after === before ? undefined : (what === 'undo' ? after.future : after.past).at(-1)
  if (made && !client.madeOn.has(made.diff.id)) client.madeOn.set(made.diff.id, client.known)
  return made !== undefined
}

const nextTurn = () => new Promise((resolve) => setImmediate(resolve))

/** Every value in a record by its path, lists as a whole. */
function leaves(value: unknown, path: string[] = []): [path: string, value: unknown][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[pointerOf(path), value]]
  return Object.entries(value).flatMap(([key, inner]) => leaves(inner, [...path, key]))
}

/** Values that one client set and that a change of the other, made without knowing them, took away. */
function lostValues(start: GraphDocument, log: readonly Pushed[], clients: readonly Client[]) {
  const lost: { whoTook: number; record: string; path: string; value: unknown }[] = []
  let before = start
  /** Index is the revision, which begins at 1. */
  const documents = [start, start]
  for (const [index, { who, diff }] of log.entries()) {
    const after = applyDiff(before, diff)
    const is = toRecords(after)
    const madeOn = clients[who]!.madeOn.get(diff.id) ?? Number.POSITIVE_INFINITY
    const seen = toRecords(documents[Math.min(madeOn, index + 1)]!)
    /** What was taken away meanwhile and put there again, stands by the doing of whoever put it there. */
    const stoodSince = (revision: number, record: string, path: string, value: unknown) =>
      documents
        .slice(revision)
        .every((document) => canonicalJson(valueAt(toRecords(document)[record], path) ?? null) === canonicalJson(value))
    const unknown = log.slice(0, index).filter((one) => one.who !== who && one.revision > madeOn)
    for (const other of unknown) {
      const set = [
        ...Object.entries(other.diff.added).flatMap(([record, value]) =>
          leaves(value).map(([path, to]) => [record, path, to] as const),
        ),
        ...Object.entries(other.diff.updated).flatMap(([record, changes]) =>
          Object.entries(changes).flatMap(([above, [, to]]) =>
            leaves(to).map(([path, value]) => [record, above + path, value] as const),
          ),
        ),
      ]
      for (const [record, path, value] of set) {
        const stood = stoodSince(other.revision, record, path, value)
        const stands = canonicalJson(valueAt(is[record], path) ?? null) === canonicalJson(value)
        const knew = canonicalJson(valueAt(seen[record], path) ?? null) === canonicalJson(value)
        if (stood && !stands && !knew && is[record] !== undefined && value !== null)
          lost.push({ whoTook: who, record, path, value })
      }
    }
    // Its own change found the block deleted by the other.
    for (const [record, changes] of Object.entries(diff.updated))
      if (is[record] === undefined && unknown.some((one) => Object.hasOwn(one.diff.removed, record)))
        for (const [path, [, to]] of Object.entries(changes)) lost.push({ whoTook: who, record, path, value: to })
    // It deleted what the other had changed.
    for (const record of Object.keys(diff.removed))
      for (const other of unknown)
        for (const [path, [, to]] of Object.entries(other.diff.updated[record] ?? {})) {
          const stood = stoodSince(other.revision, record, path, to)
          const knew = canonicalJson(valueAt(seen[record], path) ?? null) === canonicalJson(to)
          if (stood && !knew && to !== null) lost.push({ whoTook: who, record, path, value: to })
        }
    before = after
    documents.push(after)
  }
  return { lost, end: before }
}

const tells = (clash: Clash, record: string, path: string, value: unknown): boolean =>
  clash.record === record &&
  (clash.path === '' ||
    path === clash.path ||
    path.startsWith(`${clash.path}/`) ||
    clash.path.startsWith(`${path}/`)) &&
  canonicalJson(clash.other).includes(canonicalJson(value))

const writes = (who: 0 | 1, text: string): Step => ({ who, what: 'text', node: 'hello', language: 'en', text })
/** The second one moves on from where the first one had come back to, over the place where the second one had been. */
const moves = (who: 0 | 1, text: string): Step => ({ ...writes(who, text), what: 'move' })
const undoes = (who: 0 | 1): Step => ({ ...writes(who, 'a'), what: 'undo' })
const movedThere = [moves(1, 'c'), moves(1, 'a'), { ...undoes(1), what: 'send' as const }]
const comesBack = [...movedThere, moves(0, 'a'), undoes(0), undoes(1), writes(0, 'a')]
const bothPassThroughOneText = [writes(0, 'b'), writes(1, 'b'), writes(1, 'a'), writes(0, 'a')]

test('whatever two people do, send, miss and hear in whatever order, both end with one document, and no value is lost without a word', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 30 }), async (steps) => {
      const bot = `bot_${nextBot++}`
      const { clients, log } = await twoClients(bot)
      const start = clients[0].draft.getState().document
      for (const one of steps) {
        perform(clients[one.who]!, one)
        // Whatever is on its way within this process arrives, unless an answer is held back.
        await nextTurn()
      }
      for (const client of clients) {
        client.cutOff = false
        client.hold(false)
      }
      for (const client of clients) {
        await Promise.all(client.sending)
        await client.draft.flush()
      }
      for (const client of clients) for (const event of client.unheard.splice(0)) client.draft.receive(event)

      const { document } = await drafts.load(workspace, bot)
      for (const { draft } of clients) {
        await expect.poll(() => draft.getState().document).toEqual(document)
        expect(draft.getState().save.kind).toBe('saved')
      }
      const { lost, end } = lostValues(start, log, clients)
      expect(end).toEqual(document)
      for (const { whoTook, record, path, value } of lost) {
        const { clashes } = clients[whoTook]!.draft.getState()
        const told = clashes.some((clash) => tells(clash, record, path, value))
        expect(told, `${record} ${path} ${JSON.stringify(value)} is not among ${JSON.stringify(clashes)}`).toBe(true)
      }
      for (const { draft } of clients) draft.close()
    }),
    { numRuns: 60, examples: [[bothPassThroughOneText], [comesBack]] },
  )
})

test("undoing everything takes back only what is one's own and untouched since", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 20 }), async (steps) => {
      const bot = `bot_${nextBot++}`
      const { clients } = await twoClients(bot)
      const [mine, theirs] = clients
      const edits: Step[] = []
      for (const [index, drawn] of steps.entries()) {
        if (!['text', 'whole', 'name', 'move', 'add'].includes(drawn.what)) continue
        // Each value once: who sets what another had set before cannot be told from them.
        const one = { ...drawn, text: `${drawn.text}${index}` }
        const client = clients[one.who]!
        if (perform(client, one)) edits.push(one)
        await client.draft.flush()
        for (const other of clients) for (const event of other.unheard.splice(0)) other.draft.receive(event)
        await nextTurn()
      }
      const last = new Map<string, unknown>()
      for (const { who, node, what, language, text } of edits) {
        const field = what === 'text' ? `${node} text ${language}` : what === 'name' ? `${node} name` : null
        if (what === 'whole') for (const tag of ['en', 'fr']) last.delete(`${node} text ${tag}`)
        if (field) who === 1 ? last.set(field, text) : last.delete(field)
      }
      while (mine.draft.undo());
      await mine.draft.flush()
      const { document } = await drafts.load(workspace, bot)
      for (const [field, text] of last) {
        const [node = '', part, language = ''] = field.split(' ')
        const record = document.nodes[node]!
        const now = part === 'name' ? record.name : valueAt(record.config, `/text/${language}`)
        expect(now, field).toBe(text)
      }
      for (const id of Object.keys(theirs.draft.getState().document.nodes)) {
        const added = theirs.draft.getState().history.past.some(({ diff }) => Object.hasOwn(diff.added, `nodes/${id}`))
        if (added) expect(document.nodes[id]).toBeDefined()
      }
      for (const { draft } of clients) draft.close()
    }),
    { numRuns: 40 },
  )
})

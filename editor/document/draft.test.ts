import fc from 'fast-check'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { registry } from '#editor/document/registry.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { draftHash } from '#runtime/graph/hash.ts'
import type { StudioEvent } from '#server/api/dto.ts'
import { createDraftStore } from '#server/bots/draft-store.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { createEventLog, type EventLog } from '#server/realtime/event-log.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import type { DraftDoor } from './autosave.ts'
import { createClashShelf } from './clash-shelf.ts'
import { createDraft, type Draft } from './draft.ts'
import { addBlock, connect, moveBlocks, removeBlocks, renameBlock, setField } from './edits.ts'
import { createHistoryShelf } from './history-shelf.ts'
import { createShelf } from './shelf.ts'
import type { Tab } from './tab.ts'

/** A browser's storage, which outlives its tabs. */
function createStorage(): Storage {
  const items = new Map<string, string>()
  return {
    get length() {
      return items.size
    },
    key: (index) => [...items.keys()][index] ?? null,
    getItem: (key) => items.get(key) ?? null,
    setItem: (key, value) => void items.set(key, value),
    removeItem: (key) => void items.delete(key),
    clear: () => items.clear(),
  }
}

const unsentIn = (storage: Storage): string[] =>
  Array.from({ length: storage.length }, (_, index) => storage.key(index) ?? '').filter((key) =>
    key.startsWith('botloom.unsaved.'),
  )

const workspace = 'wsp_test'
const noFacts = { labels: {}, rows: {} }
let database: OpenDatabase
let events: EventLog
let drafts: ReturnType<typeof createDraftStore>
let nextBot = 0
const open: Draft[] = []

beforeAll(async () => {
  database = await embeddedDatabase()
  events = await createEventLog(database)
  drafts = createDraftStore({ db: database.db, registry, events })
})
afterEach(() => {
  for (const draft of open.splice(0)) draft.close()
  living.clear()
})
afterAll(async () => {
  await events.close()
  await database.close()
})

function sampleDocument(bot: string): GraphDocument {
  const document = emptyDocument(bot)
  for (const [id, type] of [
    ['start', 'start'],
    ['hello', 'say'],
    ['bye', 'end'],
  ] as const) {
    const definition = registry.nodes[type]!
    const config: Record<string, unknown> = { ...definition.config.parse({}) }
    document.nodes[id] = { id, type, version: definition.version, dialog: 'main', config }
    document.view.positions[id] = { x: 0, y: 0 }
  }
  connect(document, noFacts, { node: 'start', port: 'out' }, { node: 'hello', port: 'in' })
  connect(document, noFacts, { node: 'hello', port: 'out' }, { node: 'bye', port: 'in' })
  return document
}

async function newBot(): Promise<string> {
  const bot = `bot_${nextBot++}`
  await database.db.insert(bots).values({ id: bot, workspaceId: workspace, slug: bot, name: bot })
  await database.db.transaction((tx) => drafts.create(tx, workspace, bot, sampleDocument(bot)))
  return bot
}

/** The studio's door to the real draft store; `network` breaks it. */
function doorOf(network: { mode: 'up' | 'down' | 'answers-lost' }): DraftDoor {
  const extra = { facts: noFacts, problems: [], states: [] }
  return {
    async load(bot) {
      if (network.mode === 'down') throw { status: 0 }
      return { ...(await drafts.load(workspace, bot)), ...extra }
    },
    async push(bot, push) {
      if (network.mode === 'down') throw { status: 0 }
      const { draft, clashes, others } = await drafts.push(workspace, bot, push, 'usr_test')
      if (network.mode === 'answers-lost') throw { status: 0 }
      return { ...draft, clashes, others, ...extra }
    },
  }
}

const tabOf = (id: string, before: string | null = null): Tab => ({ id, before, live: async () => new Set(living) })
/** Tabs of the device that are open, by their ids; tests in which that matters add them. */
const living = new Set<string>()

async function openTab(
  bot: string,
  options: {
    storage?: Storage
    tab?: string
    before?: string
    network?: { mode: 'up' | 'down' | 'answers-lost' }
    now?: () => number
  } = {},
): Promise<Draft> {
  const storage = options.storage ?? createStorage()
  const tab = tabOf(options.tab ?? 'tab_a', options.before)
  const draft = createDraft({
    door: doorOf(options.network ?? { mode: 'up' }),
    shelf: createShelf(storage, tab),
    histories: createHistoryShelf(storage, tab),
    clashes: createClashShelf(storage),
    now: options.now,
  })
  open.push(draft)
  await draft.open(bot)
  return draft
}

const stored = async (bot: string) => (await drafts.load(workspace, bot)).document
const setText = (draft: Draft, node: string, text: string, merge?: string) =>
  draft.commit((document) => setField(document, node, 'text', { en: text }), { label: 'edit', merge })
const textOf = (document: GraphDocument, node: string) => document.nodes[node]?.config.text

describe('saving', () => {
  test('a draft says saved only when the server has acknowledged the hash of what is shown', async () => {
    const bot = await newBot()
    const draft = await openTab(bot)
    expect(draft.getState().save.kind).toBe('saved')
    setText(draft, 'hello', 'Hi')
    expect(draft.getState().save.kind).toBe('unsaved')
    await draft.flush()
    expect(draft.getState().save.kind).toBe('saved')
    expect(await stored(bot)).toEqual(draft.getState().document)
    expect((await drafts.load(workspace, bot)).draftHash).toBe(draftHash(draft.getState().document))
  })

  test('what was done offline is still there when the tab is closed and the bot is opened in another one', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const network: { mode: 'up' | 'down' } = { mode: 'up' }
    const draft = await openTab(bot, { storage, tab: 'tab_a', network })
    network.mode = 'down'
    setText(draft, 'hello', 'written on a train')
    await expect(draft.flush()).rejects.toEqual({ status: 0 })
    expect(draft.getState().save).toEqual({ kind: 'offline', onDevice: true })
    draft.close()
    expect(textOf(await stored(bot), 'hello')).toEqual({})

    const next = await openTab(bot, { storage, tab: 'tab_b' })
    expect(textOf(next.getState().document, 'hello')).toEqual({ en: 'written on a train' })
    await next.flush()
    expect(next.getState().save.kind).toBe('saved')
    expect(textOf(await stored(bot), 'hello')).toEqual({ en: 'written on a train' })
    expect(unsentIn(storage)).toEqual([])
  })

  test('back online, everything done meanwhile arrives in order', async () => {
    const bot = await newBot()
    const network: { mode: 'up' | 'down' } = { mode: 'down' }
    network.mode = 'up'
    const draft = await openTab(bot, { network })
    network.mode = 'down'
    setText(draft, 'hello', 'one')
    await expect(draft.flush()).rejects.toBeDefined()
    draft.commit((document) => void addBlock(document, 'say', { x: 8, y: 8 }), { label: 'add' })
    setText(draft, 'hello', 'two')
    network.mode = 'up'
    await draft.flush()
    expect(draft.getState().save.kind).toBe('saved')
    expect(await stored(bot)).toEqual(draft.getState().document)
  })

  test('an answer that got lost doubles nothing: the same change is sent again and known', async () => {
    const bot = await newBot()
    const network: { mode: 'up' | 'answers-lost' } = { mode: 'up' }
    const draft = await openTab(bot, { network })
    network.mode = 'answers-lost'
    draft.commit((document) => void addBlock(document, 'say', { x: 8, y: 8 }), { label: 'add' })
    await expect(draft.flush()).rejects.toBeDefined()
    const { revision } = await drafts.load(workspace, bot)
    network.mode = 'up'
    await draft.flush()
    expect(draft.getState().save.kind).toBe('saved')
    expect((await drafts.load(workspace, bot)).revision).toBe(revision)
    expect(await stored(bot)).toEqual(draft.getState().document)
  })

  test('a removal of most blocks that nobody asked for is refused, and the work stays on the screen', async () => {
    const bot = await newBot()
    const draft = await openTab(bot)
    draft.commit((document) => removeBlocks(document, noFacts, ['hello', 'bye']), { label: 'delete' })
    await expect(draft.flush()).rejects.toBeDefined()
    expect(draft.getState().save.kind).toBe('refused')
    expect(Object.keys(draft.getState().document.nodes)).toEqual(['start'])
    expect(Object.keys((await stored(bot)).nodes)).toHaveLength(3)
  })

  test('the same removal goes through when the person asked for it', async () => {
    const bot = await newBot()
    const draft = await openTab(bot)
    draft.commit((document) => removeBlocks(document, noFacts, ['hello', 'bye']), {
      label: 'delete',
      allowLargeRemoval: true,
    })
    await draft.flush()
    expect(Object.keys((await stored(bot)).nodes)).toEqual(['start'])
  })
})

describe('two tabs', () => {
  test('changes of different fields are both kept', async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    setText(a, 'hello', 'from a')
    setText(b, 'bye', 'from b')
    await a.flush()
    await b.flush()
    const document = await stored(bot)
    expect(textOf(document, 'hello')).toEqual({ en: 'from a' })
    expect(textOf(document, 'bye')).toEqual({ en: 'from b' })
    expect(b.getState().document).toEqual(document)
    expect(b.getState().clashes).toEqual([])
  })

  test('on the same field the later value stands, the other is shown and can be taken', async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    setText(a, 'hello', 'from a')
    setText(b, 'hello', 'from b')
    await a.flush()
    await b.flush()
    expect(textOf(await stored(bot), 'hello')).toEqual({ en: 'from b' })
    const [clash] = b.getState().clashes
    expect(clash).toMatchObject({ record: 'nodes/hello', kept: 'from b', other: 'from a' })
    b.settleClash(clash!, 'other')
    expect(b.getState().clashes).toEqual([])
    await b.flush()
    expect(textOf(await stored(bot), 'hello')).toEqual({ en: 'from a' })
  })

  test('a clash outlives the page, in any tab of the device, until somebody settles it', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const [a, b] = [await openTab(bot, { tab: 'tab_x' }), await openTab(bot, { storage, tab: 'tab_a' })]
    setText(a, 'hello', 'from a')
    setText(b, 'hello', 'from b')
    await a.flush()
    await b.flush()
    b.close()
    const next = await openTab(bot, { storage, tab: 'tab_b' })
    expect(next.getState().clashes).toMatchObject([{ kept: 'from b', other: 'from a' }])
    next.settleClash(next.getState().clashes[0]!, 'kept')
    next.close()
    const last = await openTab(bot, { storage, tab: 'tab_c' })
    expect(last.getState().clashes).toEqual([])
  })

  test("another's change arrives while mine is still unsent, and mine stays on top", async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    const diff = setText(a, 'bye', 'from a')
    await a.flush()
    setText(b, 'hello', 'mine')
    const { revision } = await drafts.load(workspace, bot)
    const event: StudioEvent = { type: 'draft.changed', revision, diffs: [diff!], by: 'usr_a' }
    b.receive(event)
    await expect.poll(() => textOf(b.getState().document, 'bye')).toEqual({ en: 'from a' })
    expect(textOf(b.getState().document, 'hello')).toEqual({ en: 'mine' })
    await b.flush()
    b.receive(event)
    expect(b.getState().document).toEqual(await stored(bot))
  })

  test('a value that another set before mine was sent is shown, though it arrived on the stream first', async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    const diff = setText(a, 'hello', 'from a')
    await a.flush()
    setText(b, 'hello', 'from b')
    const { revision } = await drafts.load(workspace, bot)
    b.receive({ type: 'draft.changed', revision, diffs: [diff!], by: 'usr_a' })
    await b.flush()
    expect(b.getState().clashes).toMatchObject([{ kept: 'from b', other: 'from a' }])
    expect(b.getState().document).toEqual(await stored(bot))
  })

  test('what was left behind offline meets what others did meanwhile, and both values are shown', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const network: { mode: 'up' | 'down' } = { mode: 'up' }
    const mine = await openTab(bot, { storage, tab: 'tab_a', network })
    network.mode = 'down'
    setText(mine, 'hello', 'mine')
    mine.close()
    const theirs = await openTab(bot, { tab: 'tab_x' })
    setText(theirs, 'hello', 'theirs')
    setText(theirs, 'bye', 'theirs too')
    await theirs.flush()

    const next = await openTab(bot, { storage, tab: 'tab_b' })
    await next.flush()
    expect(next.getState().clashes).toMatchObject([{ kept: 'mine', other: 'theirs' }])
    expect(textOf(await stored(bot), 'bye')).toEqual({ en: 'theirs too' })
    expect(next.getState().document).toEqual(await stored(bot))
  })

  test('undo takes back my own change only, not what another has made of it since', async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    a.commit(
      (document) => {
        setField(document, 'hello', 'text', { en: 'mine' })
        renameBlock(document, 'hello', 'Greeting')
      },
      { label: 'edit' },
    )
    await a.flush()
    setText(b, 'hello', 'theirs')
    await b.flush()
    setText(a, 'bye', 'x')
    await a.flush()
    a.undo()
    a.undo()
    expect(a.getState().document.nodes.hello?.name).toBeUndefined()
    expect(textOf(a.getState().document, 'hello')).toEqual({ en: 'theirs' })
  })
})

describe('history', () => {
  test('undoing everything leads back to the beginning, redoing everything to the end', async () => {
    const bot = await newBot()
    const step = fc.record({
      what: fc.constantFrom('text', 'move', 'add', 'remove', 'rename', 'connect'),
      node: fc.constantFrom('hello', 'bye', 'start'),
      text: fc.string({ minLength: 1, maxLength: 4 }),
      x: fc.integer({ min: -50, max: 50 }),
    })
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        const draft = await openTab(bot, { network: { mode: 'up' } })
        const before = draft.getState().document
        let _time = 0
        for (const { what, node, text, x } of steps) {
          _time += 5000
          draft.commit(
            (document) => {
              if (what === 'text') setField(document, node, 'text', { en: text })
              else if (what === 'move') moveBlocks(document, { [node]: { x: x * 4, y: 0 } })
              else if (what === 'add') addBlock(document, 'say', { x, y: 0 })
              else if (what === 'remove') removeBlocks(document, noFacts, [node])
              else if (what === 'rename') renameBlock(document, node, text)
              else connect(document, noFacts, { node: 'start', port: 'out' }, { node, port: 'in' })
            },
            { label: what, allowLargeRemoval: true },
          )
        }
        const after = draft.getState().document
        while (draft.undo());
        expect(draft.getState().document).toEqual(before)
        while (draft.redo());
        expect(draft.getState().document).toEqual(after)
        while (draft.undo());
        draft.close()
      }),
      { numRuns: 40 },
    )
  })

  test('the keystrokes of a field are one step, a pause begins the next', async () => {
    let time = 0
    const draft = await openTab(await newBot(), { now: () => time })
    for (const text of ['H', 'He', 'Hel']) {
      time += 200
      setText(draft, 'hello', text, 'field hello text')
    }
    time += 5000
    setText(draft, 'hello', 'Hello', 'field hello text')
    expect(draft.getState().history.past).toHaveLength(2)
    draft.undo()
    expect(textOf(draft.getState().document, 'hello')).toEqual({ en: 'Hel' })
    draft.undo()
    expect(textOf(draft.getState().document, 'hello')).toEqual({})
  })

  test('what was typed and deleted again leaves no step behind', async () => {
    const draft = await openTab(await newBot(), { now: () => 0 })
    setText(draft, 'hello', 'x', 'field hello text')
    draft.commit((document) => setField(document, 'hello', 'text', {}), { label: 'edit', merge: 'field hello text' })
    expect(draft.getState().history.past).toEqual([])
  })

  test('a block that did not change keeps its identity through undo and through the answers of the server', async () => {
    const bot = await newBot()
    const [a, b] = [await openTab(bot, { tab: 'tab_a' }), await openTab(bot, { tab: 'tab_b' })]
    setText(a, 'bye', 'from a')
    await a.flush()
    const { hello } = b.getState().document.nodes
    setText(b, 'start', 'x')
    await b.flush()
    b.undo()
    expect(b.getState().document.nodes.hello).toBe(hello)
  })

  test('after a reload undo goes on where it stopped, and redo with it', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const before = await openTab(bot, { storage, tab: 'tab_a' })
    const sample = before.getState().document
    setText(before, 'hello', 'one')
    setText(before, 'hello', 'two')
    setText(before, 'bye', 'three')
    before.undo()
    await before.flush()
    before.close()

    const after = await openTab(bot, { storage, tab: 'tab_b', before: 'tab_a' })
    after.redo()
    expect(textOf(after.getState().document, 'bye')).toEqual({ en: 'three' })
    while (after.undo());
    await after.flush()
    expect(after.getState().document).toEqual(sample)
    expect(await stored(bot)).toEqual(after.getState().document)
  })

  test('what was done offline can be undone after the reload, before it was ever sent', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const network: { mode: 'up' | 'down' } = { mode: 'up' }
    const before = await openTab(bot, { storage, network })
    network.mode = 'down'
    setText(before, 'hello', 'written on a train')
    before.close()
    const after = await openTab(bot, { storage, tab: 'tab_b', before: 'tab_a' })
    expect(textOf(after.getState().document, 'hello')).toEqual({ en: 'written on a train' })
    after.undo()
    await after.flush()
    expect(textOf(await stored(bot), 'hello')).toEqual({})
  })

  test('undo after a reload leaves alone what another has made of a field meanwhile', async () => {
    const bot = await newBot()
    const storage = createStorage()
    const mine = await openTab(bot, { storage })
    setText(mine, 'hello', 'mine')
    setText(mine, 'bye', 'mine too')
    await mine.flush()
    mine.close()
    const theirs = await openTab(bot, { tab: 'tab_x' })
    setText(theirs, 'bye', 'theirs')
    await theirs.flush()
    const after = await openTab(bot, { storage, tab: 'tab_b', before: 'tab_a' })
    while (after.undo());
    expect(textOf(after.getState().document, 'bye')).toEqual({ en: 'theirs' })
    expect(textOf(after.getState().document, 'hello')).toEqual({})
  })

  test('two open tabs have a history each, and a reloaded one finds its own', async () => {
    const bot = await newBot()
    const storage = createStorage()
    living.add('tab_a').add('tab_b')
    const [a, b] = [await openTab(bot, { storage, tab: 'tab_a' }), await openTab(bot, { storage, tab: 'tab_b' })]
    setText(a, 'hello', 'from a')
    setText(b, 'bye', 'from b')
    const third = await openTab(bot, { storage, tab: 'tab_c' })
    expect(third.getState().history.past).toEqual([])
    living.delete('tab_a')
    living.delete('tab_b')
    a.close()
    b.close()
    const again = await openTab(bot, { storage, tab: 'tab_d', before: 'tab_a' })
    expect(again.getState().history.past.map(({ diff }) => Object.keys(diff.updated))).toEqual([['nodes/hello']])
  })

  test('leaving the bot for another page and coming back keeps the steps', async () => {
    const bot = await newBot()
    const draft = await openTab(bot)
    setText(draft, 'hello', 'one')
    await draft.flush()
    draft.close()
    await draft.open(bot)
    draft.undo()
    expect(textOf(draft.getState().document, 'hello')).toEqual({})
  })

  test('the kept history is bounded: the oldest steps go, and those of many closed tabs too', async () => {
    const bot = await newBot()
    const storage = createStorage()
    for (let tab = 0; tab < 12; tab++) {
      const draft = await openTab(bot, { storage, tab: `tab_${tab}` })
      for (let step = 0; step < 20; step++) setText(draft, 'hello', `${tab} ${step} ${'x'.repeat(10_000)}`)
      await draft.flush()
      draft.close()
    }
    const kept = Array.from({ length: storage.length }, (_, index) => storage.getItem(storage.key(index)!)!)
    expect(kept.length).toBeLessThanOrEqual(10)
    for (const text of kept) expect(text.length).toBeLessThan(120_000)
    const last = await openTab(bot, { storage, tab: 'tab_z' })
    expect(last.getState().history.past.length).toBeGreaterThan(2)
    expect(last.undo()).not.toBeNull()
    expect(JSON.stringify(textOf(last.getState().document, 'hello'))).toContain('11 18')
  })
})

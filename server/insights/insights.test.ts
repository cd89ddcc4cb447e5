import fc from 'fast-check'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ClassifierRef } from '#kit'
import { definitions, steps } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { InsightFigures, InsightFilter, InsightKey, Message, Trace } from '#server/api/dto.ts'
import { createConversationService } from '#server/conversations/conversation-service.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf, verdict } from '../../tests/drivers/chat.ts'
import { addBot, describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { createInsightCounter } from './insight-counter.ts'
import { createInsightStore } from './insight-store.ts'

/**
 * Random visitors, people and publishes go through the real engine and the real store; whatever they do, each figure is the one that
 * somebody gets who counts by hand over what is stored of the messages.
 */
const say = (zh: string, en: string, more: object = {}) => ({
  type: 'say',
  config: { text: { 'zh-CN': zh, en }, ...more },
})
const ask = (variable: string, en: string, more: object = {}) => ({
  type: 'ask',
  config: { question: { 'zh-CN': en, en }, variable, ...more },
})
const shop = (extra: boolean): GraphDocument => {
  const graph = graphOf(
    {
      s: { type: 'start' },
      hello: say('您好', 'Hello'),
      menu: say('点一下或直接问', 'Click or ask', {
        buttons: [
          { id: 'go', text: { 'zh-CN': '退货', en: 'Return' } },
          { id: 'person', text: { 'zh-CN': '找人', en: 'A person' } },
        ],
      }),
      listen: { type: 'intent', config: {} },
      order: ask('order', 'Order?', { kind: 'pattern', pattern: 'XZ[0-9]{4}', skipIfSet: false }),
      colour: ask('colour', 'Which colour?'),
      done: say('好的', 'All right'),
      hours: say('九点', 'At nine'),
      fix: { type: 'sub-dialog', config: { dialog: 'who' } },
      fixed: say('修好', 'Fixed'),
      who_s: { type: 'start' },
      who_name: ask('name', 'Your name?'),
      lost: say('没听懂', 'Lost'),
      person: { type: 'hand-over', config: { reason: 'asked', note: '' } },
      deploy: { type: 'split' },
      ...(extra && { extra: say('新版本', 'The new one') }),
    },
    [
      // The second one begins without a word.
      ...(extra ? ['s -> listen', 'extra -> menu'] : ['s -> hello', 'hello -> menu']),
      'menu/button:go -> order',
      'menu/button:person -> person',
      'menu -> listen',
      'listen/lbl_return -> order',
      'listen/lbl_hours -> hours',
      'listen/lbl_fix -> fix',
      'listen/lbl_person -> person',
      'listen/fallback -> lost',
      'lost -> listen',
      'order -> colour',
      'order/failed -> person',
      'colour -> done',
      'done -> menu',
      'hours -> listen',
      'fix -> fixed',
      'who_s -> who_name',
      'deploy/train -> listen/model',
    ],
    { timeZone: extra ? 'America/New_York' : 'Asia/Shanghai' },
  )
  graph.dialogs.who = { id: 'who', name: 'who', parameters: [] }
  for (const node of Object.values(graph.nodes)) if (node.id.startsWith('who_')) node.dialog = 'who'
  return graph
}
const documents: Record<number, GraphDocument> = { 1: shop(false), 2: shop(true) }
const model: ClassifierRef = { artifact: 'a'.repeat(64), labels: [], threshold: 0.5, accuracy: null }
const topics: [RegExp, string][] = [
  [/退|return/, 'lbl_return'],
  [/几点|hours/, 'lbl_hours'],
  [/修|fix/, 'lbl_fix'],
  [/person|人/, 'lbl_person'],
]
const judge = (text: string) => {
  const label = topics.find(([words]) => words.test(text))?.[1]
  if (text.includes('maybe')) return verdict({ lbl_return: 0.5, lbl_hours: 0.48 }).result
  return verdict(label ? { [label]: 0.9, lbl_other: 0.05 } : { lbl_return: 0.2, lbl_hours: 0.1 }).result
}

const words = fc.constantFrom(
  ...[
    '我要退货',
    'return it please',
    '几点开门',
    'what are your hours',
    '修一下',
    'fix my chair',
    '天气如何',
    'the weather is fine',
  ],
  ...[
    'XZ1234',
    'red',
    '红色',
    'maybe',
    '王小雨',
    'no, XZ9999',
    '取消',
    'start over',
    '转人工',
    '再说一遍',
    '',
    'by the way, hours?',
  ],
)
const chat = fc.nat(2)
const deed = fc.oneof(
  { weight: 10, arbitrary: fc.record({ kind: fc.constant('says' as const), chat, text: words }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('clicks' as const), chat, place: fc.nat(4) }) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('waits' as const), minutes: fc.constantFrom(1, 12, 29, 31, 400, 1500) }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('person' as const),
      chat,
      act: fc.constantFrom('take' as const, 'reply' as const, 'give-back' as const, 'close' as const),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('publishes' as const),
      version: fc.constantFrom(1, 2),
      moves: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant('counts' as const), how: fc.constantFrom('one', 'both', 'rebuild') }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('rates' as const), chat, rating: fc.integer({ min: 1, max: 5 }) }),
  },
)
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

describeOnEachDatabase('insights', (openStore) => {
  let database: OpenDatabase
  let at = 0
  const now = () => new Date(at)
  const log = pino({ level: 'silent' })
  beforeAll(async () => {
    database = await openStore()
  })
  afterAll(() => database.close())

  let bots = 0
  async function house(first: number) {
    const bot = `bot_${++bots}`
    let current = first
    at = Date.UTC(2026, 10, 24, 14, 30)
    await addBot(database, 'ws', bot)
    const documentOf = async (_workspace: string, _bot: string, version: number) => documents[version]!
    const counters = [0, 1].map(() =>
      createInsightCounter({ database, zoneOf: async (_w, _b, version) => documents[version]!.timeZone, log }),
    )
    const service = await createConversationService({
      database,
      classifier: {
        retrieve: () => Promise.reject(new Error('this bot has no knowledge')),
        classify: async (_model, texts) => texts.map((text) => judge(String(text))),
      },
      calls: { perform: () => Promise.reject(new Error('this bot asks no other server')) },
      versions: {
        load: async (_workspace, _bot, version) => ({ document: documents[version]!, classifiers: { deploy: model } }),
        choose: async () => ({ version: current, drawn: null }),
      },
      registry: { nodes: definitions },
      steps,
      log,
      changed: (_workspace, conversation) => counters[0]!.mark(conversation),
      now,
    })
    const store = createInsightStore({ database, documentOf, currentVersion: async () => current, now })
    return {
      ...{ bot, service, store, counters },
      start: (channel: string, language: string) =>
        service.start({ workspace: 'ws', bot, pin: { version: current }, channel, language }),
      zone: () => documents[current]!.timeZone,
      async publish(version: number, moves: boolean) {
        current = version
        // As Publish does it.
        if (moves)
          await database.query(
            `update conversations set version = $2::int, turn = turn + 1 where bot_id = $1 and status <> 'ended' and version <> $2::int`,
            [bot, version],
          )
      },
      async [Symbol.asyncDispose]() {
        await service.close()
        for (const counter of counters) await counter.stop()
      },
    }
  }
  type House = Awaited<ReturnType<typeof house>>

  async function act({ bot, service, counters, publish }: House, ids: string[], deed: Deed) {
    if (deed.kind === 'waits') {
      at += deed.minutes * 60_000
      await service.breakSilences()
    } else if (deed.kind === 'publishes') await publish(deed.version, deed.moves)
    else if (deed.kind === 'counts') {
      if (deed.how === 'rebuild') await counters[0]!.rebuild()
      else if (deed.how === 'one') await counters[0]!.catchUp()
      else {
        for (const counter of counters) for (const id of ids) counter.mark(id)
        await Promise.all(counters.map((counter) => counter.catchUp()))
      }
    } else if (deed.kind === 'rates')
      await database.query(
        `insert into conversation_ratings (conversation_id, workspace_id, bot_id, version, rating, comment, at)
         select id, workspace_id, bot_id, version, $2::int, '', $3::timestamptz from conversations where id = $1
         on conflict (conversation_id) do update set rating = excluded.rating, version = excluded.version, at = excluded.at`,
        [ids[deed.chat]!, deed.rating, now().toISOString()],
      )
    else {
      at += 1_000
      const id = ids[deed.chat]!
      if (deed.kind === 'says') await service.send(id, { text: deed.text })
      else if (deed.kind === 'clicks') {
        const buttons = (await service.history(id)).flatMap(({ parts }) =>
          parts.flatMap((part) =>
            part.type === 'buttons' ? (part as { block: string; options: { value: string }[] }) : [],
          ),
        )
        const shown = buttons.flatMap(({ block, options }) => options.map(({ value }) => ({ block, value })))
        const choice = shown[shown.length - 1 - (deed.place % Math.max(1, shown.length))]
        if (choice) await service.send(id, { choice })
      } else {
        const known = deed.act === 'reply' ? { kind: deed.act, id: `p${at}`, text: 'Hello' } : { kind: deed.act }
        await service.act(id, known, { id: 'usr', name: 'Li' }).catch(() => {})
      }
    }
    // What is seen from outside of a turn: the version that it was led by.
    const rows = await database.query<{ id: string; turn: number; version: number }>(
      'select id, turn, version from conversations where bot_id = $1',
      [bot],
    )
    return rows
  }

  test.each(['says and does anything', 'has counters that never rest'])(
    'whoever %s, each figure is what is counted by hand',
    async (which) => {
      const often = which.startsWith('has')
      await fc.assert(
        fc.asyncProperty(
          fc.constantFrom(1, 2),
          fc.array(deed, { minLength: 5, maxLength: 60 }),
          async (first, deeds) => {
            await using bot = await house(first)
            const ids: string[] = []
            for (const [channel, language] of [
              ['web', 'zh-CN'],
              ['web', 'en'],
              ['wecom', 'zh-CN'],
            ] as const)
              ids.push((await bot.start(channel, language)).conversationId)
            for (const one of deeds) {
              await act(bot, ids, one)
              if (often) {
                for (const counter of bot.counters) for (const id of ids) counter.mark(id)
                await Promise.all(bot.counters.map((counter) => counter.catchUp()))
              }
            }
            await bot.counters[0]!.catchUp()
            await compare(bot)
            await bot.counters[1]!.rebuild()
            await compare(bot)
          },
        ),
        { numRuns: often ? 4 : 8 },
      )
    },
    300_000,
  )

  async function compare(house: House) {
    const { bot, store } = house
    const hand = await countByHand(house)
    const filters: InsightFilter[] = [
      { from: '2026-11-01', to: '2026-12-31' },
      { from: '2026-11-24', to: '2026-11-25' },
      { from: '2026-11-01', to: '2026-12-31', version: 2 },
      { from: '2026-11-01', to: '2026-12-31', language: 'en' },
      { from: '2026-11-01', to: '2026-12-31', channel: 'wecom', version: 1 },
    ]
    for (const filter of filters) {
      const chosen = hand.filter((one) => fits(one, filter))
      for (const by of ['day', 'version', 'language', 'channel'] as const) {
        const { rows, total } = await store.figures('ws', bot, by, filter)
        expect(total).toEqual(figuresOf(chosen, at))
        const keys = [...new Set(chosen.map((one) => keyOf(one, by)))]
        const shown = Object.fromEntries(rows.map(({ key, figures }) => [key, figures]))
        for (const key of keys)
          expect(shown[key], `${by} ${key}`).toEqual(
            figuresOf(
              chosen.filter((one) => keyOf(one, by) === key),
              at,
            ),
          )
        for (const { key, figures } of rows)
          if (!keys.includes(key)) expect(figures, `${by} ${key}`).toEqual(figuresOf([], at))
      }
      for (const figure of ['conversations', 'contained', 'handedOver', 'noMatch', 'rated'] as const) {
        const { ids, total } = await store.chats('ws', bot, { ...filter, figure })
        expect([...ids].sort(), figure).toEqual(behindByHand(chosen, figure, at))
        expect(total).toBe(ids.length)
      }
    }
    for (const version of [1, 2]) {
      const filter = { from: '2026-11-01', to: '2026-12-31' }
      const graph = await store.graph('ws', bot, version, filter)
      const chosen = hand.filter((one) => fits(one, { ...filter, version }))
      const byHand = graphByHand(chosen, version, at)
      expect(graph).toEqual({ version, ...byHand.graph })
      for (const [edge, chats] of Object.entries(byHand.stoppedOn)) {
        const { ids } = await store.chats('ws', bot, { ...filter, version, figure: 'stopped', edge })
        expect([...ids].sort()).toEqual(chats)
      }
      for (const edge of Object.keys(graph.wires)) {
        const { total } = await store.chats('ws', bot, { ...filter, version, figure: 'passed', edge })
        expect(total).toBe(graph.wires[edge]!.conversations)
      }
      for (const [block, { conversations, stopped }] of Object.entries(graph.blocks)) {
        const count = async (figure: 'reached' | 'stopped') =>
          (await store.chats('ws', bot, { ...filter, version, figure, block })).total
        expect(await count('reached')).toBe(conversations)
        expect(await count('stopped')).toBe(stopped)
      }
    }
  }

  test('a server that was slow puts no older counts in the place of newer ones', async () => {
    await using bot = await house(1)
    const { conversationId: id } = await bot.start('web', 'en')
    await bot.service.send(id, { text: 'what are your hours' })
    const [read, free] = [gate(), gate()]
    const slow = createInsightCounter({
      database: {
        async query(text, params) {
          if (/insert into conversation_days/.test(text)) {
            read.open()
            await free.opened
          }
          return database.query(text, params)
        },
      },
      zoneOf: async () => 'Asia/Shanghai',
      log,
    })
    const counting = slow.catchUp()
    await read.opened
    await bot.service.send(id, { text: 'return it please' })
    await bot.counters[0]!.catchUp()
    free.open()
    await counting
    const { total } = await bot.store.figures('ws', bot.bot, 'day', {})
    expect(total).toMatchObject({ conversations: 1, messages: 2, verdicts: 2 })
    await slow.stop()
  })

  /** One thing that happened, as the rows of messages tell it; `last` on what a conversation stands at. */
  interface Happened {
    chat: string
    day: string
    version: number
    language: string
    channel: string
    at: number
    what: 'start' | 'visitor' | 'person' | 'rating'
    trace: Trace | null
    withPerson: boolean
    rating: number
    last: { ended: boolean; stop: { block: string; via: [string, string] | null } | null } | null
  }

  /** All that happened to a bot but silence, by plain loops over the rows of its conversations. */
  async function countByHand({ bot, zone }: House): Promise<Happened[]> {
    const all: Happened[] = []
    const chats = await database.query<
      Record<string, never> & {
        id: string
        channel: string
        status: string
        session: string
        opening: string | null
        created_at: Date
        language: string
      }
    >('select * from conversations where bot_id = $1', [bot])
    for (const { id, channel, status, session, opening, created_at, language: spoken } of chats) {
      const rows = await database.query<
        Record<string, never> & {
          turn: number
          role: Message['role']
          parts: string
          language: string
          at: Date
          text: string
          author: string | null
          trace: string | null
        }
      >('select * from messages where conversation_id = $1 order by seq', [id])
      const begun = opening === null ? null : (JSON.parse(opening) as { trace: Trace; language: string })
      const mine: Happened[] = []
      let withPerson = false
      let version = 0
      if (begun) {
        version = begun.trace.version!
        const day = new Intl.DateTimeFormat('en-CA', { timeZone: documents[version]!.timeZone }).format(created_at)
        const when = new Date(created_at).getTime()
        const turn = { chat: id, channel, language: begun.language, day, version, at: when, what: 'start' as const }
        mine.push({ ...turn, trace: begun.trace, withPerson: false, rating: 0, last: null })
      }
      let closedBySilence = false
      for (const turn of new Set(rows.map((row) => row.turn))) {
        const said = rows.filter((row) => row.turn === turn)
        const first = said[0]!
        const trace = first.trace === null ? null : (JSON.parse(first.trace) as Trace)
        const visitor = first.role === 'user'
        if (trace !== null && !visitor && turn > 1) {
          closedBySilence = trace.path.some(({ note }) => note?.key.endsWith('.closed'))
          continue
        }
        closedBySilence = false
        version = trace?.version ?? version
        const came = said.some(({ role, text }) => role === 'agent' || /为您服务|is with you now/.test(text))
        const went = trace === null && said.some(({ text }) => /已离开|has left|会话已结束|was closed/.test(text))
        const asked = said.some(({ parts }) => parts.includes('"handoff"'))
        const during: boolean = withPerson || came || asked
        withPerson = during && !went
        const zone = documents[version]!.timeZone
        const day = new Intl.DateTimeFormat('en-CA', { timeZone: zone }).format(first.at)
        const when = new Date(first.at).getTime()
        const what = visitor ? 'visitor' : trace === null ? 'person' : 'start'
        mine.push({
          chat: id,
          channel,
          language: first.language,
          day,
          version,
          at: when,
          what,
          trace,
          withPerson: during,
          rating: 0,
          last: null,
        })
      }
      const parsed = JSON.parse(session) as { at: string; listener: string | null }
      const open = status === 'open' || closedBySilence
      const latest = mine.at(-1)!
      const stop = open && mine.some(({ what }) => what === 'visitor') ? openQuestion(mine, parsed) : null
      latest.last = { ended: status === 'ended', stop }
      all.push(...mine)
      const [rated] = await database.query<{ version: number; rating: number; at: Date }>(
        'select * from conversation_ratings where conversation_id = $1',
        [id],
      )
      // Ratings have their day in the zone of the version that new conversations get.
      if (rated)
        all.push({
          ...latest,
          language: spoken,
          version: rated.version,
          what: 'rating',
          trace: null,
          withPerson: false,
          rating: rated.rating,
          last: null,
          day: new Intl.DateTimeFormat('en-CA', { timeZone: zone() }).format(rated.at),
          at: new Date(rated.at).getTime(),
        })
    }
    return all
  }

  /** Who was asked something and by which port the block that asks was come to: back from the last stop to where it was entered. */
  function openQuestion(mine: readonly Happened[], { at, listener }: { at: string; listener: string | null }) {
    const stops = mine.flatMap(({ trace }) =>
      (trace?.path ?? []).map((step, place, path) => ({ step, before: path[place - 1] })),
    )
    const last = stops.at(-1)?.step
    const there = last?.node === at
    const person = mine.at(-1)!.what === 'person'
    if (at === listener && !(there && last.port === null && last.heard !== null && !person)) return null
    let via: [string, string] | null = null
    if (there)
      for (const { step, before } of stops.toReversed()) {
        if (step.node !== at || step.woken !== true || before) {
          if (step.node === at && before && before.port !== null) via = [before.node, before.port]
          break
        }
      }
    return { block: at, via }
  }
})

type Counted = {
  chat: string
  day: string
  version: number
  language: string
  channel: string
  at: number
  what: string
  trace: Trace | null
  withPerson: boolean
  rating: number
  last: { ended: boolean; stop: { block: string; via: [string, string] | null } | null } | null
}

function fits(one: Counted, { from = '', to = '', version, language, channel }: InsightFilter): boolean {
  const { day } = one
  return (
    day >= from &&
    day <= to &&
    (!version || one.version === version) &&
    (!language || one.language === language) &&
    (!channel || one.channel === channel)
  )
}

function gate(): { opened: Promise<void>; open: () => void } {
  let open = (): void => {}
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opened, open }
}

function keyOf(one: Counted, by: InsightKey): string {
  return String(one[by])
}

/** Conversations among these with all that happened in them, those in which a visitor said something. */
function chatsIn(happened: readonly Counted[]): Map<string, Counted[]> {
  const chats = new Map<string, Counted[]>()
  for (const one of happened) if (one.what !== 'rating') chats.set(one.chat, [...(chats.get(one.chat) ?? []), one])
  for (const [id, all] of chats) if (!all.some(({ what }) => what === 'visitor')) chats.delete(id)
  return chats
}

const isOver = (all: readonly Counted[], now: number): boolean => {
  const latest = all.at(-1)!
  // It went on elsewhere, ended, or has been silent for half an hour.
  return latest.last === null || latest.last.ended || now - latest.at > 30 * 60_000
}

function figuresOf(happened: readonly Counted[], now: number): InsightFigures {
  const chats = [...chatsIn(happened).values()]
  const visitor = happened.filter(({ what }) => what === 'visitor')
  const judged = visitor.filter(({ trace }) => trace!.classification !== null)
  const ratings = happened.filter(({ what }) => what === 'rating')
  const waited = visitor
    .filter(({ trace, withPerson }) => trace!.path.length > 0 || !withPerson)
    .map(({ trace }) => Math.fround(trace!.ms))
    .sort((a, b) => a - b)
  const rank = (share: number) => waited[Math.ceil(share * waited.length) - 1]!
  return {
    conversations: chats.length,
    contained: chats.filter((all) => !all.some(({ withPerson }) => withPerson) && isOver(all, now)).length,
    handedOver: chats.filter((all) => all.some(({ withPerson }) => withPerson)).length,
    messages: visitor.length,
    verdicts: judged.length,
    noMatch: judged.filter(({ trace }) => trace!.path.some(({ missed }) => missed)).length,
    apiCalls: 0,
    ratings: { count: ratings.length, sum: ratings.reduce((sum, { rating }) => sum + rating, 0) },
    responseMs: waited.length === 0 ? null : { p50: expect.closeTo(rank(0.5), 3), p95: expect.closeTo(rank(0.95), 3) },
  }
}

function behindByHand(happened: readonly Counted[], figure: string, now: number): string[] {
  if (figure === 'rated')
    return happened
      .filter(({ what }) => what === 'rating')
      .map(({ chat }) => chat)
      .sort()
  const chosen = [...chatsIn(happened)].filter(([, all]) => {
    const person = all.some(({ withPerson }) => withPerson)
    if (figure === 'contained') return !person && isOver(all, now)
    if (figure === 'handedOver') return person
    return (
      figure === 'conversations' ||
      all.some(({ trace }) => trace?.classification && trace.path.some(({ missed }) => missed))
    )
  })
  return chosen.map(([id]) => id).sort()
}

function graphByHand(happened: readonly Counted[], version: number, now: number) {
  const chats = chatsIn(happened)
  const { nodes, edges } = documents[version]!
  const stopped = [...happened].filter(({ last, at }) => last?.stop && (last.ended || now - at > 30 * 60_000))
  const steps = [...chats].flatMap(([chat, all]) =>
    all.flatMap(({ trace }) => (trace?.path ?? []).map((step) => ({ chat, ...step }))),
  )
  const distinct = (some: readonly { chat: string }[]) => new Set(some.map(({ chat }) => chat)).size
  const wires: Record<string, object> = {}
  const stoppedOn: Record<string, string[]> = {}
  for (const { id, from, to } of Object.values(edges)) {
    const gone = steps.filter(({ node, port }) => node === from.node && port === from.port)
    if (gone.length === 0) continue
    const here = stopped.filter(
      ({ last }) => last!.stop!.block === to.node && last!.stop!.via?.join() === `${from.node},${from.port}`,
    )
    wires[id] = { passes: gone.length, conversations: distinct(gone), stopped: here.length }
    stoppedOn[id] = here.map(({ chat }) => chat).sort()
  }
  const blocks: Record<string, object> = {}
  for (const id of Object.keys(nodes)) {
    const been = steps.filter(({ node }) => node === id)
    if (been.length === 0) continue
    const entries = been.filter(({ woken, note }) => !woken && !note?.key.startsWith('conversation.note.'))
    const here = stopped.filter(({ last }) => last!.stop!.block === id)
    blocks[id] = { entries: entries.length, conversations: distinct(been), stopped: here.length }
  }
  return { graph: { conversations: chats.size, wires, blocks }, stoppedOn }
}

import { pino } from 'pino'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Classification, ClassifierRef } from '#kit'
import { definitions, steps } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf, verdict } from '../../tests/drivers/chat.ts'
import { addBot, describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { type ConversationDeps, createConversationService } from './conversation-service.ts'

const graph = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: { 'zh-CN': '您好', en: 'Hello' } } },
    i: { type: 'intent' },
    q: { type: 'ask', config: { question: { 'zh-CN': '单号？', en: 'Number?' }, variable: 'order', skipIfSet: false } },
    ok: { type: 'say', config: { text: { 'zh-CN': '{{order}} 在路上', en: '{{order}} is on its way' } } },
    h: { type: 'hand-over', config: { reason: 'asked', note: 'order {{order}}' } },
    deploy: { type: 'split' },
  },
  [
    's -> hi',
    'hi -> i',
    'i/lbl_track -> q',
    'i/lbl_person -> h',
    'i/fallback -> hi',
    'q -> ok',
    'deploy/train -> i/model',
  ],
)
const model: ClassifierRef = { artifact: 'a'.repeat(64), labels: [], threshold: 0.5, accuracy: null }
const judge = (text: string): Classification =>
  verdict(
    /person|人工/.test(text) ? { lbl_person: 0.9 } : /where|哪/.test(text) ? { lbl_track: 0.9 } : { lbl_track: 0.1 },
  ).result

describeOnEachDatabase('conversations', (openStore) => {
  let database: OpenDatabase
  const services: Awaited<ReturnType<typeof createConversationService>>[] = []
  const documents: Record<number, GraphDocument> = {}

  beforeEach(async () => {
    database = await openStore()
    await addBot(database, 'ws', 'bot_1')
    for (const version of Object.keys(documents)) delete documents[Number(version)]
    documents[1] = graph
  })
  afterEach(async () => {
    for (const service of services.splice(0)) await service.close()
    await database.close()
  })

  const serve = async (change: Partial<ConversationDeps> = {}) => {
    const service = await createConversationService({
      database,
      classifier: { ...noCompute, classify: async (_model, texts) => texts.map((text) => judge(String(text))) },
      versions: {
        load: async (_workspace, _bot, version) => ({ document: documents[version]!, classifiers: { deploy: model } }),
        choose: async () => ({ version: Math.max(...Object.keys(documents).map(Number)), drawn: null }),
      },
      calls: { perform: () => Promise.reject(new Error('this bot asks no other server')) },
      registry: { nodes: definitions },
      steps,
      log: pino({ level: 'silent' }),
      ...change,
    })
    services.push(service)
    return service
  }
  const bot = { workspace: 'ws', bot: 'bot_1', pin: { version: 1 } }
  const texts = (answer: { messages: { text: string }[] }) => answer.messages.map(({ text }) => text)

  test('a conversation is held over turns and survives a restart of the server', async () => {
    const first = await serve()
    const { conversationId: id, messages } = await first.start({ ...bot, language: 'en' })
    expect(texts({ messages })).toEqual(['Hello'])
    expect(texts(await first.send(id, { text: 'where is it' }))).toEqual(['Number?'])
    const second = await serve()
    expect(texts(await second.send(id, { text: 'number nine' }))).toEqual(['number nine is on its way'])
    const history = await second.history(id)
    expect(history.map(({ seq, role }) => [seq, role])).toEqual([
      [1, 'bot'],
      [2, 'user'],
      [3, 'bot'],
      [4, 'user'],
      [5, 'bot'],
    ])
  })

  test('the same client id gets the same stored replies, at once, together and after a restart', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    const [a, b] = await Promise.all([
      service.send(id, { id: 'm1', text: 'where is it' }),
      service.send(id, { id: 'm1', text: 'where is it' }),
    ])
    expect(b).toEqual(a)
    expect(await (await serve()).send(id, { id: 'm1', text: 'where is it' })).toEqual(a)
    expect(await service.history(id)).toHaveLength(3)
  })

  test('messages of one conversation are handled in order of arrival, even when the first one is slow', async () => {
    const service = await serve({
      classifier: {
        ...noCompute,
        async classify(_model, asked) {
          if (String(asked[0]).startsWith('slow')) await new Promise((resolve) => setTimeout(resolve, 100))
          return asked.map((text) => judge(String(text)))
        },
      },
    })
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await Promise.all([service.send(id, { id: 'a', text: 'slow where' }), service.send(id, { id: 'b', text: 'nine' })])
    const history = await service.history(id)
    expect(history.map(({ text }) => text)).toEqual(['Hello', 'slow where', 'Number?', 'nine', 'nine is on its way'])
  })

  test('two servers never interleave: each message gets its own replies and no sequence number is used twice', async () => {
    const [one, two] = [await serve(), await serve()]
    const { conversationId: id } = await one.start({ ...bot, language: 'en' })
    const sent = Array.from({ length: 8 }, (_, index) =>
      (index % 2 === 0 ? one : two).send(id, { id: `m${index}`, text: 'zzzz zzzz' }).catch((error) => error),
    )
    const answers = await Promise.all(sent)
    const history = await one.history(id)
    expect(history.map(({ seq }) => seq)).toEqual(history.map((_, index) => index + 1))
    // One that lost too often says so, is not saved, and may be sent again.
    for (const [index, answer] of answers.entries()) {
      const saved = history.some((message) => message.id === `m${index}`)
      expect(saved).toBe(answer?.code !== 'conversation-busy')
    }
  })

  test('who is asked for something and says nothing is reminded once and later let go, by one of several servers', async () => {
    let minute = 0
    const now = () => new Date(Date.UTC(2026, 10, 24, 4, minute))
    const [one, two] = [await serve({ now }), await serve({ now })]
    const { conversationId: id } = await one.start({ ...bot, language: 'en' })
    await one.send(id, { text: 'where is it' })
    const looks = async (at: number) => {
      minute = at
      await Promise.all([one.breakSilences(), two.breakSilences()])
      return (await one.history(id)).slice(3).map(({ text }) => text)
    }
    expect(await looks(4)).toEqual([])
    const reminded = ['Are you still there? I am waiting for your answer.']
    expect(await looks(5)).toEqual(reminded)
    expect(await looks(34)).toEqual(reminded)
    const closed = [...reminded, 'I have not heard from you, so I will leave it here. Write whenever you need me.']
    expect(await looks(35)).toEqual(closed)
    expect(await looks(500)).toEqual(closed)
    expect((await one.owner(id)).status).toBe('ended')
    expect(texts(await two.send(id, { text: 'where is it' }))).toEqual(['Hello', 'Number?'])
  })

  test('words that come in time break the silence; who got an answer may be silent; a try is never reminded', async () => {
    let minute = 0
    const now = () => new Date(Date.UTC(2026, 10, 24, 4, minute))
    const service = await serve({ now })
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    const tried = await service.start({ ...bot, language: 'en', isTry: true })
    for (const conversation of [id, tried.conversationId]) await service.send(conversation, { text: 'where is it' })
    minute = 5
    expect(texts(await service.send(id, { text: 'number nine' }))).toEqual(['number nine is on its way'])
    minute = 600
    await service.breakSilences()
    expect(await service.history(id)).toHaveLength(5)
    expect(await service.history(tried.conversationId)).toHaveLength(3)
  })

  test('a reminder reaches who watches, on the server that sends it', async () => {
    let minute = 0
    const service = await serve({ now: () => new Date(Date.UTC(2026, 10, 24, 4, minute)) })
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await service.send(id, { text: 'where is it' })
    const stop = new AbortController()
    const heard = (async () => {
      for await (const { text } of service.events(id, 3, stop.signal)) return text
    })()
    minute = 6
    await service.breakSilences()
    expect(await heard).toBe('Are you still there? I am waiting for your answer.')
    stop.abort()
  })

  test('a conversation stays on its version when another one is published', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    documents[2] = { ...graph, nodes: {} }
    const restarted = await serve()
    expect(texts(await restarted.send(id, { text: 'where is it' }))).toEqual(['Number?'])
    expect(await restarted.openConversations('ws', 'bot_1', 'live')).toEqual([
      { version: 1, block: 'q', listener: 'i', calls: [], conversations: 1 },
    ])
  })

  test('a conversation that nobody has written in for half an hour is not open any more', async () => {
    let clock = new Date('2026-11-24T04:00:00Z')
    const service = await serve({ now: () => clock })
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    clock = new Date('2026-11-24T04:29:00Z')
    await service.send(id, { text: 'where is it' })
    await service.start({ ...bot, language: 'en' })
    clock = new Date('2026-11-24T04:59:00Z')
    expect(await service.openConversations('ws', 'bot_1', 'live')).toHaveLength(2)
    clock = new Date('2026-11-24T04:59:01Z')
    expect(await service.openConversations('ws', 'bot_1', 'live')).toEqual([])
  })

  test('a tried draft is restored as it was, whatever the draft became', async () => {
    const service = await serve()
    const pin = await service.pinDraft('ws', 'bot_1', { document: graph, classifiers: { deploy: model } })
    const { conversationId: id } = await service.start({ ...bot, pin, language: 'zh-CN' })
    expect(texts(await (await serve()).send(id, { text: '到哪了' }))).toEqual(['单号？'])
  })

  test('a hand-over reaches the inbox exactly once, also when the server died before it was delivered', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    const answer = await service.send(id, { text: 'a person please' })
    expect(answer.messages.map(({ role, parts }) => [role, parts[0]?.type])).toEqual([
      ['bot', 'text'],
      ['system', 'handoff'],
    ])
    expect((await service.owner(id)).status).toBe('waiting')
    const inbox = () => database.query('select reason, note, status, block from handoffs')
    await vi.waitFor(async () => expect(await inbox()).toHaveLength(1))
    await database.query('update outbox set delivered_at = null')
    await serve()
    expect(await inbox()).toEqual([{ reason: 'asked', note: 'order', status: 'waiting', block: 'h' }])
    expect(texts(await service.send(id, { text: 'still there?' }))).toEqual([])
  })

  test('a turn that takes too long answers pending, and its messages come over the events', async () => {
    let answer: () => void = () => {}
    const slow = new Promise<void>((resolve) => {
      answer = resolve
    })
    const service = await serve({
      patience: 20,
      classifier: {
        ...noCompute,
        async classify(_model, asked) {
          await slow
          return asked.map((text) => judge(String(text)))
        },
      },
    })
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    expect(await service.send(id, { text: 'where is it' })).toEqual({ messages: [], pending: true })
    const stop = new AbortController()
    const seen: string[] = []
    const watching = (async () => {
      for await (const message of service.events(id, 1, stop.signal)) {
        seen.push(message.text)
        if (message.role === 'bot') stop.abort()
      }
    })()
    answer()
    await watching
    expect(seen).toEqual(['where is it', 'Number?'])
  })

  test('events replay what was missed and go on with what comes, each once', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await service.send(id, { text: 'where is it' })
    const stop = new AbortController()
    const seen: number[] = []
    const watching = (async () => {
      for await (const message of service.events(id, 1, stop.signal)) {
        seen.push(message.seq)
        if (message.seq === 3) void service.send(id, { text: 'nine' })
        if (message.seq === 5) stop.abort()
      }
    })()
    await watching
    expect(seen).toEqual([2, 3, 4, 5])
  })

  test('the trace of a turn is found by any of its messages, in its own workspace only', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    const { messages } = await service.send(id, { text: 'where is it' }, { trace: true })
    expect(messages[0]?.trace?.path.map(({ node }) => node)).toEqual(['i', 'q'])
    expect(await service.trace('ws', id, messages[0]!.id)).toMatchObject({ classification: { text: 'where is it' } })
    expect(await service.trace('other', id, messages[0]!.id)).toBeNull()
  })

  test('which words made a verdict is asked of the same model, in its own workspace only', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    const { messages } = await service.send(id, { text: 'where is it' })
    const found = await service.words('ws', id, messages[0]!.id)
    expect(found).toMatchObject({ text: 'where is it', label: expect.any(String) })
    expect(found?.words.map(({ start, end }) => 'where is it'.slice(start, end))).toEqual(['where', 'is', 'it'])
    const [where, ...others] = found!.words
    expect(where!.weight).toBeGreaterThan(0.5)
    for (const { weight } of others) expect(weight).toBeCloseTo(0)
    expect(await service.words('other', id, messages[0]!.id)).toBeNull()
  })

  test('a try goes on from before any of its messages once more, also with other variables, and the first one stays', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en', isTry: true })
    await service.send(id, { id: 'm1', text: 'where is it' })
    await service.send(id, { id: 'm2', text: 'nine' })
    await service.send(id, { id: 'm3', text: 'where is it' })
    const rerun = { workspace: 'ws', bot: 'bot_1', pin: bot.pin, conversation: id, message: 'm2' }
    const again = await service.branch({ ...rerun, edited: { order: 'seven', note: null } })
    expect(again.user).toEqual({ text: 'nine' })
    expect((await service.history(again.conversationId)).map(({ text }) => text)).toEqual([
      'Hello',
      'where is it',
      'Number?',
    ])
    const second = await serve()
    expect(texts(await second.send(again.conversationId, { text: 'eight' }))).toEqual(['eight is on its way'])
    expect((await service.history(id)).map(({ text }) => text)).toContain('nine is on its way')
    expect((await service.heldTry('ws', again.conversationId)).turns.map(({ user, edited }) => [user, edited])).toEqual(
      [
        [null, {}],
        [{ text: 'where is it' }, {}],
        [{ text: 'eight' }, { order: 'seven', note: null }],
      ],
    )
    const first = (await service.history(id))[2]!
    expect(await service.trace('ws', again.conversationId, first.id)).toEqual(await service.trace('ws', id, first.id))
    const third = await service.branch({ ...rerun, conversation: again.conversationId, message: 'm1', edited: {} })
    expect(texts(await service.send(third.conversationId, { text: 'where is it' }))).toEqual(['Number?'])
  })

  test('a variable that was changed is what the bot remembers from there on', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en', isTry: true })
    await service.send(id, { id: 'm1', text: 'a person please' })
    const again = await service.branch({
      workspace: 'ws',
      bot: 'bot_1',
      pin: bot.pin,
      conversation: id,
      message: 'm1',
      edited: { order: 'seven' },
    })
    const { messages } = await service.send(again.conversationId, { id: 'm1', text: 'a person please' })
    expect(await service.trace('ws', again.conversationId, messages[0]!.id)).toMatchObject({
      variables: { order: 'seven' },
      effects: [{ type: 'handoff', block: 'h', note: 'order seven' }],
    })
  })

  test("nothing goes on from a visitor's conversation, from another workspace, or from what the bot said", async () => {
    const service = await serve()
    const visitor = await service.start({ ...bot, language: 'en' })
    await service.send(visitor.conversationId, { id: 'm1', text: 'where is it' })
    const tried = await service.start({ ...bot, language: 'en', isTry: true })
    await service.send(tried.conversationId, { id: 'm1', text: 'where is it' })
    const of = (conversation: string, workspace = 'ws', message = 'm1') =>
      service.branch({ workspace, bot: 'bot_1', pin: bot.pin, conversation, message, edited: {} })
    for (const refused of [
      () => of(visitor.conversationId),
      () => of(tried.conversationId, 'other'),
      () => of(tried.conversationId, 'ws', tried.messages[0]!.id),
    ])
      await expect(refused()).rejects.toMatchObject({ code: 'not-found' })
    await expect(service.heldTry('ws', visitor.conversationId)).rejects.toMatchObject({ code: 'not-found' })
    expect(await of(tried.conversationId)).toMatchObject({ user: { text: 'where is it' } })
  })

  test('a try calls nobody and is in no figure', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en', isTry: true })
    expect(texts(await service.send(id, { text: 'a person please' }))).toHaveLength(2)
    await serve()
    expect(await database.query('select 1 from handoffs')).toEqual([])
    expect(await database.query('select 1 from outbox')).toEqual([])
    await service.start({ ...bot, language: 'en', isTry: true })
    expect(await service.openConversations('ws', 'bot_1', 'live')).toEqual([])
  })

  test('the trace says of each block what it heard, said and set, and by which port it was left', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await service.send(id, { text: 'where is it' })
    const { messages } = await service.send(id, { text: 'nine' }, { trace: true })
    expect(messages[0]?.trace?.path).toMatchObject([
      { node: 'q', woken: true, heard: 'nine', set: { order: 'nine' }, said: [], port: 'out' },
      { node: 'ok', woken: false, heard: null, set: {}, said: ['nine is on its way'], port: 'out' },
    ])
  })

  test('text that a database cannot store is cleaned, not refused', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await service.send(id, { id: 'x\u0000y', text: 'where \u0000 is \ud800 it' })
    expect((await service.history(id))[1]).toMatchObject({ id: 'xy', text: 'where  is \ufffd it' })
  })

  test('a damaged session starts over with an apology', async () => {
    const service = await serve()
    const { conversationId: id } = await service.start({ ...bot, language: 'en' })
    await database.query('update conversations set session = $1', ['{"sessionFormat": 99}'])
    expect(texts(await (await serve()).send(id, { text: 'hello there', language: 'en' }))).toEqual([
      'Sorry, something went wrong on our side. Let us start over.',
      'Hello',
    ])
  })

  test('an unknown conversation and a wrong secret are refused', async () => {
    const service = await serve()
    await expect(service.send('cnv_nobody', { text: 'hi' })).rejects.toMatchObject({ code: 'conversation-unknown' })
    const { conversationId: id, resume } = await service.start(bot)
    await service.checkResume(id, resume)
    await expect(service.checkResume(id, 'guess')).rejects.toMatchObject({ code: 'resume-invalid' })
  })
})

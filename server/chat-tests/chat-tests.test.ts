import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ChatTestView, Message, TryAnswer } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

const talk = graphOf(
  {
    s: { type: 'start' },
    hi: { type: 'say', config: { text: { en: 'Hello', 'zh-CN': '您好' } } },
    q: { type: 'ask', config: { question: { en: 'Number?', 'zh-CN': '单号？' }, variable: 'order', skipIfSet: false } },
    ok: { type: 'say', config: { text: { en: '{{order}} is on its way', 'zh-CN': '{{order}} 在路上' } } },
    h: { type: 'hand-over', config: { reason: 'asked', note: '' } },
  },
  ['s -> hi', 'hi -> q', 'q -> ok', 'ok -> h'],
  { variables: { v1: { id: 'v1', name: 'order', type: 'text' } } },
)

describeOnEachDatabase('kept conversations', (open) => {
  let database: OpenDatabase
  let studio: Studio
  let bot: string
  let diffs: number
  beforeEach(async () => {
    database = await open()
    studio = await openStudio(database, { compute: noCompute })
    bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Bot', template: null })).body.id
    diffs = 0
    await push({ added: { ...additionOf(talk), 'variables/v1': talk.variables.v1 } })
  })
  afterEach(async () => {
    await studio.close()
    await database.close()
  })

  const push = async (part: object) => {
    const diff = { id: `kept_${String(++diffs).padStart(4, '0')}`, added: {}, removed: {}, updated: {}, ...part }
    const path = `/api/bots/${bot}/draft`
    const { revision } = (await studio.call<{ revision: number }>('GET', path)).body
    expect(await studio.call('POST', `${path}/diffs`, { base: revision, diffs: [diff] })).toMatchObject({ status: 200 })
  }
  const say = (text: string) => push({ updated: { 'nodes/hi': { '/config/text/en': ['Hello', text] } } })
  const post = async <T>(path: string, body: unknown) =>
    (await studio.call<T>('POST', `/api/bots/${bot}${path}`, body)).body
  const tests = async () => (await studio.call<ChatTestView[]>('GET', `/api/bots/${bot}/tests`)).body
  const run = (...ids: string[]) => post<ChatTestView[]>('/tests/run', { tests: ids })
  const handovers = () => database.query('select 1 from handoffs union all select 1 from outbox')

  async function keptTry(): Promise<{ chat: TryAnswer; kept: ChatTestView }> {
    const chat = await post<TryAnswer>('/tries', { language: 'en' })
    await studio.services.conversations.send(chat.conversationId, { id: 'm1', text: 'nine' })
    const [kept] = await post<ChatTestView[]>('/tests', { name: ' Where is it ', conversation: chat.conversationId })
    return { chat, kept: kept! }
  }

  test('a try that is kept passes as long as the bot says the same, and fails with the first difference', async () => {
    const { kept } = await keptTry()
    expect(kept).toMatchObject({ name: 'Where is it', language: 'en', result: null })
    expect(kept.turns.map(({ user, replies }) => [user?.text, replies.map(({ pieces }) => pieces[0])])).toEqual([
      [undefined, ['Hello', 'Number?']],
      ['nine', ['nine is on its way', expect.any(String), expect.any(String)]],
    ])
    expect((await run(kept.id))[0]?.result).toMatchObject({ passed: true, difference: null })
    expect(await tests()).toMatchObject([{ fresh: true, result: { passed: true } }])

    await say('Good day')
    expect(await tests()).toMatchObject([{ fresh: false, result: { passed: true } }])
    expect((await run(kept.id))[0]?.result).toMatchObject({
      passed: false,
      difference: { turn: 0, reply: 0, expected: { pieces: ['Hello'] }, said: 'Good day' },
      said: [['Good day', 'Number?'], expect.any(Array)],
    })
  })

  test('running tests opens no conversation and calls nobody', async () => {
    const { kept } = await keptTry()
    const [before] = await database.query('select count(*)::int as n from conversations')
    await run(kept.id)
    expect(await database.query('select count(*)::int as n from conversations')).toEqual([before])
    expect(await handovers()).toEqual([])
  })

  test('a test whose replies were changed is judged by the new ones, and where anything may stand, anything may', async () => {
    const { kept } = await keptTry()
    await say('Good day')
    await run(kept.id)
    const { id, name, language, now, turns } = kept
    const wide = turns.map((turn, index) =>
      index === 0 ? { ...turn, replies: [{ pieces: ['Good ', ''] }, turn.replies[1]!] } : turn,
    )
    const put = await studio.call('PUT', `/api/bots/${bot}/tests/${id}`, { name, language, now, turns: wide })
    expect(put.status).toBe(204)
    expect(await tests()).toMatchObject([{ result: null }])
    expect((await run(id))[0]?.result).toMatchObject({ passed: true })
  })

  test('a deleted test comes back as it was', async () => {
    const { kept } = await keptTry()
    expect((await studio.call('DELETE', `/api/bots/${bot}/tests/${kept.id}`)).status).toBe(204)
    expect(await tests()).toEqual([])
    expect((await studio.call('DELETE', `/api/bots/${bot}/tests/${kept.id}`)).status).toBe(404)
    const { id, name, language, now, turns } = kept
    await studio.call('PUT', `/api/bots/${bot}/tests/${id}`, { name, language, now, turns })
    expect(await tests()).toMatchObject([{ id, name, turns }])
  })

  test('a test of another bot is not written over', async () => {
    const { kept } = await keptTry()
    const other = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Other', template: null })).body.id
    const { id, language, now, turns } = kept
    const body = { name: 'Mine', language, now, turns }
    expect((await studio.call('PUT', `/api/bots/${other}/tests/${id}`, body)).status).toBe(404)
    expect(await tests()).toMatchObject([{ name: 'Where is it' }])
  })

  test('what was changed before a message is part of the test; a conversation of a visitor is kept by nobody', async () => {
    const { chat } = await keptTry()
    const again = await post<TryAnswer>(`/tries/${chat.conversationId}/rerun`, {
      message: 'm1',
      id: 'm2',
      text: 'seven',
      variables: { order: 'old' },
    })
    expect(again.messages.map(({ text }: Message) => text)).toContain('seven is on its way')
    const [kept] = await post<ChatTestView[]>('/tests', { name: 'Again', conversation: again.conversationId })
    expect(kept?.turns[1]).toMatchObject({ user: { text: 'seven' }, set: { order: 'old' } })
    expect((await run(kept!.id))[0]?.result?.passed).toBe(true)

    const { conversations } = studio.services
    const pin = await conversations.pinDraft('wsp_main', bot, { document: talk, classifiers: {} })
    const visitor = await conversations.start({ workspace: 'wsp_main', bot, pin })
    const refused = await studio.call('POST', `/api/bots/${bot}/tests`, {
      name: 'No',
      conversation: visitor.conversationId,
    })
    expect(refused.status).toBe(404)
  })

  test('a test is opened as a try that has come as far as asked', async () => {
    const { kept } = await keptTry()
    const chat = await post<TryAnswer>('/tries', { replay: { test: kept.id, upTo: 1 } })
    expect(chat.messages.map(({ text }) => text).slice(0, 4)).toEqual([
      'Hello',
      'Number?',
      'nine',
      'nine is on its way',
    ])
  })

  test('a try talks with the version that was asked for, whatever the draft became', async () => {
    await post('/publish', { note: '' })
    await say('Good day')
    const first = async (body: object) =>
      (await post<TryAnswer>('/tries', { language: 'en', ...body })).messages[0]?.text
    expect(await first({})).toBe('Good day')
    expect(await first({ version: 1 })).toBe('Hello')
    expect(await studio.call('POST', `/api/bots/${bot}/tries`, { version: 9 })).toMatchObject({ status: 404 })
  })

  test('a bot of a template has its conversations, in its languages and with its own words', async () => {
    const body = {
      name: 'Shop',
      template: 'e-commerce',
      parameters: { brand: { en: 'Far Sail', 'zh-CN': '远帆' }, languages: ['en'] },
    }
    const { id } = (await studio.call<{ id: string }>('POST', '/api/bots', body)).body
    const found = (await studio.call<ChatTestView[]>('GET', `/api/bots/${id}/tests`)).body
    expect(found.length).toBeGreaterThanOrEqual(5)
    expect(new Set(found.map(({ language }) => language))).toEqual(new Set(['en']))
    expect(JSON.stringify(found)).toContain('Far Sail')
    expect(JSON.stringify(found)).not.toContain('Little Boat')
  }, 30_000)
})

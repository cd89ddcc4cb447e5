import { expect, test } from 'vitest'
import type { Classification } from '#kit'
import type { AnsweredView, RowsPage, SetSummary, UnansweredAdded, UnansweredView } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { graphOf, verdict } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio } from '../../tests/drivers/studio.ts'

/** Three things that people ask the shop and that it has never heard of, in other words each time. */
const giftCards = [
  'can I buy a gift card',
  'do you sell gift cards',
  'is there a gift card for 50 euros',
  'I would like to buy a gift card for a friend',
  'how do gift cards work',
]
const jobs = [
  'are you hiring',
  'do you have open jobs',
  'I am looking for a job in your store',
  'are there any job openings at your company',
  'how can I apply for a job with you',
]

const known = /parcel/
const judge = (text: string): Classification =>
  known.test(text) ? verdict({ lbl_track: 0.9 }).result : verdict({ lbl_track: 0.2 }).result

describeOnEachDatabase('unanswered messages over the API', (openStore) => {
  async function open() {
    const database = await openStore()
    const studio = await openStudio(database, {
      compute: { ...noCompute, classify: async (_, texts) => texts.map((text) => judge(String(text))) },
    })
    const graph = graphOf(
      {
        start: { type: 'start', config: { reminders: false, closing: false } },
        ask: { type: 'intent', config: { ladder: false } },
        sorry: { type: 'say', config: { text: { en: 'Sorry?' } } },
        soon: { type: 'say', config: { text: { en: 'It is on its way.' } } },
        deploy: { type: 'deploy' },
      },
      [
        'start -> ask',
        'ask/lbl_track -> soon',
        'ask/fallback -> sorry',
        'sorry -> ask',
        'soon -> ask',
        'deploy/classifier -> ask/model',
      ],
      { languages: ['en'] },
    )
    const { bots, versions } = studio.services
    const { id: bot } = await bots.create(mainWorkspace, { name: 'Shop', document: graph })
    const author = { id: 'usr_test', name: 'Lin' }
    const { version } = await versions.publish(mainWorkspace, bot, { note: '', keepOldModel: true }, author)
    const model = { artifact: 'a'.repeat(64), labels: [], threshold: 0.5, accuracy: null }
    await database.query('update versions set classifiers = $1::text::jsonb', [JSON.stringify({ deploy: model })])
    const { id: set } = (await studio.call<{ id: string }>('POST', `/api/bots/${bot}/sets`, { name: 'Questions' })).body
    const { conversations, sets } = studio.services
    const live = { workspace: mainWorkspace, bot, pin: { version } }
    await sets.importRows(mainWorkspace, set, [{ text: 'where is my parcel', label: 'Tracking' }], 'test')
    const say = async (lines: readonly string[], how: { isTry?: boolean } = {}) => {
      const { conversationId } = await conversations.start({ ...live, language: 'en', ...how })
      for (const text of lines) await conversations.send(conversationId, { text })
      return conversationId
    }
    const at = `/api/bots/${bot}/unanswered`
    return {
      ...{ studio, database, bot, set, say, at },
      get: async <T>(path = '') => (await studio.call<T>('GET', `${at}${path}`)).body,
      post: <T>(path: string, body: unknown) => studio.call<T>('POST', `${at}${path}`, body),
      /** The groups, once they are found. */
      async settled(query = ''): Promise<UnansweredView> {
        let view: UnansweredView | undefined
        await expect
          .poll(
            async () => {
              view = (await studio.call<UnansweredView>('GET', `${at}${query}`)).body
              return view.state
            },
            { timeout: 150_000, interval: 200 },
          )
          .toBe('done')
        return view!
      },
      async [Symbol.asyncDispose]() {
        await studio.close()
        await database.close()
      },
    }
  }
  const textsOf = ({ messages }: UnansweredView, group: number) =>
    messages.filter((message) => message.group === group).map(({ text }) => text)

  test('what two chats did not understand is found and grouped by a real encoder; what was understood, and tries, are not there', async () => {
    await using shop = await open()
    expect(await shop.settled()).toMatchObject({ total: 0, groups: [], messages: [] })
    await shop.say(['where is my parcel', ...giftCards])
    await shop.say([...jobs, 'Are you HIRING?'])
    await shop.say(['a try is nobody'], { isTry: true })
    const view = await shop.settled()
    expect(view.total).toBe(giftCards.length + jobs.length)
    expect(view.messages.find(({ text }) => /hiring/i.test(text))?.times).toBe(2)
    expect(view.groups).toHaveLength(2)
    const found = view.groups.map(({ group }) => textsOf(view, group))
    for (const texts of found)
      expect(texts.every((text) => /gift/.test(text)) || texts.every((text) => !/gift/.test(text))).toBe(true)
    expect(view.groups.flatMap(({ words }) => words).join(' ')).toMatch(/gift/)
    expect(await shop.get('/count')).toEqual({ count: view.total })
    expect((await shop.settled('?language=zh-CN')).total).toBe(0)
  }, 300_000)

  test('messages become rows of a topic in one step, do not come again, and the step can be taken back', async () => {
    await using shop = await open()
    const { set, studio } = shop
    await shop.say(['where is my parcel', ...giftCards, ...jobs])
    const view = await shop.settled()
    const ids = view.messages.filter(({ text }) => /gift/.test(text)).map(({ id }) => id)
    const before = (await studio.call<SetSummary>('GET', `/api/sets/${set}`)).body
    const { status, body } = await shop.post<UnansweredAdded>('/rows', { messages: ids, set, label: 'Gift cards' })
    expect([status, body.added]).toEqual([201, giftCards.length])
    const rows = (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows`)).body.rows
    expect(
      rows
        .filter(({ labelName }) => labelName === 'Gift cards')
        .map(({ text }) => text)
        .sort(),
    ).toEqual([...giftCards].sort())
    const [{ origin } = { origin: '' }] = await shop.database.query<{ origin: string }>(
      'select origin from set_rows where set_id = $1 and text = $2',
      [set, giftCards[0]],
    )
    expect(origin).toBe('chats')

    await shop.say([giftCards[0]!.toUpperCase()])
    const left = await shop.settled()
    expect(left.messages.map(({ text }) => text).sort()).toEqual([...jobs].sort())

    const answered = await shop.get<AnsweredView>('/answered')
    expect(answered.messages).toHaveLength(giftCards.length)
    expect(answered.messages[0]).toMatchObject({ topic: 'Gift cards', after: null })
    expect(answered.messages[0]!.before).toMatchObject({ version: 1, said: 'Sorry?', guess: { probability: 0.2 } })

    expect((await shop.post('/undo', { messages: body.messages })).status).toBe(200)
    const after = (await studio.call<SetSummary>('GET', `/api/sets/${set}`)).body
    expect([after.rows, after.revision]).toEqual([before.rows, before.revision])
    expect((await shop.settled()).total).toBe(view.total)
    expect((await shop.post('/undo', { messages: body.messages })).status).toBe(404)
  }, 300_000)

  test('what is no question is put away and can come back; what nobody said is refused', async () => {
    await using shop = await open()
    await shop.say(['asdf'])
    const [message] = (await shop.settled()).messages
    expect((await shop.post('/dismiss', { messages: [message!.id] })).body).toEqual({ messages: [message!.id] })
    expect(await shop.get('/count')).toEqual({ count: 0 })
    await shop.post('/undo', { messages: [message!.id] })
    expect(await shop.get('/count')).toEqual({ count: 1 })
    for (const [path, body, status] of [
      ['/dismiss', { messages: ['0'.repeat(64)] }, 404],
      ['/dismiss', { messages: ['not an id'] }, 400],
      ['/rows', { messages: [message!.id], set: 'set_none', label: 'x' }, 404],
      ['/rows', { messages: [message!.id], set: shop.set, label: '  ' }, 400],
    ] as const)
      expect((await shop.post(path, body)).status, `${path} ${JSON.stringify(body)}`).toBe(status)
    expect(await shop.get('/count')).toEqual({ count: 1 })
  }, 300_000)

  test('personal parts are masked, and an erased conversation takes its messages with it', async () => {
    await using shop = await open()
    const chat = await shop.say(['call me on 13812345678 please', 'who are you'])
    const { messages } = await shop.settled()
    expect(messages.map(({ text }) => text).join()).not.toContain('13812345678')
    const { set } = shop
    await shop.post('/rows', { messages: [messages[0]!.id], set, label: 'Calls' })
    expect((await shop.get<AnsweredView>('/answered')).messages).toHaveLength(1)
    await erase(shop.database, chat)
    expect(await shop.get('/count')).toEqual({ count: 0 })
    expect((await shop.settled()).messages).toEqual([])
    expect((await shop.get<AnsweredView>('/answered')).messages).toEqual([])
  }, 300_000)
})

async function erase(database: OpenDatabase, conversation: string): Promise<void> {
  await database.query('delete from messages where conversation_id = $1', [conversation])
  await database.query('delete from conversations where id = $1', [conversation])
}

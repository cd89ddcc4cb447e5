import { expect, test } from 'vitest'
import type { CannedReply, ChatDetail, ChatPage, InboxEvent, Message, Person, WhisperNote } from '#server/api/dto.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { inboxTopic } from '#server/inbox/inbox-bell.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

/** A visitor, a bot and the people behind it, over the real store. */
describeOnEachDatabase('the inbox', (openStore) => {
  async function open() {
    const database = await openStore()
    const studio = await openStudio(database, { compute: noCompute })
    const { id: bot } = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body
    const document = graphOf(
      {
        s: { type: 'start' },
        hi: { type: 'say', config: { text: { en: 'Hello' } } },
        q: { type: 'ask', config: { question: { en: 'Your name?' }, variable: 'name' } },
        ok: { type: 'say', config: { text: { en: 'Thank you, {{name}}' } } },
        i: { type: 'intent', config: { prompt: { en: 'Anything else?' }, ladder: false } },
      },
      ['s -> hi', 'hi -> q', 'q -> ok', 'ok -> i'],
    )
    const { conversations } = studio.services
    const pin = await conversations.pinDraft(mainWorkspace, bot, { document, classifiers: {} })
    const visit = async (attributes: Record<string, string> = {}): Promise<string> =>
      (await conversations.start({ workspace: mainWorkspace, bot, pin, language: 'en', attributes })).conversationId
    const says = async (chat: string, text: string) =>
      (await conversations.send(chat, { text })).messages.map((message) => message.text)
    const list = async (query = '') => (await studio.call<ChatPage>('GET', `/api/inbox/chats${query}`)).body
    const read = async (chat: string) => (await studio.call<ChatDetail>('GET', `/api/inbox/chats/${chat}`)).body
    const act = <T = ChatDetail>(chat: string, what: string, body: object = {}, method = 'POST') =>
      studio.call<T & { code: string }>(method, `/api/inbox/chats/${chat}${what}`, body)
    return {
      ...{ studio, database, bot, visit, says, list, read, act, pin },
      async [Symbol.asyncDispose]() {
        await studio.close()
        await database.close()
      },
    }
  }
  const texts = ({ messages }: { messages: Message[] }) => messages.map(({ text }) => text)
  const me = async (studio: Studio) => (await studio.call<Person[]>('GET', '/api/inbox/people')).body[0]!

  test('a visitor who asks for a person waits in it, is taken, answered and given back, and sees who talks', async () => {
    await using desk = await open()
    const { visit, says, list, read, act, studio } = desk
    const chat = await visit({ page: '/returns' })
    await says(chat, 'Ann')
    await says(chat, 'can I talk to a human')
    const person = await me(studio)
    const page = await list('?status=waiting')
    expect(page.counts).toEqual({ open: 0, waiting: 1, agent: 0, ended: 0 })
    expect(page.chats).toMatchObject([
      {
        id: chat,
        bot: { name: 'Shop' },
        status: 'waiting',
        visitor: { page: '/returns' },
        handoff: { reason: 'can I talk to a human' },
        assignee: null,
      },
    ])
    const taken = await act(chat, '/take')
    expect(taken.body).toMatchObject({ status: 'agent', assignee: person, variables: { name: 'Ann' } })
    expect(texts(taken.body).at(-1)).toBe(`${person.name} is with you now.`)
    expect(await says(chat, 'my parcel is lost')).toEqual([])
    expect((await list()).chats[0]).toMatchObject({ status: 'agent', unanswered: 1 })
    const reply = { id: 'r1', text: 'I will look for it.' }
    const { body } = await act<{ message: Message }>(chat, '/messages', reply)
    expect(body.message).toMatchObject({ id: 'r1', role: 'agent', text: reply.text, author: person.name })
    expect((await list()).chats[0]).toMatchObject({ unanswered: 0, last: { role: 'agent', text: reply.text } })
    expect((await act(chat, '/give-back')).body).toMatchObject({ status: 'open', assignee: null })
    expect(texts(await read(chat)).at(-1)).toBe(`${person.name} has left, and the bot is back.`)
    expect(await says(chat, 'so what now')).not.toEqual([])
  })

  test('visitors see the name that a person gave themselves', async () => {
    await using desk = await open()
    const { visit, act, studio } = desk
    expect((await studio.call('PATCH', '/api/me', { name: ' 小王 ' })).body).toMatchObject({ user: { name: '小王' } })
    expect((await studio.call('PATCH', '/api/me', { name: ' ' })).status).toBe(400)
    const chat = await visit()
    await act(chat, '/take')
    const { body } = await act<{ message: Message }>(chat, '/messages', { id: 'r1', text: 'hello' })
    expect(body.message.author).toBe('小王')
  })

  test('an answer takes over what nobody has; the same id is the same message, sent twice or at once', async () => {
    await using desk = await open()
    const { visit, act, read, studio } = desk
    const chat = await visit()
    await desk.says(chat, 'agent')
    const reply = { id: 'r1', text: 'Hello, how can I help?' }
    const answers = await Promise.all([1, 2, 3].map(() => act<{ message: Message }>(chat, '/messages', reply)))
    for (const { body } of answers) expect(body).toEqual(answers[0]!.body)
    const { name } = await me(studio)
    expect(texts(await read(chat)).slice(-2)).toEqual([`${name} is with you now.`, reply.text])
    // Late, after somebody gave it back, it is still the message that it was; a new one must take the chat over first.
    await act(chat, '/give-back')
    expect((await act<{ message: Message }>(chat, '/messages', reply)).body.message.text).toBe(reply.text)
    const refused = await act(chat, '/messages', { id: 'r2', text: 'late' })
    expect([refused.status, refused.body.code]).toEqual([409, 'chat-not-taken'])
  })

  test('whoever writes in a colleague’s chat is told to take it over first', async () => {
    await using desk = await open()
    const { visit, act, read, studio } = desk
    const chat = await visit()
    await studio.services.conversations.act(chat, { kind: 'take' }, { id: 'usr_other', name: 'Wang' })
    const refused = await act(chat, '/messages', { id: 'r1', text: 'hello' })
    expect([refused.status, refused.body.code]).toEqual([409, 'chat-with-colleague'])
    await act(chat, '/take')
    expect((await act(chat, '/messages', { id: 'r1', text: 'hello' })).status).toBe(201)
    expect(texts(await read(chat)).slice(2)).toEqual([
      'Wang is with you now.',
      `${(await me(studio)).name} is with you now.`,
      'hello',
    ])
  })

  test('notes are for colleagues alone; tags and who takes care are kept and can be looked for', async () => {
    await using desk = await open()
    const { visit, act, list, read, studio } = desk
    const [chat, other] = [await visit(), await visit()]
    const person = await me(studio)
    const { body: note } = await act<WhisperNote>(chat, '/notes', { text: 'rings twice a week' })
    expect(note.author).toEqual(person)
    expect((await read(chat)).notes).toEqual([note])
    expect(texts({ messages: await studio.services.conversations.history(chat) })).not.toContain(note.text)
    await act(chat, '', { tags: ['vip', 'parcel', 'vip'], assignee: person.id }, 'PATCH')
    await act(chat, '', { tags: ['vip', 'parcel'] }, 'PATCH')
    expect(await read(chat)).toMatchObject({ tags: ['vip', 'parcel'], assignee: person })
    const ids = async (query: string) => (await list(query)).chats.map(({ id }) => id)
    expect(await ids('?tag=vip')).toEqual([chat])
    expect(await ids('?assignee=me')).toEqual([chat])
    expect(await ids('?assignee=nobody')).toEqual([other])
    expect((await studio.call<string[]>('GET', '/api/inbox/tags')).body).toEqual(['parcel', 'vip'])
    expect((await act(chat, '', { assignee: 'usr_nobody' }, 'PATCH')).status).toBe(404)
  })

  test('chats are found by what was said in them, whatever signs it holds, and come in pages, each once', async () => {
    await using desk = await open()
    const { visit, says, list } = desk
    const all: string[] = []
    for (let i = 0; i < 53; i++) all.unshift(await visit())
    await says(all[0]!, '100%_sure 我的快递')
    const first = await list()
    expect(first.chats).toHaveLength(50)
    const second = await list(`?after=${encodeURIComponent(first.next!)}`)
    expect(second.next).toBeNull()
    const seen = [...first.chats, ...second.chats].map(({ id }) => id)
    expect([...seen].sort()).toEqual([...all].sort())
    for (const [words, found] of [
      ['%25_sure', 1],
      ['100_', 0],
      ['快递', 1],
      ['\\', 0],
    ] as const)
      expect(
        (await list(`?search=${words.startsWith('%') ? words : encodeURIComponent(words)}`)).chats,
        words,
      ).toHaveLength(found)
    expect((await list('?after=nonsense')) as unknown).toMatchObject({ code: 'invalid-request' })
  })

  test('tries and other workspaces’ chats are not there to be seen or touched', async () => {
    await using desk = await open()
    const { act, list, studio, bot, pin, database } = desk
    const tried = await studio.services.conversations.start({ workspace: mainWorkspace, bot, pin, isTry: true })
    const chat = await desk.visit()
    await database.query("update conversations set workspace_id = 'wsp_other' where id = $1", [chat])
    expect((await list()).chats).toEqual([])
    for (const id of [tried.conversationId, chat, 'cnv_none']) {
      expect((await studio.call('GET', `/api/inbox/chats/${id}`)).status).toBe(404)
      for (const [what, body, method] of [
        ['/take', {}, 'POST'],
        ['/close', {}, 'POST'],
        ['/messages', { id: 'x', text: 'x' }, 'POST'],
        ['/notes', { text: 'x' }, 'POST'],
        ['', { tags: ['x'] }, 'PATCH'],
      ] as const)
        expect((await act(id, what, body, method)).status, `${method} ${what}`).toBe(404)
    }
  })

  test('what is done twice, or to a chat that somebody else has ended, changes and says nothing', async () => {
    await using desk = await open()
    const { visit, says, act, read } = desk
    const chat = await visit()
    await says(chat, 'Ann')
    await says(chat, 'agent')
    for (const what of ['/take', '/take']) await act(chat, what)
    expect(texts(await read(chat)).filter((text) => text.includes('is with you now'))).toHaveLength(1)
    for (const what of ['/give-back', '/give-back']) await act(chat, what)
    expect(texts(await read(chat)).filter((text) => text.includes('the bot is back'))).toHaveLength(1)
    for (const what of ['/close', '/close', '/give-back']) await act(chat, what)
    const { messages, status } = await read(chat)
    expect(status).toBe('ended')
    expect(texts({ messages }).filter((text) => text.includes('was closed'))).toHaveLength(1)
  })

  test('who closes a chat ends it; the visitor’s next message begins anew with the bot', async () => {
    await using desk = await open()
    const { visit, says, act, list } = desk
    const chat = await visit()
    await says(chat, 'Ann')
    expect((await act(chat, '/close')).body).toMatchObject({ status: 'ended' })
    expect((await list('?status=ended')).chats).toHaveLength(1)
    expect(await says(chat, 'hello again')).toContain('Hello')
  })

  test('open inboxes hear at once of a chat that needs a person', async () => {
    await using desk = await open()
    const { visit, says, studio } = desk
    const chat = await visit()
    const heard: string[] = []
    const stop = await studio.services.events.subscribe<InboxEvent>(inboxTopic(mainWorkspace), null, ({ event }) => {
      heard.push(event.chat)
    })
    await says(chat, 'agent')
    await expect.poll(() => heard).toContain(chat)
    stop()
  })

  test('prepared answers are kept, changed and thrown away', async () => {
    await using desk = await open()
    const { studio } = desk
    const call = <T>(method: string, path = '', body?: object) =>
      studio.call<T>(method, `/api/inbox/canned${path}`, body)
    const { body: kept } = await call<CannedReply>('POST', '', { title: 'Hours', text: 'From nine to nine.' })
    const changed = { title: 'Hours', text: 'From ten to ten.' }
    await call('PUT', `/${kept.id}`, changed)
    expect((await call<CannedReply[]>('GET')).body).toEqual([{ id: kept.id, ...changed }])
    expect((await call('PUT', '/can_none', changed)).status).toBe(404)
    await call('DELETE', `/${kept.id}`)
    expect((await call<CannedReply[]>('GET')).body).toEqual([])
    expect((await call('POST', '', { title: ' ', text: 'x' })).status).toBe(400)
  })

  test('what is exported opens in a spreadsheet as it was said, and no cell of it is a formula', async () => {
    await using desk = await open()
    const { visit, says, studio } = desk
    const chat = await visit()
    await says(chat, '=HYPERLINK("http://evil.example","快递")')
    const response = await studio.bare('GET', '/api/inbox/export', { cookie: studio.cookie })
    const csv = new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer())
    expect(csv.startsWith('\ufeffchat,bot,status')).toBe(true)
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.example"",""快递"")"`)
    expect(csv.trim().split('\r\n')).toHaveLength(6)
    await says(chat, '=1+1\nand more')
    const again = await studio.bare('GET', '/api/inbox/export', { cookie: studio.cookie })
    expect(await again.text()).toContain('"\'=1+1\nand more"')
  })
})

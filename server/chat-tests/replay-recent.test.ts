import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PushAnswer, ReplayPage } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

/** A published bot that asks for a name and says one of several greetings; the draft is edited meanwhile. */
const graph = graphOf(
  {
    start: { type: 'start' },
    hi: {
      type: 'say',
      config: {
        text: { en: 'Hello' },
        variants: [
          { id: 'a', text: { en: 'Hi there' } },
          { id: 'b', text: { en: 'Welcome' } },
        ],
      },
    },
    who: { type: 'ask', config: { question: { en: 'Your name?' }, variable: 'name' } },
    bye: { type: 'say', config: { text: { en: 'Good day, {{name}}' } } },
  },
  ['start -> hi', 'hi -> who', 'who -> bye'],
)
let database: OpenDatabase
let studio: Studio
let bot: string
let revision: number
beforeEach(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute })
  bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body.id
  revision = 1
  await push({ added: additionOf(graph) })
  expect((await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })).status).toBe(201)
})
afterEach(async () => {
  await studio.close()
  await database.close()
})

async function push(part: object): Promise<void> {
  const diff = { id: `diff_${Math.random().toString(36).slice(2, 12)}`, added: {}, removed: {}, updated: {}, ...part }
  const answer = await studio.call<PushAnswer>('POST', `/api/bots/${bot}/draft/diffs`, {
    base: revision,
    diffs: [diff],
  })
  revision = answer.body.revision
}
async function chat(...words: string[]): Promise<string> {
  const { conversations } = studio.services
  const { conversationId } = await conversations.start({
    workspace: mainWorkspace,
    bot,
    pin: { version: 1 },
    language: 'en',
  })
  for (const text of words) await conversations.send(conversationId, { text })
  return conversationId
}
const replay = async (query = '') =>
  (await studio.call<ReplayPage>('GET', `/api/bots/${bot}/publish/replay${query}`)).body

test('chats that the draft would lead the same way are told as the same, whichever lots were drawn in them', async () => {
  for (let i = 0; i < 6; i++) await chat('Ann')
  expect(await replay()).toEqual({ checked: 6, differing: [], next: null })
})

test('where the draft answers otherwise both answers stand side by side, once a chat', async () => {
  const [reached] = [await chat('Ann'), await chat()]
  await push({ updated: { 'nodes/bye': { '/config/text/en': ['Good day, {{name}}', 'Goodbye, {{name}}'] } } })
  const { checked, differing } = await replay()
  // Who said nothing was answered nothing.
  expect(checked).toBe(1)
  expect(differing).toEqual([
    { chat: reached, at: expect.any(String), user: 'Ann', before: ['Good day, Ann'], after: ['Goodbye, Ann'] },
  ])
})

test('what a person said and what came after it is nobody’s draft; tries are left out', async () => {
  const id = await chat('Ann')
  const { conversations } = studio.services
  await conversations.act(id, { kind: 'take' }, { id: 'usr_1', name: 'Wang' })
  await conversations.act(id, { kind: 'reply', id: 'r1', text: 'Hello from a person' }, { id: 'usr_1', name: 'Wang' })
  await conversations.send(id, { text: 'thank you' })
  await conversations.start({ workspace: mainWorkspace, bot, pin: { version: 1 }, language: 'en', isTry: true })
  expect(await replay()).toEqual({ checked: 1, differing: [], next: null })
})

test('older chats come page by page', async () => {
  for (let i = 0; i < 12; i++) await chat('Ann')
  const first = await replay()
  expect(first.checked).toBe(10)
  expect((await replay(`?before=${encodeURIComponent(first.next!)}`)).checked).toBeGreaterThanOrEqual(1)
  expect((await replay('?before=nonsense')) as unknown).toMatchObject({ code: 'invalid-request' })
})

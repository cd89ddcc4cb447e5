import { expect, test } from 'vitest'
import type { ChatPage, InsightChats, InsightGraph, InsightView, Me, PushAnswer, VersionView } from '#server/api/dto.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio } from '../../tests/drivers/studio.ts'

describeOnEachDatabase('insights over the API', (openStore) => {
  async function open() {
    const database = await openStore()
    const studio = await openStudio(database, { compute: noCompute })
    const { id: bot } = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body
    const { document } = (await studio.call<{ document: ReturnType<typeof graphOf> }>('GET', `/api/bots/${bot}/draft`))
      .body
    const graph = graphOf(
      {
        start: { type: 'start', config: { reminders: false, closing: false } },
        name: { type: 'ask', config: { question: { en: 'Your name?' }, variable: 'name' } },
        town: { type: 'ask', config: { question: { en: 'Your town?' }, variable: 'town' } },
        bye: { type: 'end', config: {} },
      },
      ['start -> name', 'name -> town', 'town -> bye'],
      { languages: ['en'] },
    )
    const diff = { id: 'dif_insights', added: additionOf(graph), removed: additionOf(document), updated: {} }
    const pushed = await studio.call<PushAnswer>('POST', `/api/bots/${bot}/draft/diffs`, {
      base: 0,
      diffs: [diff],
      allowLargeRemoval: true,
    })
    expect(pushed.status, JSON.stringify(pushed.body)).toBe(200)
    const published = await studio.call<VersionView>('POST', `/api/bots/${bot}/publish`, { note: '' })
    expect(published.status, JSON.stringify(published.body)).toBe(201)
    const { workspace } = (await studio.call<Me>('GET', '/api/me')).body
    const visit = async (...words: string[]) => {
      const { conversations } = studio.services
      const { conversationId } = await conversations.start({ workspace: workspace.id, bot, pin: { version: 1 } })
      for (const text of words) await conversations.send(conversationId, { text })
      return conversationId
    }
    return {
      ...{ studio, database, bot, visit },
      get: <T>(path: string) => studio.call<T>('GET', path),
      async [Symbol.asyncDispose]() {
        await studio.close()
        await database.close()
      },
    }
  }

  test('what was said a moment ago is in the figures, on the wires, and in the inbox behind them', async () => {
    await using shop = await open()
    const { bot, get, visit, database } = shop
    const at = `/api/bots/${bot}/insights`
    expect((await get<InsightView>(at)).body.any).toBe(false)
    await visit()
    await visit('Ann', 'Oslo')
    const left = await visit('Bob')
    const { any, total, rows } = (await get<InsightView>(`${at}?by=version`)).body
    expect(any).toBe(true)
    expect(total).toMatchObject({ conversations: 2, contained: 1, handedOver: 0, messages: 3 })
    expect(rows).toEqual([{ key: '1', figures: total }])

    // An hour later nobody has come back.
    for (const table of ['conversation_facts', 'conversation_days'])
      await database.query(`update ${table} set last_at = last_at - interval '1 hour'`)
    const { wires, blocks } = (await get<InsightGraph>(`${at}/graph?version=1`)).body
    expect(blocks.town).toEqual({ entries: 2, conversations: 2, stopped: 1 })
    expect(Object.values(wires).filter(({ stopped }) => stopped > 0)).toEqual([
      { passes: 2, conversations: 2, stopped: 1 },
    ])
    const figure = 'figure=stopped&block=town&version=1'
    expect((await get<InsightChats>(`${at}/chats?${figure}`)).body).toEqual({ total: 1, ids: [left] })
    const inbox = `/api/inbox/chats?status=all&bot=${bot}&figure=${encodeURIComponent(figure)}`
    expect((await get<ChatPage>(inbox)).body.chats.map(({ id }) => id)).toEqual([left])
  })

  test('who asks for what there is not is told so', async () => {
    await using shop = await open()
    const { bot, get } = shop
    const status = async (path: string) => (await get(path)).status
    expect(await status('/api/bots/bot_other/insights')).toBe(404)
    expect(await status('/api/bots/bot_other/insights/graph?version=1')).toBe(404)
    expect(await status(`/api/bots/${bot}/insights/graph?version=9`)).toBe(404)
    expect(await status(`/api/bots/${bot}/insights/graph`)).toBe(400)
    expect(await status(`/api/bots/${bot}/insights?by=person`)).toBe(400)
    expect(await status(`/api/bots/${bot}/insights?from=2026-11-20&to=2026-11-01`)).toBe(400)
    expect(await status(`/api/bots/${bot}/insights/chats?figure=passed&version=1&edge=none`)).toBe(404)
    expect(await status(`/api/inbox/chats?bot=${bot}&figure=nonsense`)).toBe(400)
    expect(await status(`/api/inbox/chats?figure=${encodeURIComponent('figure=contained')}`)).toBe(400)
  })

  test('counts are made anew for the command line alone, and go with their bot', async () => {
    await using shop = await open()
    const { bot, studio, visit, database, get } = shop
    await visit('Ann')
    await get(`/api/bots/${bot}/insights`)
    await database.query('update conversation_days set said = 99')
    expect((await studio.bare('POST', '/control/insights')).status).toBe(401)
    const authorization = 'Bearer control-token-of-this-test'
    const counted = await studio.bare('POST', '/control/insights', { authorization })
    expect(await counted.json()).toEqual({ conversations: 1 })
    expect((await get<InsightView>(`/api/bots/${bot}/insights`)).body.total.messages).toBe(1)
    await studio.call('DELETE', `/api/bots/${bot}`)
    for (const table of ['conversation_facts', 'conversation_days'])
      expect(await database.query(`select * from ${table}`)).toEqual([])
  })
})

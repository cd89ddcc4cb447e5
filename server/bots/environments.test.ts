import { expect, test } from 'vitest'
import type {
  EnvironmentsView,
  ExperimentView,
  PublishPreview,
  PushAnswer,
  VersionImpact,
  VersionView,
} from '#server/api/dto.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio } from '../../tests/drivers/studio.ts'
import { armOf } from './experiment-arm.ts'

describeOnEachDatabase('environments and experiments', (openStore) => {
  async function open() {
    const database = await openStore()
    const studio = await openStudio(database, { compute: noCompute })
    const { call, services } = studio
    const { id: bot } = (await call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body
    const path = `/api/bots/${bot}`
    let revision = 1
    let words = ''
    const push = async (diff: object) => {
      const diffs = [{ id: `diff_${String(revision).padStart(6, '0')}`, added: {}, removed: {}, updated: {}, ...diff }]
      const answer = await call<PushAnswer>('POST', `${path}/draft/diffs`, { base: revision, diffs })
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      revision = answer.body.revision
    }
    /** The bot greets with these words, and publishes. */
    const publish = async (greeting: string, request: object = {}) => {
      if (words === '')
        await push({
          added: additionOf(
            graphOf(
              {
                start: { type: 'start' },
                hi: { type: 'say', config: { text: { en: greeting } } },
                ask: { type: 'ask', config: { question: { en: 'Name?' }, variable: 'name' } },
                bye: { type: 'end', config: { text: { en: 'Bye' } } },
              },
              ['start -> hi', 'hi -> ask', 'ask -> bye'],
            ),
          ),
        })
      else await push({ updated: { 'nodes/hi': { '/config/text/en': [words, greeting] } } })
      words = greeting
      return call<VersionView & { code?: string }>('POST', `${path}/publish`, { note: '', ...request })
    }
    const start = async (environment: 'live' | 'test' = 'live', visitorId?: string) => {
      const { conversationId: id, messages } = await services.conversations.start({
        workspace: mainWorkspace,
        bot,
        environment,
        visitorId,
        language: 'en',
      })
      return { id, greeting: messages[0]!.text }
    }
    const versionOf = async (id: string) =>
      (await database.query<{ version: number }>('select version from conversations where id = $1', [id]))[0]!.version
    return {
      ...{ studio, services, database, bot, path, call, push, publish, start, versionOf },
      environments: async () => (await call<EnvironmentsView>('GET', `${path}/environments`)).body,
      move: (version: number, request: object = {}) =>
        call<VersionView & { code?: string }>('POST', `${path}/versions/${version}/current`, request),
      experiments: async () => (await call<ExperimentView[]>('GET', `${path}/experiments`)).body,
      async [Symbol.asyncDispose]() {
        await studio.close()
        await database.close()
      },
    }
  }

  test('what is published to test meets testers alone; promoted, it is the same version for everybody; going back is per environment', async () => {
    await using shop = await open()
    const { publish, start, environments, move, call, path, database, bot } = shop
    expect(await environments()).toMatchObject({ live: null, test: null, publishTo: 'live' })
    await publish('One')
    await expect(start('test')).rejects.toMatchObject({ code: 'bot-unpublished' })
    expect((await publish('Two', { environment: 'test' })).body).toMatchObject({
      version: 2,
      current: false,
      onTest: true,
    })
    expect(await environments()).toMatchObject({ live: 1, test: 2, publishTo: 'test' })
    const visitor = await start()
    expect(visitor.greeting).toBe('One')
    const tester = await start('test')
    expect(tester.greeting).toBe('Two')

    const impact = (await call<VersionImpact>('GET', `${path}/versions/2/impact?environment=live`)).body
    expect(impact.changedBlocks).toEqual({ added: [], removed: [], updated: ['hi'] })
    expect(impact.open).toEqual([{ version: 1, block: 'ask', blockName: 'ask', conversations: 1, lands: 'ask' }])
    const bytes = () => database.query('select * from versions where bot_id = $1 and version = 2', [bot])
    const before = await bytes()
    expect((await move(2, { environment: 'live', open: 'move' })).body).toMatchObject({ current: true, onTest: true })
    expect(await bytes()).toEqual(before)
    expect((await start()).greeting).toBe('Two')
    expect(await shop.versionOf(visitor.id)).toBe(2)

    await publish('Three', { environment: 'test' })
    // Whoever tests gets on with what is on test now.
    expect(await shop.versionOf(tester.id)).toBe(3)
    expect(await shop.versionOf(visitor.id)).toBe(2)
    await move(1, { environment: 'test' })
    expect(await environments()).toMatchObject({ live: 2, test: 1 })
    await move(1)
    expect(await environments()).toMatchObject({ live: 1, test: 1, publishTo: 'test' })
    expect((await move(9, { environment: 'test' })).status).toBe(404)
  })

  test('test conversations are marked in the inbox and counted nowhere: not of the bot, not among the open ones, not in what is compared', async () => {
    await using shop = await open()
    const { publish, start, call, path, services } = shop
    await publish('One')
    await publish('Two', { environment: 'test' })
    const { id } = await start('test')
    await services.conversations.send(id, { text: 'Ann' })
    const preview = (await call<PublishPreview>('GET', `${path}/publish`)).body
    expect(preview.open).toEqual([])
    expect((await call<PublishPreview>('GET', `${path}/publish?environment=test`)).body.open).toEqual([])
    expect((await call<{ conversations: number }>('GET', path)).body.conversations).toBe(0)
    expect((await call<{ checked: number }>('GET', `${path}/publish/replay`)).body.checked).toBe(0)
    const inbox = await call<{ chats: { id: string; environment: string }[] }>('GET', '/api/inbox/chats?status=all')
    expect(inbox.body.chats).toMatchObject([{ id, environment: 'test' }])
  })

  test('a renewed test key is another one', async () => {
    await using shop = await open()
    const { testPage } = await shop.environments()
    expect(testPage).toMatch(/^\/try\/shop\?key=[\w-]{24}$/)
    const renewed = (await shop.call<EnvironmentsView>('POST', `${shop.path}/test-key`, {})).body.testPage
    expect(renewed).not.toBe(testPage)
    expect((await shop.environments()).testPage).toBe(renewed)
  })

  test('Publish names what no visitor can reach and what some of them cannot read', async () => {
    await using shop = await open()
    await shop.publish('One')
    await shop.push({
      added: { 'nodes/lost': graphOf({ lost: { type: 'say', config: { text: { en: 'x' } } } }, []).nodes.lost },
    })
    const { problems } = (await shop.call<PublishPreview>('GET', `${shop.path}/publish`)).body
    expect(problems.map(({ code, node, severity }) => [code, node, severity])).toContainEqual([
      'unreachable',
      'lost',
      'warning',
    ])
    expect(problems.filter(({ severity }) => severity === 'error')).toEqual([])
  })

  test('in an experiment everybody gets the version that their lot says, keeps it, also in a new round, and testers are no part of it', async () => {
    await using shop = await open()
    const { publish, start, call, path, services, experiments, versionOf, environments } = shop
    await publish('A')
    const early = await start()
    await publish('B', { environment: 'test' })
    const started = await call<ExperimentView & { code?: string }>('POST', `${path}/experiments`, {
      version: 2,
      share: 40,
    })
    expect(started).toMatchObject({
      status: 201,
      body: { a: { version: 1, share: 0.6 }, b: { version: 2, share: 0.4 }, ended: null, verdict: 'too-early' },
    })
    const again = await call('POST', `${path}/experiments`, { version: 2, share: 10 })
    expect([again.status, again.body.code]).toEqual([409, 'experiment-running'])
    expect(await environments()).toMatchObject({ live: 1 })
    expect(await versionOf(early.id)).toBe(1)

    const { id: experiment } = started.body
    const held = []
    for (let i = 0; i < 30; i++) held.push(await start())
    expect(new Set(held.map(({ greeting }) => greeting))).toEqual(new Set(['A', 'B']))
    for (const { id, greeting } of held) expect(greeting).toBe(armOf(experiment, id, 40) === 'a' ? 'A' : 'B')
    for (const visitorId of ['ann', 'bob', 'cid', 'dan', 'eve', 'fay']) {
      const { greeting } = await start('live', visitorId)
      expect((await start('live', visitorId)).greeting).toBe(greeting)
    }
    expect((await start('test')).greeting).toBe('B')

    const spoke = held.slice(0, 12)
    for (const { id, greeting } of spoke) {
      // It ends, and begins anew.
      await services.conversations.send(id, { text: 'Ann' })
      const { messages } = await services.conversations.send(id, { text: 'hello' })
      expect(messages[0]!.text).toBe(greeting)
    }
    const [running] = await experiments()
    const of = (letter: string) => spoke.filter(({ greeting }) => greeting === letter).length
    expect(running!.a.figures).toMatchObject({ conversations: of('A'), contained: of('A'), handedOver: 0 })
    expect(running!.b.figures).toMatchObject({ conversations: of('B'), contained: of('B'), handedOver: 0 })
    const list = (await call<VersionView[]>('GET', `${path}/versions`)).body
    expect(list.map(({ version, arm }) => [version, arm])).toEqual([
      [2, { name: 'b', share: 0.4 }],
      [1, { name: 'a', share: 0.6 }],
    ])
  })

  test('an experiment ends with one of its versions live for all; what it found stays, whatever those conversations get later', async () => {
    await using shop = await open()
    const { publish, start, call, path, services, experiments, environments, move, versionOf } = shop
    await publish('A')
    expect((await call('POST', `${path}/experiments`, { version: 1, share: 50 })).body.code).toBe(
      'experiment-same-version',
    )
    await publish('B', { environment: 'test' })
    const { id } = (await call<ExperimentView>('POST', `${path}/experiments`, { version: 2, share: 50 })).body
    const held = []
    for (let i = 0; i < 12; i++) held.push(await start())
    for (const one of held) await services.conversations.send(one.id, { text: 'Ann' })
    const before = (await experiments())[0]!

    const refused = await publish('C')
    expect([refused.status, refused.body.code]).toEqual([409, 'experiment-running'])
    expect((await move(2)).body.code).toBe('experiment-running')
    // What goes to test disturbs nobody.
    expect((await publish('D', { environment: 'test' })).status).toBe(201)

    const stopped = await call<ExperimentView>('POST', `${path}/experiments/${id}/stop`, { keep: 'b', open: 'stay' })
    expect(stopped.body).toMatchObject({ ended: { kept: 2 }, a: before.a, b: before.b })
    expect(await environments()).toMatchObject({ live: 2 })
    expect((await start()).greeting).toBe('B')
    const fromA = held.find(({ greeting }) => greeting === 'A')!
    await services.conversations.send(fromA.id, { text: 'hello' })
    expect(await versionOf(fromA.id)).toBe(2)
    expect((await experiments())[0]).toMatchObject({ a: before.a, b: before.b })
    const twice = await call('POST', `${path}/experiments/${id}/stop`, { keep: 'a' })
    expect([twice.status, twice.body.code]).toEqual([409, 'experiment-ended'])

    // Publish may end the next one by itself.
    await call('POST', `${path}/experiments`, { version: 1, share: 50 })
    const { body } = await publish('E', { environment: 'live', endExperiment: true })
    expect(body.current).toBe(true)
    expect((await experiments()).map(({ ended }) => ended?.kept)).toEqual([body.version, 2])
  })
})

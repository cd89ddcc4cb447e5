import { expect, test } from 'vitest'
import type { Classification } from '#kit'
import type { OpenChoice, PublishPreview, PushAnswer, VersionView } from '#server/api/dto.ts'
import { mainWorkspace } from '#server/db/schema/auth.ts'
import { additionOf, graphOf, verdict } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio } from '../../tests/drivers/studio.ts'

/** Conversations that are open while their bot is published again and again, over the real stores. */
const conversations = 200
const publishes = 20

describeOnEachDatabase('publishing in the midst of conversations', (openStore) => {
  async function open() {
    const database = await openStore()
    const compute = {
      ...noCompute,
      classify: async (_model: unknown, texts: readonly unknown[]): Promise<Classification[]> =>
        texts.map(() => verdict({ lbl_a: 0.95 }).result),
    }
    const studio = await openStudio(database, { compute: compute as typeof noCompute })
    const { id: bot } = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body
    let revision = 1
    let pushed = 0
    const push = async (diff: { added?: object; removed?: object; updated?: object }) => {
      const answer = await studio.call<PushAnswer>('POST', `/api/bots/${bot}/draft/diffs`, {
        base: revision,
        diffs: [{ id: `diff_${String(++pushed).padStart(6, '0')}`, added: {}, removed: {}, updated: {}, ...diff }],
        allowLargeRemoval: true,
      })
      expect(answer.status, JSON.stringify(answer.body)).toBe(200)
      revision = answer.body.revision
    }
    const publish = (choice: OpenChoice) =>
      studio.call<VersionView>('POST', `/api/bots/${bot}/publish`, { note: '', keepOldModel: true, open: choice })
    return {
      ...{ studio, database, bot, push, publish },
      preview: async () => (await studio.call<PublishPreview>('GET', `/api/bots/${bot}/publish`)).body,
      async [Symbol.asyncDispose]() {
        await studio.close()
        await database.close()
      },
    }
  }
  const question = (name: string) => ({ type: 'ask', config: { question: { en: `${name}?` }, variable: name } })
  const say = (text: string) => ({ type: 'say', config: { text: { en: text } } })

  test(`${conversations} conversations over ${publishes} publishes that remove and rename blocks: none breaks, each lands where the preview said`, async () => {
    await using shop = await open()
    const { studio, push, publish, preview, bot } = shop
    const service = studio.services.conversations
    const names = Array.from({ length: 6 }, (_, index) => `step${index}`)
    // One question behind the other; a conversation waits at any of them.
    const first = graphOf(
      {
        start: { type: 'start' },
        ...Object.fromEntries(names.map((name) => [name, question(name)])),
        done: say('Done'),
      },
      [...['start', ...names, 'done'].slice(0, -1).map((name, i) => `${name} -> ${[...names, 'done'][i]}`)],
    )
    await push({ added: additionOf(first) })
    expect((await publish('stay')).status).toBe(201)

    const held: { id: string; at: number }[] = []
    for (let i = 0; i < conversations; i++) {
      const { conversationId: id } = await service.start({
        workspace: mainWorkspace,
        bot,
        pin: { version: 1 },
        language: 'en',
      })
      const at = i % names.length
      for (let step = 0; step < at; step++) await service.send(id, { text: 'word' })
      held.push({ id, at })
    }
    const blockOf = async (id: string) =>
      (
        await shop.database.query<{ block: string; version: number; status: string }>(
          'select block, version, status from conversations where id = $1',
          [id],
        )
      )[0]!

    let edge = 100
    for (let round = 0; round < publishes; round++) {
      // A block goes and another one, under a new id, comes in its place; a third one is renamed.
      const { document } = await studio.services.drafts.load(mainWorkspace, bot)
      const asks = Object.values(document.nodes).filter(({ type }) => type === 'ask')
      const gone = asks[round % asks.length]!
      const renamed = asks[(round + 1) % asks.length]!
      const wires = Object.values(document.edges)
      const added: Record<string, unknown> = { [`nodes/new${round}`]: { ...gone, id: `new${round}` } }
      const removed: Record<string, unknown> = { [`nodes/${gone.id}`]: gone }
      for (const wire of wires)
        if (wire.from.node === gone.id || wire.to.node === gone.id) {
          const swap = (end: typeof wire.from) => (end.node === gone.id ? { ...end, node: `new${round}` } : end)
          const id = `w${++edge}`
          removed[`edges/${wire.id}`] = wire
          added[`edges/${id}`] = { id, from: swap(wire.from), to: swap(wire.to) }
        }
      await push({
        added,
        removed,
        updated: { [`nodes/${renamed.id}`]: { '/name': [renamed.name ?? null, `name ${round}`] } },
      })

      const told = await preview()
      const before = new Map(await Promise.all(held.map(async ({ id }) => [id, await blockOf(id)] as const)))
      const going = [...before.values()].filter(({ status }) => status === 'open').length
      expect(told.open.reduce((sum, line) => sum + line.conversations, 0)).toBe(going)
      const landsOf = ({ block, version }: { block: string; version: number }) =>
        told.open.find((line) => line.block === block && line.version === version)!.lands
      const { body: version } = await publish('move')
      const after = (await studio.services.versions.load(mainWorkspace, bot, version.version)).document
      for (const [place, { id }] of held.entries()) {
        if (before.get(id)!.status !== 'open') continue
        expect((await blockOf(id)).version).toBe(version.version)
        // Every fifth says something now; the others are published over again where they are.
        if (place % 5 !== round % 5) continue
        const { messages } = await service.send(id, { text: `word ${round}` })
        expect(messages.length, 'nobody is met with silence').toBeGreaterThan(0)
        const lands = landsOf(before.get(id)!)
        const { path } = (await service.trace(mainWorkspace, id, messages[0]!.id))!
        // Where it landed the words were heard; with nobody left to hear them it begins anew.
        if (lands === null) expect(messages[0]!.text).toMatch(/start over/)
        else expect(path.find(({ woken }) => woken)?.node).toBe(lands)
        expect(Object.hasOwn(after.nodes, (await blockOf(id)).block)).toBe(true)
      }
    }
  }, 240_000)

  test('who is in the midst of something finishes it with the old version and then has the new one', async () => {
    await using shop = await open()
    const { studio, push, publish, bot } = shop
    const service = studio.services.conversations
    const graph = graphOf({ start: { type: 'start' }, who: question('who'), hi: say('Old hello, {{who}}') }, [
      'start -> who',
      'who -> hi',
    ])
    await push({ added: additionOf(graph) })
    await publish('stay')
    const { conversationId: id } = await service.start({
      workspace: mainWorkspace,
      bot,
      pin: { version: 1 },
      language: 'en',
    })
    await push({ updated: { 'nodes/hi': { '/config/text/en': ['Old hello, {{who}}', 'New hello, {{who}}'] } } })
    await publish('finish')
    const said = async (text: string) => (await service.send(id, { text })).messages.map((message) => message.text)
    expect(await said('Ann')).toEqual(['Old hello, Ann'])
    // That was the end of the round: the next one asks anew.
    expect(await said('hello')).toEqual(['who?'])
    expect(await said('Bob')).toEqual(['New hello, Bob'])
  })

  test('who stays on the old version gets the new one when a new round begins, never in the midst', async () => {
    await using shop = await open()
    const { studio, push, publish, bot } = shop
    const service = studio.services.conversations
    await push({
      added: additionOf(
        graphOf({ start: { type: 'start' }, a: question('a'), b: question('b') }, ['start -> a', 'a -> b']),
      ),
    })
    await publish('stay')
    const { conversationId: id } = await service.start({
      workspace: mainWorkspace,
      bot,
      pin: { version: 1 },
      language: 'en',
    })
    await push({ updated: { 'nodes/b': { '/config/question/en': ['b?', 'new b?'] } } })
    await publish('stay')
    expect((await service.send(id, { text: 'x' })).messages[0]!.text).toBe('b?')
  })
})

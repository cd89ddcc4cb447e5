import { afterAll, beforeAll, expect, test } from 'vitest'
import { classifierRef, type ErrorCode, modelRef } from '#kit'
import type { RecordsPreview, RunView } from '#server/api/dto.ts'
import { openShop, type Shop } from './shop.ts'
import { expectWords, refusedByApi } from './told.ts'

/**
 * Too little to learn from, by real runs in compute processes. How the split deals single rows is covered in
 * nodes/pipeline/split/node.test.ts; here it counts that a run trains or is refused in plain words, and never breaks.
 */
let shop: Shop
beforeAll(async () => {
  shop = await openShop({ compute: 'real' })
})
afterAll(() => shop.close())

const learn = { data: { type: 'data-source' }, split: { type: 'split' }, learn: { type: 'fine-tune' } }
const wires = ['data/data -> split/data', 'split/train -> learn/train']
const withExam = {
  blocks: { ...learn, exam: { type: 'evaluate' }, live: { type: 'deploy' } },
  wires: [
    ...wires,
    'learn/model -> exam/model',
    'split/test -> exam/test',
    'learn/model -> live/model',
    'exam/report -> live/report',
  ],
}
const useSet = (bot: string, set: string) => shop.push(bot, { updated: { 'nodes/data': { '/config/set': ['', set] } } })

/** The run, which must have failed at that block, as the API tells of it in both languages. */
async function expectFailed(bot: string, run: RunView, node: string, code: ErrorCode): Promise<void> {
  const told = async (language: string) => {
    const path = `/api/bots/${bot}/runs/${run.id}`
    const { body } = await shop.studio.call<RunView>('GET', path, undefined, { 'accept-language': language })
    expect([body.status, body.failure?.node], JSON.stringify(body.failure)).toEqual(['failed', node])
    return body.failure ?? {}
  }
  expectWords({ 'zh-CN': await told('zh-CN'), en: await told('en') }, code)
}

test('one label is refused before anything runs, by its name; with a second one, of a single row, the bot learns', async () => {
  const bot = await shop.newBot(withExam.blocks, withExam.wires)
  const one = ['refund please', 'my money back', 'return it', 'I want a refund', 'give me my money', 'refund now']
  const set = await shop.newSet(bot, `text,label\n${one.map((text) => `${text},refund`).join('\n')}\n`)
  await useSet(bot, set)
  const refused = await refusedByApi('graph-has-problems', (headers) =>
    shop.studio.call('POST', `/api/bots/${bot}/runs`, {}, headers),
  )
  expect(refused.message).toContain('All records have the one label "refund"')
  expect((await shop.studio.call('GET', `/api/bots/${bot}/runs`)).body).toEqual([])

  const second = { file: await paste('where is my parcel\n'), textColumn: 'text', labelColumn: null, label: 'track' }
  expect((await shop.studio.call('POST', `/api/sets/${set}/import`, second)).body).toMatchObject({ added: 1 })
  expect((await shop.draft(bot)).problems).toContainEqual(
    expect.objectContaining({ code: 'split.problem.one-row-label', severity: 'warning', params: { label: 'track' } }),
  )
  const run = await shop.run(bot)
  // The gate may keep so weak a model from going live; that is its word, not a fault.
  if (run.status === 'failed') await expectFailed(bot, run, 'live', 'gate-not-passed')
  const outputs = (await shop.draft(bot)).states.flatMap((state) => Object.values(state.outputs ?? {}))
  const model = outputs.map((value) => modelRef.safeParse(value)).find((found) => found.success)?.data
  expect(model?.labels.map(({ name }) => name).sort()).toEqual(['refund', 'track'])
  const live = outputs.map((value) => classifierRef.safeParse(value)).find((found) => found.success)?.data
  if (live) {
    const [answer] = await shop.studio.services.compute.classify(live, ['where is my parcel'])
    expect(answer?.labels).toHaveLength(2)
  }
  await shop.expectUsable()
})

test('a single row a label is learned and cannot be examined: the exam says so, and the model stays', async () => {
  const bot = await shop.newBot(withExam.blocks, withExam.wires)
  await useSet(bot, await shop.newSet(bot, 'text,label\nrefund please,refund\nwhere is it,track\nan invoice,invoice\n'))
  const run = await shop.run(bot)
  await expectFailed(bot, run, 'exam', 'no-test-rows')
  const { states } = await shop.draft(bot)
  expect(states.find((state) => state.node === 'learn')).toMatchObject({ status: 'done', failure: null })
})

test('one label that only the run can see is refused where it is met: by the split, and by the fine-tuning itself', async () => {
  const file = await paste('text,label\nrefund please,refund\nmy money back,refund\nreturn it,refund\n')
  const dealt = await shop.newBot({ ...learn, data: { type: 'data-source', config: { train: file } } }, wires)
  await expectFailed(dealt, await shop.run(dealt), 'split', 'data-one-label')
  const straight = await shop.newBot(
    { data: { type: 'data-source', config: { train: file } }, learn: { type: 'fine-tune' } },
    ['data/data -> learn/train'],
  )
  await expectFailed(straight, await shop.run(straight), 'learn', 'too-few-labels')
})

async function paste(text: string): Promise<string> {
  return (await shop.studio.call<RecordsPreview>('POST', '/api/files/paste', { text })).body.file
}

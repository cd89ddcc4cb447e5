import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { answerPairs } from '#runtime/training/fixtures/answer-pairs.ts'
import type { AnswerEvent, AnswersReportView, Me, RecordsPreview, RunView, SetSummary } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

const node = (id: string, type: string, config = {}) => ({ id, type, version: 1, dialog: 'main', config })
const wire = (from: string, port: string, to: string, into: string) => ({
  id: `${from}-${to}-${into}`,
  from: { node: from, port },
  to: { node: to, port: into },
})

let database: OpenDatabase
let studio: Studio
let bot: string
let run: RunView
/** A bot whose records were uploaded as JSONL, with the answer beside the question; its Learn half ran to its end. */
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database)
  const { config, runs } = studio.services
  await runs.work()
  await writeTinyDecoder(join(config.modelsFolder, 'tiny-gpt2'))
  const post = async <T>(path: string, body: unknown) => (await studio.call<T>('POST', path, body)).body
  bot = (await post<{ id: string }>('/api/bots', { name: 'Answers', template: null })).id
  const set = (await post<SetSummary>(`/api/bots/${bot}/sets`, { name: 'Answers' })).id
  const lines = answerPairs.map(({ question, answer }) => JSON.stringify({ question, answer })).join('\n')
  const file = (await studio.upload('faq.jsonl', new TextEncoder().encode(lines))).body as unknown as RecordsPreview
  expect(file.guess).toMatchObject({ text: 'question', pair: 'answer' })
  const columns = { textColumn: 'question', pairColumn: 'answer', labelColumn: null, label: null }
  await post(`/api/sets/${set}/import`, { file: file.file, ...columns })
  const settings = { epochs: 50, learningRate: 0.01, batchSize: 4, dropout: 0, weightDecay: 0, patience: 20 }
  const nodes = [
    node('data', 'data-source', { set }),
    node('learn', 'fine-tune', { learns: 'answers', encoder: 'tiny-gpt2', ...settings }),
    node('exam', 'evaluate'),
    node('deploy', 'deploy'),
  ]
  const edges = [
    wire('data', 'data', 'learn', 'train'),
    wire('data', 'data', 'learn', 'validation'),
    wire('data', 'data', 'exam', 'test'),
    wire('learn', 'model', 'exam', 'model'),
    wire('learn', 'model', 'deploy', 'model'),
    wire('exam', 'report', 'deploy', 'report'),
  ]
  const added = Object.fromEntries([
    ...nodes.map((one) => [`nodes/${one.id}`, one]),
    ...edges.map((one) => [`edges/${one.id}`, one]),
  ])
  const { revision } = await post<{ revision: number }>(`/api/bots/${bot}/draft/diffs`, {
    base: 0,
    diffs: [{ id: 'diff_000001', added, removed: {}, updated: {} }],
  })
  expect(revision).toBeGreaterThan(0)
  const started = await post<RunView>(`/api/bots/${bot}/runs`, {})
  const { workspace } = (await studio.call<Me>('GET', '/api/me')).body
  await runs.ended(workspace.id, started.id)
  run = (await studio.call<RunView>('GET', `/api/bots/${bot}/runs/${started.id}`)).body
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

/** Asks the report's model; gives what the stream said. */
async function ask(body: object, headers: Record<string, string> = {}): Promise<Response> {
  return studio.bare(
    'POST',
    `/api/bots/${bot}/runs/${run.id}/report/answers`,
    { cookie: studio.cookie, 'x-botloom-csrf': studio.csrf, 'content-type': 'application/json', ...headers },
    JSON.stringify({ temperature: 0, topP: 1, maxTokens: 40, ...body }),
  )
}
const eventsOf = (stream: string): AnswerEvent[] =>
  [...stream.matchAll(/^data: (.*)$/gm)].map((line) => JSON.parse(line[1]!) as AnswerEvent)

test('records with answers become a model that writes, with a report of its own kind', async () => {
  expect(run).toMatchObject({ status: 'done', failure: null })
  const figure = (id: string) => run.nodes.find((one) => one.node === id)?.figure
  expect(figure('exam')).toEqual({ key: 'likeness', value: 1 })
  const report = (await studio.call<AnswersReportView>('GET', `/api/bots/${bot}/runs/${run.id}/report`)).body
  expect(report).toMatchObject({ kind: 'answers', run: run.id, node: 'exam', rows: 30, tokenAccuracy: 1 })
  expect(report.examples.length).toBe(20)
})

test('a question to the model of a report is answered as a stream that ends with the whole answer', async () => {
  const response = await ask({ question: 'price of salt' })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const events = eventsOf(await response.text())
  expect(events.at(-1)).toMatchObject({ type: 'written', text: 'salt is 5 euro', ended: true })
  expect(events.slice(0, -1).every(({ type }) => type === 'grew')).toBe(true)
})

test('what is no question, too long, or asked by nobody who is signed in gets no answer', async () => {
  for (const wrong of [
    { question: ' ' },
    { question: 'x'.repeat(2001) },
    { question: 'a', maxTokens: 513 },
    { question: 'a', topP: 0 },
  ])
    expect((await ask(wrong)).status, JSON.stringify(wrong).slice(0, 40)).toBe(400)
  expect((await ask({ question: 'tea?' }, { cookie: '' })).status).toBe(401)
})

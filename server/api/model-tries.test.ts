import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { questionAnswers } from '#runtime/training/fixtures/question-answers.ts'
import type { DraftView, ModelAnswer, ReportRowsPage, ReportView, RetrievalReportView } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { learnedBot } from '../../tests/drivers/learned-bot.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

let database: OpenDatabase
let studio: Studio
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database)
  await studio.services.runs.work()
  await writeTinyEncoders(studio.services.config.modelsFolder)
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

const post = async <T>(path: string, body: unknown) => (await studio.call<T>('POST', path, body)).body
const read = async <T>(path: string) => (await studio.call<T>('GET', path)).body

/** Teaches a tiny encoder by these records, and wires what it learned to an intent block. */
async function learned(
  records: readonly object[],
  columns: Parameters<typeof learnedBot>[1]['columns'],
  config: Record<string, unknown>,
) {
  const { bot, run } = await learnedBot(studio, {
    records,
    columns,
    learn: { encoder: 'bert', batchSize: 8, dropout: 0, patience: 20, learningRate: 3e-3, ...config },
    deploy: { minAccuracy: 0 },
    blocks: { start: { type: 'start' }, understand: { type: 'intent' } },
    wires: ['deploy/classifier -> understand/model', 'start -> understand'],
  })
  expect(run).toMatchObject({ status: 'done', failure: null })
  const problems = (await read<DraftView>(`/api/bots/${bot}/draft`)).problems
    .filter(({ severity, node: at }) => severity === 'error' && at === 'understand')
    .map(({ code }) => code)
  return { run, problems, at: `/api/bots/${bot}/runs/${run.id}` }
}

test('questions and answers become a model that finds answers, with a report of its own kind and a place to try it', async () => {
  const records = questionAnswers.map(({ question, answer }) => ({ question, answer }))
  const { run, problems, at } = await learned(
    records,
    { textColumn: 'question', pairColumn: 'answer' },
    { learns: 'retrieval', method: 'full', epochs: 20 },
  )
  const report = await read<RetrievalReportView>(`${at}/report`)
  expect(report).toMatchObject({ kind: 'retrieval', run: run.id, node: 'exam', rows: records.length, answers: 8 })
  expect(report.recall1).toBeGreaterThan(0.8)
  expect(run.nodes.find((one) => one.node === 'exam')?.figure).toEqual({ key: 'found', value: report.recall1 })
  expect(problems).toContain('model-writes')

  const tried = await post<ModelAnswer>(`${at}/report/try`, { text: ' where is my refund ', count: 3 })
  expect(tried.gives).toBe('found')
  if (tried.gives !== 'found') return
  expect(tried.found.answers).toHaveLength(3)
  expect(tried.found.answers[0]).toMatchObject({ text: 'on monday' })
  const wrong = await studio.call('POST', `${at}/report/answers`, {
    question: 'refund?',
    temperature: 0,
    topP: 1,
    maxTokens: 10,
  })
  expect(wrong).toMatchObject({ status: 422, body: { code: 'model-writes-nothing' } })
})

test('a label of two texts is learned, asked about with both, and refused to an intent block, which has but one', async () => {
  const things = ['order', 'parcel', 'refund']
  const records = things.flatMap((one) =>
    things.flatMap((other) =>
      ['where is my', 'the'].map((lead) => ({
        sentence1: `${lead} ${one}`,
        sentence2: `hello ${other}`,
        label: one === other ? 'same' : 'other',
      })),
    ),
  )
  const columns = { textColumn: 'sentence1', pairColumn: 'sentence2', labelColumn: 'label' }
  const { problems, at } = await learned(records, columns, { method: 'full', epochs: 20 })
  expect(problems).toEqual(['intent.problem.two-texts'])
  const report = await read<ReportView>(`${at}/report`)
  expect(report.model.pairs).toBe(true)
  const truth = report.labels.find(({ name }) => name === 'same')!.id
  const { rows } = await read<ReportRowsPage>(`${at}/report/rows?truth=${truth}`)
  expect(rows[0]!.pair).toMatch(/^hello /)

  const tried = await post<ModelAnswer>(`${at}/report/try`, { text: 'the order', pair: 'hello order' })
  expect(tried).toMatchObject({ gives: 'labels', threshold: report.threshold })
  if (tried.gives === 'labels') expect(tried.classification.labels).toHaveLength(2)
  const alone = await studio.call('POST', `${at}/report/try`, { text: 'the order' })
  expect(alone).toMatchObject({ status: 422, body: { code: 'second-text-missing' } })
})

import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { writeTinyDecoder } from '#runtime/language/fixtures/tiny-decoder.ts'
import { answerPairs, learnedByHeart } from '#runtime/training/fixtures/answer-pairs.ts'
import type { AnswerEvent, AnswersReportView, RunView } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { learnedBot } from '../../tests/drivers/learned-bot.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

let database: OpenDatabase
let studio: Studio
let bot: string
let run: RunView
/** A bot whose records were uploaded as JSONL, with the answer beside the question; its Learn half ran to its end. */
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database)
  await studio.services.runs.work()
  await writeTinyDecoder(join(studio.services.config.modelsFolder, 'tiny-gpt2'))
  const learned = await learnedBot(studio, {
    records: answerPairs.map(({ question, answer }) => ({ question, answer })),
    columns: { textColumn: 'question', pairColumn: 'answer' },
    learn: { ...learnedByHeart, encoder: 'tiny-gpt2' },
  })
  expect(learned.guess).toMatchObject({ text: 'question', pair: 'answer' })
  bot = learned.bot
  run = learned.run
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

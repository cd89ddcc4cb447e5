import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunNote } from '#kit'
import { loadEncoder } from '#runtime/language/encoder.ts'
import { writeTinyEncoders } from '#runtime/language/fixtures/tiny-encoders.ts'
import { type RetrieverCheckpoint, writeRetriever } from '#runtime/language/retrieval/write-retriever.ts'
import { createRetriever } from '#runtime/serving/retriever.ts'
import { questionAnswers } from '../fixtures/question-answers.ts'
import { trainFinder } from '../fixtures/small-retrieval.ts'
import { trainAndDie } from '../fixtures/train-and-die.ts'
import { createTrainingKeeper } from '../training-keeper.ts'
import { lowRank, type TuningPlan, topLayers, wholeEncoder } from '../tuning-plan.ts'

let root: string
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-finder-'))
  await writeTinyEncoders(root)
})
afterAll(() => rm(root, { recursive: true, force: true }))

const thorough = { epochs: 20, dropout: 0, patience: 20 }
const asked = questionAnswers.filter(({ id }) => id.endsWith('-1') || id.endsWith('-4'))
const apart = {
  train: questionAnswers.filter((row) => !asked.includes(row)),
  validation: asked,
  hash: 'apart',
}

test.each<[string, () => TuningPlan | Promise<TuningPlan>, object?]>([
  ['full', () => wholeEncoder],
  ['partial', async () => topLayers(await loadEncoder(join(root, 'bert')), 1)],
  ['lora', () => lowRank(8), { epochs: 40 }],
])(
  '%s: questions that nobody learned find their answers, which they did not before',
  async (name, planOf, more = {}) => {
    const checkpoint = await trainFinder(root, { set: apart, plan: await planOf(), settings: { ...thorough, ...more } })
    const { heldOut } = checkpoint.card
    expect(heldOut).toMatchObject({ from: 'validation', rows: asked.length, answers: 8 })
    expect(heldOut!.before.recall1).toBeLessThan(0.5)
    expect(heldOut!.recall1).toBeGreaterThan(heldOut!.before.recall1 + 0.3)
    expect(heldOut!.mrr10).toBeGreaterThan(heldOut!.before.mrr10)

    const folder = join(root, `saved-${name}`)
    await writeRetriever(folder, checkpoint)
    const retriever = await createRetriever(folder)
    const found = await retriever.find(
      asked.map(({ question }) => question),
      3,
    )
    const right = found.filter(({ answers }, i) => answers[0]!.text === asked[i]!.answer).length
    expect(right / asked.length).toBeCloseTo(heldOut!.recall1, 6)
    for (const { answers } of found) {
      expect(answers).toHaveLength(3)
      expect(answers[0]!.similarity).toBeGreaterThanOrEqual(answers[1]!.similarity)
    }
    // Alone a question is padded to another length.
    const [alone] = await retriever.find([asked[2]!.question], 1)
    expect(alone!.answers[0]!.similarity).toBeCloseTo(found[2]!.answers[0]!.similarity, 5)
    await retriever.dispose()
  },
)

test('the encoder as it is finds what it finds, at once', async () => {
  const checkpoint = await trainFinder(root, { set: apart, plan: null })
  const { heldOut, method, training } = checkpoint.card
  expect([method, training.epochs, checkpoint.frozen]).toEqual(['head', 0, true])
  expect(heldOut).toMatchObject(heldOut!.before)
})

test('what stands ahead of questions and answers is what the encoder was taught with', async () => {
  const encoder = await loadEncoder(join(root, 'xlm-roberta'), 'tiny', { unprompted: true })
  expect(encoder.roles).toEqual({ query: 'query: ', passage: 'passage: ' })
  const checkpoint = await trainFinder(root, { encoder, plan: null })
  const folder = join(root, 'roles')
  await writeRetriever(folder, checkpoint)
  const retriever = await createRetriever(folder)
  const plain = (await loadEncoder(join(root, 'xlm-roberta'))).tokenizer
  expect(plain.encode('my order')).toEqual(encoder.tokenizer.encode('query: my order'))
  const [first] = retriever.answers
  const vector = await retriever.embed([first!.text], 'passage')
  for (const [i, x] of vector.entries()) expect(x).toBeCloseTo(retriever.vectors[i]!, 5)
  const other = await retriever.embed([first!.text], 'query')
  expect(Math.max(...other.map((x, i) => Math.abs(x - vector[i]!)))).toBeGreaterThan(1e-3)
  await retriever.dispose()
})

/** Everything that was learned, bit for bit; when and how long is another matter. */
function learned({ encoder, vectors, card }: RetrieverCheckpoint) {
  const { seconds: _, notes: __, ...training } = card.training
  return { weights: encoder.weights, vectors, card: { ...card, training } }
}

test('a training that was killed in the midst of an epoch ends with the very weights of an unbroken one', async () => {
  const unbroken = await trainFinder(root)
  expect(unbroken.card.heldOut).toMatchObject({ from: 'train', rows: 4 })
  const kept = join(root, 'kept')
  await trainAndDie('retrieval', root, kept, 9)
  const notes: RunNote[] = []
  const keeper = createTrainingKeeper(kept, { minutes: 0 })
  const goneOn = await trainFinder(root, { keeper, note: (note) => notes.push(note) })
  expect(notes.map(({ code }) => code)).toEqual(['training-picked-up'])
  expect(learned(goneOn)).toEqual(learned(unbroken))
  await keeper.forget()
})

test('with fewer questions at once a step learns the same', async () => {
  const settings = { epochs: 2, dropout: 0, patience: 5 }
  const whole = await trainFinder(root, { settings })
  const parts = await trainFinder(root, { settings, rowsAtOnce: 3 })
  for (const [i, x] of whole.vectors.entries()) expect(parts.vectors[i]!).toBeCloseTo(x, 3)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { bestTrial, type JudgedTrial, methodTrials, mostTrials, type PlannedTrial, refiningTrials } from './search.ts'

const usual = {
  epochs: 10,
  members: 1,
  rows: 2500,
  labels: 5,
  layers: 6,
  sharesLayers: false,
  forwardSeconds: 1,
  seconds: 600,
}
const ids = (trials: readonly PlannedTrial[]): string[] => trials.map((trial) => trial.id)

/** Tries everything that is planned until nothing is, each trial as `outcome` says. */
function search(
  question: typeof usual,
  outcome: (trial: PlannedTrial, number: number) => Pick<JudgedTrial, 'seconds' | 'heldOut'>,
): { ended: JudgedTrial[]; planned: PlannedTrial[] } {
  const ended: JudgedTrial[] = []
  const planned: PlannedTrial[] = []
  for (let round = methodTrials(question); round.length > 0; round = refiningTrials(ended, 0.0001, question.seconds))
    for (const trial of round) {
      planned.push(trial)
      const epochs = trial.setting.method === 'head' ? 0 : (trial.setting.epochs ?? question.epochs)
      ended.push({ setting: trial.setting, epochs, ...outcome(trial, planned.length) })
    }
  return { ended, planned }
}
const heldOut = (accuracy: number, loss: number) => ({ accuracy, loss, rows: 400 })

test('methods come first, then learning rates and rounds around the best of them', () => {
  const losses: Record<string, number> = { full: 0.5, lora: 0.3, 'lora.rate-0.0002': 0.2 }
  const { planned } = search(usual, ({ id }) => ({ seconds: 20, heldOut: heldOut(0.9, losses[id] ?? 0.6) }))
  expect(ids(planned)).toEqual([
    'head',
    'full',
    'lora',
    'partial.layers-3',
    'lora.rate-0.00005',
    'lora.rate-0.0002',
    'lora.rate-0.0002.rounds-5',
    'lora.rate-0.0002.rounds-20',
  ])
})

test('the head is always tried to its end, beside it what fits into the time, the most thorough first', () => {
  expect(methodTrials({ ...usual, seconds: 6 })).toMatchObject([{ id: 'head', limit: null }])
  expect(ids(methodTrials({ ...usual, seconds: 110 }))).toEqual(['head', 'full'])
  expect(ids(methodTrials({ ...usual, seconds: 75 }))).toEqual(['head', 'lora'])
})

test('with few rows a label pairs are tried too', () => {
  expect(ids(methodTrials({ ...usual, rows: 79 }))).toEqual(['head', 'full', 'setfit', 'lora', 'partial.layers-3'])
  expect(ids(methodTrials({ ...usual, rows: 80 }))).not.toContain('setfit')
})

test('layers that are shared are not trained in part', () => {
  expect(ids(methodTrials({ ...usual, sharesLayers: true }))).toEqual(['head', 'full', 'lora'])
})

test('a trial that gave nothing is passed over, and where all of them failed nothing is chosen', () => {
  const { planned, ended } = search(usual, ({ setting }) => ({
    seconds: 5,
    heldOut: setting.method === 'lora' ? null : heldOut(0.8, 0.5),
  }))
  expect(planned.filter((trial) => trial.setting.method === 'lora')).toHaveLength(1)
  expect(bestTrial(ended)?.setting.method).toBe('head')
  expect(bestTrial(ended.map((trial) => ({ ...trial, heldOut: null })))).toBeUndefined()
})

describe('the best trial', () => {
  const judged = (accuracy: number, loss: number, rows = 400): JudgedTrial => ({
    setting: { method: 'full', layers: null, learningRate: null, epochs: null },
    seconds: 1,
    epochs: 10,
    heldOut: { accuracy, loss, rows },
  })
  test('has clearly the highest accuracy, whatever its loss', () => {
    const [low, high] = [judged(0.8, 0.2), judged(0.9, 0.5)]
    expect(bestTrial([low, high])).toBe(high)
  })
  test('has the lower loss where accuracies differ by no more than chance', () => {
    const [first, second] = [judged(0.9, 0.5), judged(0.89, 0.4)]
    expect(bestTrial([first, second])).toBe(second)
    const many = [judged(0.9, 0.5, 100_000), judged(0.89, 0.4, 100_000)]
    expect(bestTrial(many)).toBe(many[0])
  })
  test('is the earlier of two equal ones', () => {
    const both = [judged(0.9, 0.5), judged(0.9, 0.5)]
    expect(bestTrial(both)).toBe(both[0])
  })
})

test('whatever the trials give and take: the search ends, repeats nothing, and its limits keep the time', () => {
  const outcomes = fc.array(
    fc.record({
      share: fc.double({ min: 0, max: 1, noNaN: true }),
      accuracy: fc.double({ min: 0, max: 1, noNaN: true }),
      fails: fc.boolean(),
    }),
    { minLength: 12, maxLength: 12 },
  )
  const questions = fc.record({
    epochs: fc.integer({ min: 1, max: 25 }),
    members: fc.integer({ min: 1, max: 5 }),
    layers: fc.integer({ min: 1, max: 24 }),
    rows: fc.integer({ min: 2, max: 1000 }),
    labels: fc.integer({ min: 2, max: 40 }),
    sharesLayers: fc.boolean(),
    forwardSeconds: fc.double({ min: 0.001, max: 100, noNaN: true }),
    seconds: fc.integer({ min: 6, max: 86_400 }),
  })
  fc.assert(
    fc.property(questions, outcomes, (question, list) => {
      const outcome = (trial: PlannedTrial, number: number) => {
        const { share, accuracy, fails } = list[number - 1]!
        // Whoever is given up at its limit took no more than that; the head has none and is not what this is about.
        const seconds = trial.limit === null ? 1 : trial.limit * share
        return { seconds, heldOut: fails ? null : heldOut(accuracy, 1 - accuracy) }
      }
      const { planned, ended } = search(question, outcome)
      expect(new Set(ids(planned)).size).toBe(planned.length)
      expect(planned.length).toBeLessThanOrEqual(9)
      const first = methodTrials(question)
      expect(planned.length).toBeLessThanOrEqual(mostTrials([], first))
      expect(ended.reduce((sum, { seconds }) => sum + seconds, 0)).toBeLessThanOrEqual(question.seconds)
      expect(search(question, outcome)).toEqual({ planned, ended })
    }),
  )
})

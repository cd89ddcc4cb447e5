import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseMethod, type MethodQuestion } from './choose-method.ts'

const usual: MethodQuestion = {
  rows: 1000,
  labels: 20,
  epochs: 10,
  layers: 6,
  sharesLayers: false,
  forwardSeconds: 5,
  minutes: 10,
}

test('few rows, and few rows a label, leave the encoder alone', () => {
  expect(chooseMethod({ ...usual, rows: 40, labels: 2 }).method).toBe('head')
  expect(chooseMethod({ ...usual, rows: 80, labels: 20 })).toEqual({
    method: 'head',
    chosen: 'head: 80 rows of 20 labels are too few for the encoder to learn from',
  })
})

test('the most thorough method that fits is taken, and said with its time', () => {
  expect(chooseMethod(usual)).toEqual({ method: 'full', chosen: 'full: about 5.3 minutes, 10 allowed' })
  expect(chooseMethod({ ...usual, minutes: 4 })).toEqual({
    method: 'partial',
    layers: 4,
    chosen: 'partial, 4 of 6 layers: about 3.7 minutes, 4 allowed; full: about 5.3 minutes',
  })
  expect(chooseMethod({ ...usual, minutes: 1 }).method).toBe('head')
})

test('layers that are shared are trained all or not at all', () => {
  expect(chooseMethod({ ...usual, minutes: 4, sharesLayers: true }).method).toBe('head')
})

test('more time never means less training', () => {
  const weight = ({ method, layers }: ReturnType<typeof chooseMethod>): number =>
    method === 'full' ? 99 : (layers ?? 0)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.double({ min: 0.1, max: 60, noNaN: true }), (layers, minutes) => {
      const question = { ...usual, layers, minutes }
      expect(weight(chooseMethod({ ...question, minutes: minutes * 2 }))).toBeGreaterThanOrEqual(
        weight(chooseMethod(question)),
      )
    }),
  )
})

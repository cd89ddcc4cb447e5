import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseMethod, type MethodQuestion } from './choose-method.ts'

const usual: MethodQuestion = {
  rows: 1000,
  labels: 20,
  epochs: 10,
  members: 1,
  layers: 6,
  sharesLayers: false,
  forwardSeconds: 5,
  minutes: 10,
}

test('few rows, and few rows a label, leave the encoder alone', () => {
  expect(chooseMethod({ ...usual, rows: 40, labels: 2 }).method).toBe('head')
  expect(chooseMethod({ ...usual, rows: 80, labels: 20 })).toMatchObject({
    method: 'head',
    chosen: { why: 'few-rows', method: 'head', rows: 80, labels: 20, minutes: null },
  })
})

test('the most thorough method that fits is taken, and said with its time', () => {
  expect(chooseMethod(usual)).toMatchObject({
    method: 'full',
    chosen: { why: 'fits', method: 'full', minutes: expect.closeTo(5.25), allowed: 10, layers: 6, of: 6 },
  })
  expect(chooseMethod({ ...usual, minutes: 4 })).toMatchObject({
    method: 'partial',
    layers: 4,
    chosen: {
      why: 'part-fits',
      method: 'partial',
      minutes: expect.closeTo(3.67),
      fullMinutes: expect.closeTo(5.25),
      layers: 4,
      of: 6,
    },
  })
  expect(chooseMethod({ ...usual, minutes: 1 })).toMatchObject({ method: 'head', chosen: { why: 'nothing-fits' } })
})

test('as many trainings are averaged as there is time for, and one of the whole encoder goes before several of a part', () => {
  const three = { ...usual, members: 3 }
  expect(chooseMethod({ ...three, minutes: 20 })).toMatchObject({ method: 'full', members: 3 })
  expect(chooseMethod({ ...three, minutes: 11 })).toMatchObject({
    method: 'full',
    members: 2,
    chosen: { minutes: expect.closeTo(10.25), fullMinutes: expect.closeTo(10.25) },
  })
  expect(chooseMethod({ ...three, minutes: 6 })).toMatchObject({ method: 'full', members: 1 })
  expect(chooseMethod({ ...three, minutes: 4 })).toMatchObject({ method: 'partial', members: 1 })
})

test('layers that are shared are trained all or not at all', () => {
  expect(chooseMethod({ ...usual, minutes: 4, sharesLayers: true }).method).toBe('head')
})

test('more time never means less training', () => {
  const weight = ({ method, layers, members }: ReturnType<typeof chooseMethod>): number =>
    method === 'full' ? 99 + members : (layers ?? 0)
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 24 }), fc.double({ min: 0.1, max: 60, noNaN: true }), (layers, minutes) => {
      const question = { ...usual, members: 3, layers, minutes }
      expect(weight(chooseMethod({ ...question, minutes: minutes * 2 }))).toBeGreaterThanOrEqual(
        weight(chooseMethod(question)),
      )
    }),
  )
})

import { expect, test } from 'vitest'
import { createLatency, percentile } from './latency.ts'

test('a percentile is the smallest value that so many do not exceed', () => {
  const hundred = Float64Array.from({ length: 100 }, (_, i) => 100 - i)
  expect([0.5, 0.95, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 95, 99, 100])
  expect(percentile(Float64Array.of(7), 0.5)).toBe(7)
  expect(percentile(new Float64Array(), 0.95)).toBe(0)
})

test('all answers are counted, the figures are of the latest, and a batch counts once however many share it', () => {
  const latency = createLatency()
  expect(latency.figures()).toMatchObject({ answers: 0, p50Ms: 0, batchRows: 0 })
  for (let i = 0; i < 500; i++) latency.note(900, 1000, 1)
  for (let i = 0; i < 1024; i++) latency.note(1, i < 960 ? 10 : 50, i < 512 ? 1 : 4)
  expect(latency.figures()).toEqual({ answers: 1524, p50Ms: 10, p95Ms: 50, waitP50Ms: 1, waitP95Ms: 1, batchRows: 1.6 })
})

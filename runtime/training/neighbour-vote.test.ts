import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { createNeighbours } from './neighbour-vote.ts'

const labels = 4
const executor = createOnnxExecutor({ threads: 1 })
const learned = fc.array(fc.record({ label: fc.nat(labels - 1), near: fc.double({ min: -1, max: 1, noNaN: true }) }), {
  minLength: 1,
  maxLength: 60,
})
/** What rows say that are so near to a message that points along the first axis. */
async function ask(rows: readonly { label: number; near: number }[], messages = 1) {
  const neighbours = await createNeighbours(
    executor,
    Float32Array.from(rows.flatMap(({ near }) => [near, Math.sqrt(1 - near * near)])),
    2,
    rows.map((row) => row.label),
    labels,
  )
  try {
    return await neighbours.of(Float32Array.from(Array.from({ length: messages }, () => [1, 0]).flat()))
  } finally {
    await neighbours.dispose()
  }
}
const sum = (values: Float64Array): number => values.reduce((a, b) => a + b, 0)

test('a vote is shares of one whole by nearness, none for a label without rows', async () => {
  await fc.assert(
    fc.asyncProperty(learned, async (rows) => {
      const [opinion] = await ask(rows)
      const { vote, similarities } = opinion!
      expect(sum(vote)).toBeCloseTo(1, 9)
      const says = rows.map(({ near }) => Math.exp((near - 1) / 0.03))
      const all = says.reduce((a, b) => a + b, 0)
      for (const [row, { near }] of rows.entries()) expect(similarities[row]).toBeCloseTo(near, 6)
      for (let label = 0; label < labels; label++) {
        const own = says.filter((_, row) => rows[row]!.label === label)
        if (own.length === 0) expect(vote[label]).toBe(0)
        // Where every row is far the plain sum runs out of digits, the softmax does not.
        else if (all > 1e-250) expect(vote[label]).toBeCloseTo(own.reduce((a, b) => a + b, 0) / all, 4)
      }
    }),
    { numRuns: 40 },
  )
})

test('the nearest row outvotes many that are far', async () => {
  const far = Array.from({ length: 50 }, () => ({ label: 1, near: 0.5 }))
  const [opinion] = await ask([...far, { label: 2, near: 0.9 }])
  expect(opinion!.vote[2]).toBeGreaterThan(0.99)
})

test('each of several messages is told of by itself, and where nothing was learned nothing is said', async () => {
  const opinions = await ask([{ label: 3, near: 0.5 }], 3)
  expect(opinions.map(({ vote }) => vote[3])).toEqual([1, 1, 1])
  expect((await ask([], 2)).map(({ vote }) => sum(vote))).toEqual([0, 0])
})

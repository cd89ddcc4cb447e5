import { expect, test } from 'vitest'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { minimize } from './lbfgs.ts'
import { createLogistic, headScores, type LogisticRows } from './logistic.ts'
import { seededRandom } from './seeded.ts'

const executor = createOnnxExecutor({ threads: 1 })

function randomRows(multi: boolean): LogisticRows {
  const random = seededRandom(3)
  const [rows, width, labels] = [60, 6, 3]
  const vectors = Float32Array.from({ length: rows * width }, () => random() * 2 - 1)
  const truth = Array.from({ length: rows }, (_, row) => {
    const at = row * width
    const own = [vectors[at]! + 0.3 * random(), vectors[at + 1]!, vectors[at + 2]!]
    if (multi) return own.flatMap((x, label) => (x > 0.2 ? [label] : []))
    return [own.indexOf(Math.max(...own))]
  })
  return { rows, width, labels, vectors, truth, multi }
}

/** C x (weighted sum of row losses) + |weight|^2 / 2, written out. */
function objective(
  data: LogisticRows,
  c: number,
  weight: ArrayLike<number>,
  bias: ArrayLike<number>,
  weightOf: (row: number) => number,
): number {
  let value = 0
  for (let i = 0; i < weight.length; i++) value += weight[i]! ** 2 / 2
  for (let row = 0; row < data.rows; row++) {
    const scores = Array.from({ length: data.labels }, (_, label) => {
      let s = bias[label]!
      for (let i = 0; i < data.width; i++) s += data.vectors[row * data.width + i]! * weight[i * data.labels + label]!
      return s
    })
    if (data.multi)
      for (const [label, s] of scores.entries())
        value += weightOf(row) * c * Math.log1p(Math.exp(data.truth[row]!.includes(label) ? -s : s))
    else
      value +=
        weightOf(row) * c * (Math.log(scores.reduce((sum, s) => sum + Math.exp(s), 0)) - scores[data.truth[row]![0]!]!)
  }
  return value
}

test.each([false, true])(
  'the fitted head is the minimum: any small step is uphill (several labels: %s)',
  async (multi) => {
    const data = randomRows(multi)
    const problem = await createLogistic(executor, data)
    const rowWeights = Float32Array.from({ length: data.rows }, (_, row) => row % 3)
    const head = await problem.fit({ c: 3, rowWeights, tolerance: 1e-6 })
    await problem.dispose()
    const weightOf = (row: number): number => row % 3
    const best = objective(data, 3, head.weight, head.bias, weightOf)
    const random = seededRandom(11)
    for (let trial = 0; trial < 40; trial++) {
      const weight = head.weight.map((x) => x + (random() - 0.5) * 0.05)
      const bias = head.bias.map((x) => x + (random() - 0.5) * 0.05)
      expect(objective(data, 3, weight, bias, weightOf)).toBeGreaterThan(best - 1e-4)
    }
  },
)

test('the same rows give the same head, bit for bit', async () => {
  const data = randomRows(false)
  const fitAnew = async () => {
    const problem = await createLogistic(executor, data)
    const head = await problem.fit({ c: 10 })
    await problem.dispose()
    return head
  }
  expect((await fitAnew()).weight).toEqual((await fitAnew()).weight)
})

test('scores are vectors times weight plus bias', async () => {
  const head = { width: 2, labels: 2, weight: Float32Array.of(1, 2, 3, 4), bias: Float32Array.of(10, 20) }
  expect([...(await headScores(executor, head, Float32Array.of(1, 1, 0, 2)))]).toEqual([14, 26, 16, 28])
})

test('L-BFGS finds the minimum of the Rosenbrock valley', async () => {
  const found = await minimize(
    async ([x, y]) => ({
      value: (1 - x!) ** 2 + 100 * (y! - x! * x!) ** 2,
      gradient: Float64Array.of(-2 * (1 - x!) - 400 * x! * (y! - x! * x!), 200 * (y! - x! * x!)),
    }),
    Float64Array.of(-1.2, 1),
    { tolerance: 1e-6, maxIterations: 200 },
  )
  expect(found.converged).toBe(true)
  expect(found.point[0]).toBeCloseTo(1, 3)
  expect(found.point[1]).toBeCloseTo(1, 3)
})

test('L-BFGS stops when asked to', async () => {
  const stop = new AbortController()
  const work = minimize(
    async (point) => {
      stop.abort()
      return { value: point[0]! ** 2, gradient: Float64Array.of(2 * point[0]!) }
    },
    Float64Array.of(5),
    { tolerance: 0, maxIterations: 10, signal: stop.signal },
  )
  await expect(work).rejects.toThrow('aborted')
})

test('with a prior the fit lies where data and prior balance, and with little weight on the data at the prior', async () => {
  const data = randomRows(false)
  const plain = await createLogistic(executor, data)
  const optimum = await plain.fit({ c: 3 })
  await plain.dispose()
  const prior = { ...optimum, weight: optimum.weight.map((x) => x + 1) }
  const problem = await createLogistic(executor, { ...data, prior })
  const weak = await problem.fit({ c: 1e-5 })
  expect(Math.max(...weak.weight.map((x, i) => Math.abs(x - prior.weight[i]!)))).toBeLessThan(0.01)
  const head = await problem.fit({ c: 3, tolerance: 1e-6 })
  await problem.dispose()
  // The penalty is around the prior: the written-out objective gains what differs of the two penalties.
  const around = (weight: Float32Array, bias: Float32Array): number =>
    objective(data, 3, weight, bias, () => 1) +
    weight.reduce((sum, x, i) => sum + ((x - prior.weight[i]!) ** 2 - x ** 2) / 2, 0)
  const best = around(head.weight, head.bias)
  const random = seededRandom(5)
  for (let trial = 0; trial < 40; trial++) {
    const weight = head.weight.map((x) => x + (random() - 0.5) * 0.05)
    const bias = head.bias.map((x) => x + (random() - 0.5) * 0.05)
    expect(around(weight, bias)).toBeGreaterThan(best - 1e-6)
  }
})

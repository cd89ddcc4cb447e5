import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import { modelCard } from './card.ts'
import { createLabelDistance } from './label-distance.ts'
import { belonging, energyOf, outOfScopeScore, type ScopeSigns, scopeScores } from './scope.ts'

const signs: ScopeSigns = { confidence: 0.6, similarity: 0.7, energy: 3, distance: 20 }

test('for each score, a message that is more at home is less strange, and the cut is half way', () => {
  const better: ScopeSigns = { confidence: 0.7, similarity: 0.8, energy: 4, distance: 10 }
  for (const score of scopeScores) {
    const scale = { score, cut: belonging(score, signs), scale: 0.1 }
    expect(outOfScopeScore(scale, signs)).toBe(0.5)
    expect(outOfScopeScore(scale, better)).toBeLessThan(0.5)
  }
})

test('energies are what their formulas say, also where scores are large', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: -20, max: 20, noNaN: true }), { minLength: 1, maxLength: 6 }), (scores) => {
      const sum = scores.reduce((total, score) => total + Math.exp(score), 0)
      expect(energyOf(scores, false)).toBeCloseTo(Math.log(sum), 9)
      const each = scores.reduce((total, score) => total + Math.log(1 + Math.exp(score)), 0)
      expect(energyOf(scores, true)).toBeCloseTo(each, 9)
    }),
  )
  expect(energyOf([1000, 999], false)).toBeCloseTo(1000 + Math.log(1 + Math.exp(-1)), 9)
  expect(energyOf([1000, -1000], true)).toBeCloseTo(1000, 9)
})

test('the distance to a label counts a direction by how little its rows vary in it', async () => {
  const random = seededRandom(2)
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random())
  const rows = 3000
  const spread = [2, 0.5]
  const means = [
    [0, 0],
    [10, 0],
  ]
  const labelOf = Array.from({ length: rows }, (_, i) => i % 2)
  const vectors = Float32Array.from({ length: rows * 2 }, (_, i) => {
    const axis = i % 2
    return means[labelOf[Math.floor(i / 2)]!]![axis]! + spread[axis]! * normal()
  })
  const distance = await createLabelDistance(createOnnxExecutor({ threads: 1 }), vectors, 2, labelOf)
  const found = await distance.of(Float32Array.of(2, 0, 0, 2, 10, 0.5))
  await distance.dispose()
  for (const [i, expected] of [1, 16, 1].entries()) expect(found[i]! / expected).toBeCloseTo(1, 0)
  expect(found[1]! / found[0]!).toBeGreaterThan(12)
})

test('one row a label still gives finite distances, smallest at the rows themselves', async () => {
  const rows = Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, 1)
  const distance = await createLabelDistance(createOnnxExecutor({ threads: 1 }), rows, 3, [0, 1, 2])
  const [own, other] = await distance.of(Float32Array.of(1, 0, 0, 0.6, 0.8, 0))
  await distance.dispose()
  expect(own).toBeCloseTo(0, 3)
  expect(other).toBeGreaterThan(0.1)
  expect(Number.isFinite(other)).toBe(true)
})

test('a card from before there was a choice of scores means the product', () => {
  const { scope } = modelCard.shape
  expect(scope.parse({ cut: 0.3, scale: 0.1 })).toEqual({
    score: 'product',
    cut: 0.3,
    scale: 0.1,
    by: 'none',
    compared: [],
  })
})

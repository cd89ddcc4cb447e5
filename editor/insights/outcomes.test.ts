import { describe, expect, it } from 'vitest'
import { toThreshold } from '#nodes/pipeline/evaluate/node.ts'
import { costOf, ofHundred, outcomeAt, outcomesOf, wrongCostOf } from './outcomes.ts'

const thresholds = [0, 0.02, 0.04].map((threshold) => ({
  threshold,
  right: 1 - threshold,
  wrong: 0,
  handedOn: threshold,
}))
const flat = (count: number) => new Array<number>(101).fill(count)

describe('what becomes of the test questions at a threshold', () => {
  it('keeps known and foreign questions apart where the report does', () => {
    const answering = { right: flat(70), wrong: flat(5), foreign: flat(3) }
    const report = { thresholds, rows: 90, outOfScopeRows: 10, answering }
    const step = outcomeAt(outcomesOf(report), 0.5)!
    expect(step.threshold).toBe(0.5)
    expect([step.right, step.wrong, step.handedOn].map((share) => share.toFixed(2))).toEqual(['0.70', '0.08', '0.22'])
    expect(step.apart).toEqual({ known: 90, knownHandedOn: 15, foreign: 10, foreignAnswered: 3 })
  })

  it('opens an older report, or a broken one, by its coarser table', () => {
    for (const report of [{ thresholds }, { thresholds, rows: 9, outOfScopeRows: 0, answering: { right: [1] } }]) {
      const outcomes = outcomesOf(report)
      expect(outcomes).toHaveLength(3)
      expect(outcomes.every((step) => step.apart === null)).toBe(true)
    }
  })

  it('reads the table at the step that holds', () => {
    const outcomes = outcomesOf({ thresholds })
    expect(outcomeAt(outcomes, 0.03)?.threshold).toBe(0.02)
    expect(outcomeAt(outcomes, 0.04)?.threshold).toBe(0.04)
    expect(outcomeAt([], 0.5)).toBeNull()
  })

  it('makes a hundred of a hundred, however the shares round', () => {
    expect(ofHundred([1 / 3, 1 / 3, 1 / 3])).toEqual([34, 33, 33])
    expect(ofHundred([0.705, 0.065, 0.23])).toEqual([71, 6, 23])
    expect(ofHundred([0.29, 0.57, 0.14])).toEqual([29, 57, 14])
    expect(ofHundred([1, 0, 0])).toEqual([100, 0, 0])
  })

  it('counts a wrong answer for as much as the block did when it advised', () => {
    for (const wrongCost of [1, 2, 4, 10]) expect(wrongCostOf(toThreshold(wrongCost))).toBeCloseTo(wrongCost, 9)
    expect(costOf({ threshold: 0, right: 0.7, wrong: 0.1, handedOn: 0.2, apart: null }, 4)).toBeCloseTo(60, 9)
  })
})

import { describe, expect, it } from 'vitest'
import { atThreshold, mixedUpPairs, overconfidence, trustLevel } from './mixed-up.ts'

describe('plain words about a report', () => {
  it('lists the pairs that are mixed up, most often first, counting both directions', () => {
    const confusion = [
      { truth: 'a', predicted: 'a', count: 50 },
      { truth: 'a', predicted: 'b', count: 2 },
      { truth: 'b', predicted: 'a', count: 3 },
      { truth: 'c', predicted: 'a', count: 4 },
    ]
    expect(mixedUpPairs({ confusion })).toEqual([
      { a: 'a', b: 'b', count: 5 },
      { a: 'a', b: 'c', count: 4 },
    ])
  })

  it('finds no pair where everything is understood', () => {
    expect(mixedUpPairs({ confusion: [{ truth: 'a', predicted: 'a', count: 9 }] })).toEqual([])
  })

  it('tells too sure from too shy, weighted by rows', () => {
    const bin = { from: 0, to: 1, rows: 10, confidence: 0.9, accuracy: 0.7 }
    expect(overconfidence({ reliability: [bin] })).toBeCloseTo(0.2)
    expect(overconfidence({ reliability: [] })).toBe(0)
    expect([trustLevel(0.01), trustLevel(0.05), trustLevel(0.2)]).toEqual(['good', 'fair', 'poor'])
  })

  it('reads the threshold table at the step that holds', () => {
    const thresholds = [0, 0.02, 0.04].map((threshold) => ({
      threshold,
      right: 1 - threshold,
      wrong: 0,
      handedOn: threshold,
    }))
    expect(atThreshold({ thresholds }, 0.03)?.threshold).toBe(0.02)
    expect(atThreshold({ thresholds }, 0.04)?.threshold).toBe(0.04)
    expect(atThreshold({ thresholds: [] }, 0.5)).toBeNull()
  })
})

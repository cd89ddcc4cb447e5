import { describe, expect, it } from 'vitest'
import { likelyRange, overconfidence, toldBin, trustLevel } from './trust.ts'

const bin = (confidence: number, rows: number, accuracy = confidence) => ({
  from: 0,
  to: 1,
  rows,
  confidence,
  accuracy,
})

describe('how far its confidence can be trusted', () => {
  it('tells too sure from too shy, weighted by rows', () => {
    expect(overconfidence({ reliability: [bin(0.9, 10, 0.7)] })).toBeCloseTo(0.2)
    expect(overconfidence({ reliability: [] })).toBe(0)
    expect([trustLevel(0.01), trustLevel(0.05), trustLevel(0.2)]).toEqual(['good', 'fair', 'poor'])
  })

  it('puts the doubtful answers into words, where there are enough of them', () => {
    expect(toldBin({ reliability: [bin(0.4, 12), bin(0.8, 30), bin(0.99, 400)] })?.confidence).toBe(0.8)
    expect(toldBin({ reliability: [bin(0.4, 9), bin(0.97, 20), bin(0.99, 400)] })?.confidence).toBe(0.99)
    expect(toldBin({ reliability: [bin(0.4, 9), bin(0.99, 9)] })).toBeNull()
  })

  it('knows how unsure a share of few questions is', () => {
    // The worked example of Wilson's interval for 8 of 10 at 95 %.
    const few = likelyRange(8, 10)
    expect([few.from, few.to].map((share) => share.toFixed(3))).toEqual(['0.490', '0.943'])
    expect(likelyRange(10, 10).to).toBe(1)
    expect(likelyRange(0, 10).from).toBeCloseTo(0, 12)
    expect(likelyRange(0, 0)).toEqual({ from: 0, to: 1 })
    const many = likelyRange(800, 1000)
    expect(many.to - many.from).toBeLessThan(0.06)
  })
})

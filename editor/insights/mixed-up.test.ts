import { describe, expect, it } from 'vitest'
import { mixedUpPairs } from './mixed-up.ts'

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
})

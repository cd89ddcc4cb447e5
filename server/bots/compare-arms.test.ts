import { describe, expect, test } from 'vitest'
import { compareArms, leastPerArm } from './compare-arms.ts'
import { armOf } from './experiment-arm.ts'

describe('the arm of a visitor', () => {
  const many = 20_000
  test.for([1, 10, 30, 50, 77, 99])('follows the share: %i of 100 get B, as a fair lot would have it', (share) => {
    for (const experiment of ['exp_1', 'exp_2', 'exp_3']) {
      const b = Array.from({ length: many }, (_, i) => armOf(experiment, `cnv_${i}`, share)).filter(
        (arm) => arm === 'b',
      ).length
      const [wantB, wantA] = [(many * share) / 100, many * (1 - share / 100)]
      const chi = (b - wantB) ** 2 / wantB + (many - b - wantA) ** 2 / wantA
      // χ² with one degree of freedom: 1 fair lot in 10,000 lies beyond.
      expect(chi).toBeLessThan(15.14)
    }
  })

  test('is the same whenever it is asked for, and a larger share takes nobody out of B', () => {
    for (let i = 0; i < 1_000; i++) {
      const id = `cnv_${i}`
      expect(armOf('exp_1', id, 30)).toBe(armOf('exp_1', id, 30))
      if (armOf('exp_1', id, 30) === 'b') expect(armOf('exp_1', id, 60)).toBe('b')
    }
  })

  test('says nothing of the arm in another experiment', () => {
    const both = Array.from({ length: many }, (_, i) => `cnv_${i}`).filter(
      (id) => armOf('exp_1', id, 50) === 'b' && armOf('exp_2', id, 50) === 'b',
    ).length
    // A quarter, within four standard deviations.
    expect(Math.abs(both - many / 4)).toBeLessThan(4 * Math.sqrt(many * 0.25 * 0.75))
  })
})

describe('the comparison of two versions', () => {
  test('says nothing before each has had enough conversations, however clear it looks', () => {
    const few = { conversations: leastPerArm - 1, contained: 0 }
    expect(compareArms({ conversations: 5_000, contained: 5_000 }, few).verdict).toBe('too-early')
    expect(compareArms(few, { conversations: 5_000, contained: 5_000 }).verdict).toBe('too-early')
  })

  test('tells a clear difference either way, and calls a small one open', () => {
    const of = (contained: number) => ({ conversations: 400, contained })
    expect(compareArms(of(240), of(300)).verdict).toBe('b-better')
    expect(compareArms(of(300), of(240)).verdict).toBe('a-better')
    expect(compareArms(of(300), of(306)).verdict).toBe('open')
    expect(compareArms(of(300), of(300)).probability).toBeCloseTo(0.5, 9)
  })

  test('gives what integrating both posteriors gives', () => {
    for (const [a, b] of [
      [
        { conversations: 60, contained: 40 },
        { conversations: 80, contained: 62 },
      ],
      [
        { conversations: 500, contained: 350 },
        { conversations: 120, contained: 90 },
      ],
      [
        { conversations: 50, contained: 0 },
        { conversations: 50, contained: 1 },
      ],
    ] as const)
      expect(compareArms(a, b).probability).toBeCloseTo(integrated(a, b), 4)
  })

  test('the two sides of a coin add up to one, with ten thousand conversations as well', () => {
    const [a, b] = [
      { conversations: 10_000, contained: 7_010 },
      { conversations: 9_000, contained: 6_250 },
    ]
    expect(compareArms(a, b).probability + compareArms(b, a).probability).toBeCloseTo(1, 6)
  })
})

/** P(B > A) by sums over a fine grid: nothing of the closed form is in it. */
function integrated(a: Outcome, b: Outcome): number {
  const steps = 20_000
  const weights = ({ conversations, contained }: Outcome) => {
    const logs = Array.from({ length: steps }, (_, i) => {
      const p = (i + 0.5) / steps
      return contained * Math.log(p) + (conversations - contained) * Math.log(1 - p)
    })
    const top = logs.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY)
    const raw = logs.map((log) => Math.exp(log - top))
    const sum = raw.reduce((total, one) => total + one, 0)
    return raw.map((one) => one / sum)
  }
  const [wa, wb] = [weights(a), weights(b)]
  let below = 0
  let total = 0
  for (let i = 0; i < steps; i++) {
    total += wb[i]! * (below + wa[i]! / 2)
    below += wa[i]!
  }
  return total
}
type Outcome = Parameters<typeof compareArms>[0]

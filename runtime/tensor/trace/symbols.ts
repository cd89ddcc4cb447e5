import type { TensorSpec } from '../executor.ts'

/** A dimension as a number times named ones; `names` is empty for a static dimension. */
export interface ParsedDimension {
  factor: number
  names: string[]
}

const isPrime = (n: number): boolean => {
  for (let d = 2; d * d <= n; d++) if (n % d === 0) return false
  return true
}

/**
 * Named dimensions of a trace. tfjs knows only numbers, so each name stands as a prime that divides no static dimension;
 * products of names (batch x length after a reshape) can then be told from numbers.
 */
export class Symbols {
  readonly #primes = new Map<string, number>()

  constructor(specs: readonly TensorSpec[], statics: readonly number[]) {
    const taken = [...statics]
    for (const spec of specs) for (const d of spec.shape) if (typeof d === 'number') taken.push(d)
    let candidate = 10_006
    for (const spec of specs) {
      for (const d of spec.shape) {
        if (typeof d === 'number' || this.#primes.has(d)) continue
        do candidate++
        while (!isPrime(candidate) || taken.some((n) => n > 0 && n % candidate === 0))
        this.#primes.set(d, candidate)
      }
    }
  }

  /** The shape as tfjs shall see it. */
  toNumbers(shape: TensorSpec['shape']): number[] {
    return shape.map((d) => (typeof d === 'number' ? d : this.#primes.get(d)!))
  }

  parse(dimension: number): ParsedDimension {
    const names: string[] = []
    let factor = dimension
    for (const [name, prime] of this.#primes) {
      while (factor > 0 && factor % prime === 0) {
        factor /= prime
        names.push(name)
      }
    }
    return { factor, names }
  }

  isSymbolic(dimension: number): boolean {
    return this.#primes.size > 0 && this.parse(dimension).names.length > 0
  }

  /** For an output's declaration: a number, a name, or null where the dimension is a product. */
  toDeclaration(dimension: number): number | string | null {
    const { factor, names } = this.parse(dimension)
    if (names.length === 0) return factor
    return names.length === 1 && factor === 1 ? names[0]! : null
  }
}

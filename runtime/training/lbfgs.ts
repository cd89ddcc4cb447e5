/** Value and gradient of a smooth function at a point. The gradient may be reused by the caller of the function. */
export type Objective = (point: Float64Array) => Promise<{ value: number; gradient: Float64Array }>

export interface MinimizeOptions {
  /** Stops when no entry of the gradient is larger. */
  tolerance: number
  maxIterations: number
  signal?: AbortSignal
  onIteration?: (iteration: number, value: number) => void
}

export interface Minimum {
  point: Float64Array
  value: number
  iterations: number
  converged: boolean
}

const history = 8
const sufficientDecrease = 1e-4
/** Values come from 32-bit arithmetic: a smaller relative gain is noise. */
const noise = 2e-8

/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, algorithm 7.5) with backtracking by quadratic
 * interpolation. Pairs without positive curvature are left out. Throws the signal's reason when stopped.
 */
export async function minimize(objective: Objective, start: Float64Array, options: MinimizeOptions): Promise<Minimum> {
  const size = start.length
  let point = Float64Array.from(start)
  const first = await objective(point)
  let value = first.value
  let gradient = Float64Array.from(first.gradient)
  // Memory is taken once: fresh arrays of this size in each iteration cost as much as the sums.
  let target = new Float64Array(size)
  let spare = new Float64Array(size)
  const direction = new Float64Array(size)
  const pairs: Pair[] = []
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    options.signal?.throwIfAborted()
    if (largest(gradient) <= options.tolerance) return { point, value, iterations: iteration, converged: true }
    descend(gradient, pairs, direction)
    let slope = dot(gradient, direction)
    if (!(slope < 0)) {
      pairs.length = 0
      descend(gradient, pairs, direction)
      slope = dot(gradient, direction)
    }
    let rate = pairs.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    let next: number | undefined
    for (let attempt = 0; attempt < 30; attempt++) {
      target.set(point)
      addScaled(target, direction, rate)
      const found = await objective(target)
      if (found.value <= value + sufficientDecrease * rate * slope + noise * Math.abs(value)) {
        next = found.value
        spare.set(found.gradient)
        break
      }
      // The minimum of the parabola through both values and the slope, kept within a tenth and a half of the step.
      const guess = (-slope * rate * rate) / (2 * (found.value - value - slope * rate))
      rate = Number.isFinite(guess) ? Math.min(Math.max(guess, rate * 0.1), rate * 0.5) : rate * 0.1
    }
    if (next === undefined) return { point, value, iterations: iteration, converged: false }
    const oldest = pairs.length === history ? pairs.shift() : undefined
    const step = oldest?.step ?? new Float64Array(size)
    const change = oldest?.change ?? new Float64Array(size)
    difference(target, point, step)
    difference(spare, gradient, change)
    const curvature = dot(step, change)
    const bend = dot(change, change)
    if (curvature > 1e-12 * bend) pairs.push({ step, change, curvature, bend })
    const gain = value - next
    value = next
    ;[point, target] = [target, point]
    ;[gradient, spare] = [spare, gradient]
    options.onIteration?.(iteration + 1, value)
    if (Math.abs(gain) <= noise * Math.abs(value) && largest(gradient) <= options.tolerance * 10) {
      return { point, value, iterations: iteration + 1, converged: true }
    }
  }
  return { point, value, iterations: options.maxIterations, converged: false }
}

/** What one step taught: how far it went and how the gradient changed, with their product and the latter's square. */
interface Pair {
  step: Float64Array
  change: Float64Array
  curvature: number
  bend: number
}

/** The two-loop recursion: minus the inverse Hessian's estimate times the gradient, written into `q`. */
function descend(gradient: Float64Array, pairs: readonly Pair[], q: Float64Array): void {
  for (let i = 0; i < q.length; i++) q[i] = -gradient[i]!
  const weights: number[] = []
  for (let i = pairs.length - 1; i >= 0; i--) {
    const { step, change, curvature } = pairs[i]!
    weights[i] = dot(step, q) / curvature
    addScaled(q, change, -weights[i]!)
  }
  const last = pairs.at(-1)
  if (last) for (let i = 0; i < q.length; i++) q[i]! *= last.curvature / last.bend
  for (const [i, { step, change, curvature }] of pairs.entries())
    addScaled(q, step, weights[i]! - dot(change, q) / curvature)
}

/** In four sums, for each addition to one sum waits for the last. */
function dot(a: Float64Array, b: Float64Array): number {
  let [first, second, third, fourth] = [0, 0, 0, 0]
  const even = a.length - (a.length % 4)
  for (let i = 0; i < even; i += 4) {
    first += a[i]! * b[i]!
    second += a[i + 1]! * b[i + 1]!
    third += a[i + 2]! * b[i + 2]!
    fourth += a[i + 3]! * b[i + 3]!
  }
  for (let i = even; i < a.length; i++) first += a[i]! * b[i]!
  return first + second + third + fourth
}

function difference(a: Float64Array, b: Float64Array, result: Float64Array): void {
  for (let i = 0; i < a.length; i++) result[i] = a[i]! - b[i]!
}

/** Four at a time, which halves its time. */
function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  const even = a.length - (a.length % 4)
  for (let i = 0; i < even; i += 4) {
    a[i]! += factor * b[i]!
    a[i + 1]! += factor * b[i + 1]!
    a[i + 2]! += factor * b[i + 2]!
    a[i + 3]! += factor * b[i + 3]!
  }
  for (let i = even; i < a.length; i++) a[i]! += factor * b[i]!
}

export function largest(a: Float64Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!))
  return most
}

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

const history = 12
const sufficientDecrease = 1e-4
/** Values come from 32-bit arithmetic: a smaller relative gain is noise. */
const noise = 2e-8

/**
 * Limited-memory BFGS (Nocedal & Wright, Numerical Optimization, algorithm 7.5) with backtracking by quadratic
 * interpolation. Pairs without positive curvature are left out. Throws the signal's reason when stopped.
 */
export async function minimize(objective: Objective, start: Float64Array, options: MinimizeOptions): Promise<Minimum> {
  let point = Float64Array.from(start)
  let { value, gradient } = copy(await objective(point))
  const steps: Float64Array[] = []
  const changes: Float64Array[] = []
  for (let iteration = 0; iteration < options.maxIterations; iteration++) {
    options.signal?.throwIfAborted()
    if (largest(gradient) <= options.tolerance) return { point, value, iterations: iteration, converged: true }
    let direction = descend(gradient, steps, changes)
    let slope = dot(gradient, direction)
    if (!(slope < 0)) {
      steps.length = 0
      changes.length = 0
      direction = gradient.map((x) => -x)
      slope = -dot(gradient, gradient)
    }
    let rate = steps.length === 0 ? Math.min(1, 1 / Math.sqrt(-slope)) : 1
    let next: { value: number; gradient: Float64Array } | undefined
    let target = point
    for (let attempt = 0; attempt < 30; attempt++) {
      target = point.map((x, i) => x + rate * direction[i]!)
      const found = await objective(target)
      if (found.value <= value + sufficientDecrease * rate * slope + noise * Math.abs(value)) {
        next = copy(found)
        break
      }
      // The minimum of the parabola through both values and the slope, kept within a tenth and a half of the step.
      const guess = (-slope * rate * rate) / (2 * (found.value - value - slope * rate))
      rate = Number.isFinite(guess) ? Math.min(Math.max(guess, rate * 0.1), rate * 0.5) : rate * 0.1
    }
    if (!next) return { point, value, iterations: iteration, converged: false }
    const step = target.map((x, i) => x - point[i]!)
    const change = next.gradient.map((x, i) => x - gradient[i]!)
    if (dot(step, change) > 1e-12 * dot(change, change)) {
      steps.push(step)
      changes.push(change)
      if (steps.length > history) {
        steps.shift()
        changes.shift()
      }
    }
    const gain = value - next.value
    point = target
    value = next.value
    gradient = next.gradient
    options.onIteration?.(iteration + 1, value)
    if (Math.abs(gain) <= noise * Math.abs(value) && largest(gradient) <= options.tolerance * 10) {
      return { point, value, iterations: iteration + 1, converged: true }
    }
  }
  return { point, value, iterations: options.maxIterations, converged: false }
}

/** The two-loop recursion: minus the inverse Hessian's estimate times the gradient. */
function descend(gradient: Float64Array, steps: Float64Array[], changes: Float64Array[]): Float64Array {
  const q = gradient.map((x) => -x)
  const weights: number[] = []
  for (let i = steps.length - 1; i >= 0; i--) {
    const weight = dot(steps[i]!, q) / dot(steps[i]!, changes[i]!)
    weights[i] = weight
    addScaled(q, changes[i]!, -weight)
  }
  const last = steps.length - 1
  if (last >= 0) {
    const scale = dot(steps[last]!, changes[last]!) / dot(changes[last]!, changes[last]!)
    for (let j = 0; j < q.length; j++) q[j]! *= scale
  }
  for (let i = 0; i < steps.length; i++) {
    const weight = dot(changes[i]!, q) / dot(steps[i]!, changes[i]!)
    addScaled(q, steps[i]!, weights[i]! - weight)
  }
  return q
}

const copy = (found: { value: number; gradient: Float64Array }): { value: number; gradient: Float64Array } => ({
  value: found.value,
  gradient: Float64Array.from(found.gradient),
})

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!
  return sum
}

function addScaled(a: Float64Array, b: Float64Array, factor: number): void {
  for (let i = 0; i < a.length; i++) a[i]! += factor * b[i]!
}

export function largest(a: Float64Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs(a[i]!))
  return most
}

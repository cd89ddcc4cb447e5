import type { Neighbours } from './neighbours.ts'

/** What is drawn away from a point each time that a neighbour is drawn to it. */
const strangers = 5
const learningRate = 1
/** No step is longer. */
const longest = 4

/** Curves 1 / (1 + a d^2b) for neighbours that lie close together, and for a map whose points can be told apart. */
const curves = { dense: { a: 1.929, b: 0.7915 }, map: { a: 1.577, b: 0.8951 } } as const

/**
 * Places in few dimensions in which neighbours are near each other: uniform manifold approximation and projection (McInnes, Healy & Melville
 * 2018, sections 3 and 4), from `start`, row-major [rows, width], which is not changed. It is our own since the library for it draws its
 * start at random, which makes every layout another one.
 */
export function layOut(
  { count, rows, distances }: Neighbours,
  start: Float32Array,
  width: number,
  how: { curve: keyof typeof curves; epochs: number; random: () => number },
): Float32Array {
  const { epochs, random } = how
  const { a, b } = curves[how.curve]
  const total = start.length / width
  const places = spread(start)
  const { from, to, bond } = bonds(total, count, rows, distances)
  const strongest = bond.reduce((most, one) => Math.max(most, one), 0)
  /** In which epoch each pair is drawn together next; a weak bond that is due after the last one never is. */
  const due = bond.map((one) => strongest / one)
  // A few hundred million steps of one number each: no function, no object.
  for (let epoch = 1; epoch <= epochs; epoch++) {
    const rate = learningRate * (1 - (epoch - 1) / epochs)
    for (let at = 0; at < due.length; at++) {
      if (due[at]! > epoch) continue
      due[at]! += strongest / bond[at]!
      const own = from[at]! * width
      const other = to[at]! * width
      let near = 0
      for (let part = 0; part < width; part++) near += (places[own + part]! - places[other + part]!) ** 2
      if (near > 0) {
        const grown = near ** b
        const pull = (-2 * a * b * grown) / (near * (1 + a * grown))
        for (let part = 0; part < width; part++) {
          const by = clip(pull * (places[own + part]! - places[other + part]!)) * rate
          places[own + part]! += by
          places[other + part]! -= by
        }
      }
      for (let drawn = 0; drawn < strangers; drawn++) {
        const stranger = Math.floor(random() * total) * width
        if (stranger === own) continue
        let far = 0
        for (let part = 0; part < width; part++) far += (places[own + part]! - places[stranger + part]!) ** 2
        if (far === 0) continue
        const push = (2 * b) / ((0.001 + far) * (1 + a * far ** b))
        for (let part = 0; part < width; part++)
          places[own + part]! += clip(push * (places[own + part]! - places[stranger + part]!)) * rate
      }
    }
  }
  return places
}

const clip = (by: number): number => (by > longest ? longest : by < -longest ? -longest : by)

/** The start in a box of ten to each side, so that a first step neither tears it apart nor leaves it where it is. */
function spread(start: Float32Array): Float32Array {
  const most = start.reduce((far, value) => Math.max(far, Math.abs(value)), 0)
  return start.map((value) => (most === 0 ? 0 : (value / most) * 10))
}

/** Pairs of points, and how surely each is a pair of neighbours, 0..1. */
interface Bonds {
  from: Int32Array
  to: Int32Array
  bond: Float64Array
}

/** How surely two points are neighbours: fuzzy sets whose reach is each point's own, united. */
function bonds(total: number, count: number, rows: Int32Array, distances: Float32Array): Bonds {
  const found = new Map<number, number>()
  const wanted = Math.log2(Math.max(2, count))
  for (let row = 0; row < total; row++) {
    const own = distances.subarray(row * count, (row + 1) * count)
    const nearest = own.find((distance) => distance > 0) ?? 0
    const reach = reachOf(own, nearest, wanted)
    for (let place = 0; place < count; place++) {
      const bond = Math.exp(-Math.max(0, own[place]! - nearest) / reach)
      const other = rows[row * count + place]!
      const key = Math.min(row, other) * total + Math.max(row, other)
      const known = found.get(key) ?? 0
      found.set(key, known + bond - known * bond)
    }
  }
  const keys = Float64Array.from(found.keys())
  return {
    from: Int32Array.from(keys, (key) => Math.floor(key / total)),
    to: Int32Array.from(keys, (key) => key % total),
    bond: Float64Array.from(found.values()),
  }
}

/** The width of a point's neighbourhood with which its bonds come to what is wanted, by bisection. */
function reachOf(distances: Float32Array, nearest: number, wanted: number): number {
  let [low, high, reach] = [0, Number.POSITIVE_INFINITY, 1]
  for (let round = 0; round < 64; round++) {
    let sum = 0
    for (const distance of distances) sum += Math.exp(-Math.max(0, distance - nearest) / reach)
    if (Math.abs(sum - wanted) < 1e-5) break
    if (sum > wanted) high = reach
    else low = reach
    reach = Number.isFinite(high) ? (low + high) / 2 : reach * 2
    // All are equally near: no width makes a difference.
    if (reach > 1e6 || reach < 1e-9) break
  }
  return Math.max(reach, 1e-9)
}

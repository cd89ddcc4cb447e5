/** The nearest rows of each row, itself left out, nearest first: row-major [rows, count]. */
export interface Neighbours {
  count: number
  rows: Int32Array
  distances: Float32Array
}

/** Euclidean, exact; of equals the earlier row. `count` is cut to what there is. */
export function nearestNeighbours(points: Float32Array, width: number, wanted: number): Neighbours {
  const total = points.length / width
  const count = Math.min(wanted, total - 1)
  const rows = new Int32Array(total * count)
  const distances = new Float32Array(total * count).fill(Number.POSITIVE_INFINITY)
  /** Puts a row into the sorted list of another where it belongs. */
  const offer = (to: number, row: number, distance: number): void => {
    const first = to * count
    let place = first + count - 1
    if (distance >= distances[place]!) return
    for (; place > first && distances[place - 1]! > distance; place--) {
      distances[place] = distances[place - 1]!
      rows[place] = rows[place - 1]!
    }
    distances[place] = distance
    rows[place] = row
  }
  for (let row = 1; row < total; row++)
    for (let other = 0; other < row; other++) {
      const distance = squared(points, width, row, other)
      offer(row, other, distance)
      offer(other, row, distance)
    }
  for (let at = 0; at < distances.length; at++) distances[at] = Math.sqrt(distances[at]!)
  return { count, rows, distances }
}

/** The square of the distance of two rows. */
export function squared(points: Float32Array, width: number, a: number, b: number): number {
  let sum = 0
  for (let i = a * width, j = b * width, end = i + width; i < end; i++, j++) {
    const apart = points[i]! - points[j]!
    sum += apart * apart
  }
  return sum
}

/** Rounds of one start; it stands still long before. */
const mostRounds = 50

/** The group of each row, by k-means of the best of `starts` starts (k-means++, Arthur & Vassilvitskii 2007): what density is held against. */
export function kMeans(
  vectors: Float32Array,
  width: number,
  { groups, starts, random }: { groups: number; starts: number; random: () => number },
): number[] {
  let best: { groupOf: Int32Array; spread: number } | null = null
  for (let start = 0; start < starts; start++) {
    const one = oneStart(vectors, width, groups, random)
    if (!best || one.spread < best.spread) best = one
  }
  return [...best!.groupOf]
}

function oneStart(vectors: Float32Array, width: number, groups: number, random: () => number) {
  const total = vectors.length / width
  const centres = firstCentres(vectors, width, groups, random)
  const groupOf = new Int32Array(total).fill(-1)
  let spread = 0
  for (let round = 0; round < mostRounds; round++) {
    let changed = false
    spread = 0
    for (let row = 0; row < total; row++) {
      let [nearest, least] = [0, Number.POSITIVE_INFINITY]
      for (let group = 0; group < groups; group++) {
        const distance = apart(vectors, row, centres, group, width)
        if (distance < least) [nearest, least] = [group, distance]
      }
      if (groupOf[row] !== nearest) changed = true
      groupOf[row] = nearest
      spread += least
    }
    if (!changed) break
    const sizes = new Int32Array(groups)
    for (const group of groupOf) sizes[group]!++
    for (let group = 0; group < groups; group++)
      if (sizes[group]! > 0) centres.fill(0, group * width, (group + 1) * width)
    for (let row = 0; row < total; row++)
      for (let at = 0; at < width; at++)
        centres[groupOf[row]! * width + at]! += vectors[row * width + at]! / sizes[groupOf[row]!]!
  }
  return { groupOf, spread }
}

function firstCentres(vectors: Float32Array, width: number, groups: number, random: () => number): Float32Array {
  const total = vectors.length / width
  const centres = new Float32Array(groups * width)
  const least = new Float64Array(total).fill(Number.POSITIVE_INFINITY)
  let chosen = Math.floor(random() * total)
  for (let group = 0; group < groups; group++) {
    centres.set(vectors.subarray(chosen * width, (chosen + 1) * width), group * width)
    let sum = 0
    for (let row = 0; row < total; row++) {
      least[row] = Math.min(least[row]!, apart(vectors, row, centres, group, width))
      sum += least[row]!
    }
    let left = random() * sum
    for (chosen = 0; chosen < total - 1 && left > least[chosen]!; chosen++) left -= least[chosen]!
  }
  return centres
}

function apart(vectors: Float32Array, row: number, centres: Float32Array, group: number, width: number): number {
  let sum = 0
  for (let at = 0; at < width; at++) sum += (vectors[row * width + at]! - centres[group * width + at]!) ** 2
  return sum
}

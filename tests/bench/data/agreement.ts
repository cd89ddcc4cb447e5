/** Natural logarithms of factorials up to `most`. */
function logFactorials(most: number): Float64Array {
  const found = new Float64Array(most + 1)
  for (let n = 2; n <= most; n++) found[n] = found[n - 1]! + Math.log(n)
  return found
}

const sizesOf = (groups: readonly number[]): Map<number, number> => {
  const sizes = new Map<number, number>()
  for (const group of groups) sizes.set(group, (sizes.get(group) ?? 0) + 1)
  return sizes
}

const entropy = (sizes: Iterable<number>, total: number): number => {
  let sum = 0
  for (const size of sizes) sum -= (size / total) * Math.log(size / total)
  return sum
}

/**
 * Adjusted mutual information of two divisions of the same rows: 1 for the same, 0 for what chance gives (Vinh, Epps & Bailey 2010,
 * equations 6 and 24a; the mean of both entropies on top).
 */
export function adjustedMutualInformation(a: readonly number[], b: readonly number[]): number {
  const total = a.length
  const [rows, columns] = [sizesOf(a), sizesOf(b)]
  const both = new Map<string, number>()
  for (const [place, group] of a.entries()) {
    const key = `${group} ${b[place]}`
    both.set(key, (both.get(key) ?? 0) + 1)
  }
  let mutual = 0
  for (const [key, count] of both) {
    const [row, column] = key.split(' ').map(Number)
    mutual += (count / total) * Math.log((total * count) / (rows.get(row!)! * columns.get(column!)!))
  }
  const log = logFactorials(total)
  let chance = 0
  for (const row of rows.values())
    for (const column of columns.values())
      for (let count = Math.max(1, row + column - total); count <= Math.min(row, column); count++) {
        const likely =
          log[row]! +
          log[column]! +
          log[total - row]! +
          log[total - column]! -
          log[total]! -
          log[count]! -
          log[row - count]! -
          log[column - count]! -
          log[total - row - column + count]!
        chance += (count / total) * Math.log((total * count) / (row * column)) * Math.exp(likely)
      }
  const most = (entropy(rows.values(), total) + entropy(columns.values(), total)) / 2
  return most === chance ? 1 : (mutual - chance) / (most - chance)
}

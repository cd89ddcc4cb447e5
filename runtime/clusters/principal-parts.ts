/** Rounds of the subspace iteration: the picture of the data does not change visibly after these. */
const rounds = 3

/**
 * Rows less their mean, in the `parts` directions in which they differ most, row-major [rows, parts], largest first. Subspace iteration with a
 * random start (Halko, Martinsson & Tropp 2011, algorithm 4.4): no covariance matrix is solved.
 */
export function principalParts(
  vectors: Float32Array,
  width: number,
  parts: number,
  random: () => number,
): Float32Array {
  const rows = vectors.length / width
  const centred = lessMean(vectors, width)
  let basis = orthonormal(
    Float64Array.from({ length: width * parts }, () => random() * 2 - 1),
    width,
    parts,
  )
  for (let round = 0; round < rounds; round++) {
    const next = new Float64Array(width * parts)
    const seen = projected(centred, width, basis, parts)
    for (let row = 0; row < rows; row++)
      for (let part = 0; part < parts; part++) {
        const weight = seen[row * parts + part]!
        for (let to = part * width, from = row * width, end = to + width; to < end; to++, from++)
          next[to]! += weight * centred[from]!
      }
    basis = orthonormal(next, width, parts)
  }
  return projected(centred, width, basis, parts)
}

function lessMean(vectors: Float32Array, width: number): Float32Array {
  const rows = vectors.length / width
  const mean = new Float64Array(width)
  for (let at = 0; at < vectors.length; at++) mean[at % width]! += vectors[at]! / rows
  return vectors.map((value, at) => value - mean[at % width]!)
}

/** `basis` holds one direction after the other. */
function projected(centred: Float32Array, width: number, basis: Float64Array, parts: number): Float32Array {
  const rows = centred.length / width
  const found = new Float32Array(rows * parts)
  for (let row = 0; row < rows; row++)
    for (let part = 0; part < parts; part++) {
      let sum = 0
      for (let from = row * width, other = part * width, end = from + width; from < end; from++, other++)
        sum += centred[from]! * basis[other]!
      found[row * parts + part] = sum
    }
  return found
}

/** Gram and Schmidt; a direction that is nothing but the others becomes nothing. */
function orthonormal(basis: Float64Array, width: number, parts: number): Float64Array {
  for (let part = 0; part < parts; part++) {
    const own = basis.subarray(part * width, (part + 1) * width)
    const first = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
    for (let other = 0; other < part; other++) {
      const known = basis.subarray(other * width, (other + 1) * width)
      let shared = 0
      for (let column = 0; column < width; column++) shared += own[column]! * known[column]!
      for (let column = 0; column < width; column++) own[column]! -= shared * known[column]!
    }
    const length = Math.sqrt(own.reduce((sum, value) => sum + value * value, 0))
    const scale = length > 1e-9 * first && length > 0 ? 1 / length : 0
    for (let column = 0; column < width; column++) own[column]! *= scale
  }
  return basis
}

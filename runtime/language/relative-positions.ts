/**
 * The bucket of each distance from -(longest - 1) to longest - 1 (key minus query), int32 [2 longest - 1]. Half of the
 * buckets are for keys ahead; in each half the near distances have one each and the far ones, up to `furthest`, share
 * theirs on a logarithmic scale (Raffel et al. 2020, section 2.1, as MPNet uses it).
 */
export function relativeBuckets(longest: number, buckets: number, furthest = 128): Int32Array {
  const half = buckets / 2
  const near = half / 2
  // In single precision like the models' own code: on the borders of two buckets the last bit decides.
  const scale = Math.fround(Math.log(furthest / near))
  return Int32Array.from({ length: 2 * longest - 1 }, (_, i) => {
    const distance = i - (longest - 1)
    const far = Math.abs(distance)
    const share = Math.fround(Math.fround(Math.log(Math.fround(far / near))) / scale)
    const bucket = far < near ? far : Math.min(half - 1, near + Math.floor(Math.fround(share * (half - near))))
    return distance > 0 ? half + bucket : bucket
  })
}

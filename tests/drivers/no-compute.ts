import type { Compute } from '#server/jobs/compute.ts'

const notHere = () => Promise.reject(new Error('no compute process in these tests'))

/** Stands where the compute processes stand, for tests of what does not compute: whatever asks it fails. */
export const noCompute: Compute = {
  classify: notHere,
  find: notHere,
  retrieve: notHere,
  write: notHere,
  runJob: notHere,
  prepare: () => {},
  served: () => [],
  warm: async () => {},
  stop: async () => {},
}

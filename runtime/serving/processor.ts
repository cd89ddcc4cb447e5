import { readFileSync } from 'node:fs'
import { cpus } from 'node:os'

/** Instructions that decide how fast 8-bit numbers are multiplied, as Linux names them, fastest first. */
const telling = ['amx_int8', 'avx512_vnni', 'avx_vnni', 'avx512f', 'avx2', 'i8mm', 'asimddp']

/** The processor's name and, where the system tells them, what it has for products of 8-bit numbers: `AMD EPYC (avx512_vnni, avx2)`. */
export function describeProcessor(): string {
  const name = cpus()[0]?.model.trim() || 'unknown processor'
  let listed = ''
  try {
    listed = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8'))?.[1] ?? ''
  } catch {
    // Other systems than Linux have no such file.
  }
  const flags = new Set(listed.split(' '))
  const known = telling.filter((flag) => flags.has(flag))
  return known.length > 0 ? `${name} (${known.join(', ')})` : name
}

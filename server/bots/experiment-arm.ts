import { createHash } from 'node:crypto'

/**
 * The arm of somebody in an experiment: a lot drawn by SHA-256 of both ids, so that it is the same on every server and at every time,
 * and in the next experiment another one. `shareB` is a percentage.
 */
export function armOf(experiment: string, subject: string, shareB: number): 'a' | 'b' {
  const lot = createHash('sha256').update(`${experiment}\u0000${subject}`).digest().readUInt32BE(0) / 2 ** 32
  return lot * 100 < shareB ? 'b' : 'a'
}

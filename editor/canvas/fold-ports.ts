import type { Port, Ports } from '#kit/ports.ts'

/** More ports than this on one side fold into a searchable list. */
export const foldAbove = 12
const shownFolded = 6

export interface PortLine {
  id: string
  port: Port
  /** Needs a look: its label is not trained yet, or nothing is connected to it. */
  badge: 'untrained' | 'unconnected' | null
}

/** Outputs as lines, each with what needs a look at it. */
export function portLines(ports: Ports, wired: Readonly<Record<string, readonly string[]>>, data: boolean): PortLine[] {
  return Object.entries(ports).map(([id, port]) => ({
    id,
    port,
    badge:
      port.label && !port.label.trained ? 'untrained' : !data && !port.optional && !wired[id] ? 'unconnected' : null,
  }))
}

/**
 * Which lines stay in sight when they are folded: what needs a look first, then what stands for no label (the fallback),
 * then the first ones; in their own order.
 */
export function foldLines(lines: readonly PortLine[]): { shown: PortLine[]; hidden: PortLine[] } {
  if (lines.length <= foldAbove) return { shown: [...lines], hidden: [] }
  const rank = (line: PortLine) => (line.badge === 'untrained' ? 0 : line.port.label ? (line.badge ? 2 : 3) : 1)
  const picked = new Set(
    lines
      .map((line, index) => ({ line, index }))
      .sort((a, b) => rank(a.line) - rank(b.line) || a.index - b.index)
      .slice(0, shownFolded)
      .map(({ line }) => line),
  )
  return { shown: lines.filter((line) => picked.has(line)), hidden: lines.filter((line) => !picked.has(line)) }
}

import type { Point } from '#editor/document/edits.ts'

/** A cubic Bézier curve from an output to an input: it leaves to the right and arrives from the left. */
export interface Curve {
  from: Point
  c1: Point
  c2: Point
  to: Point
}

export function curve(from: Point, to: Point): Curve {
  const dx = to.x - from.x
  const dy = Math.abs(to.y - from.y)
  // Forward wires swing by their length; backward ones go out far enough to be told from the blocks between.
  const reach = dx >= 0 ? Math.max(24, Math.min(dx * 0.5, 240)) : Math.min(280, 80 + Math.abs(dx) * 0.12 + dy * 0.1)
  return { from, c1: { x: from.x + reach, y: from.y }, c2: { x: to.x - reach, y: to.y }, to }
}

export function curvePath({ from, c1, c2, to }: Curve): string {
  return `M${round(from.x)} ${round(from.y)}C${round(c1.x)} ${round(c1.y)} ${round(c2.x)} ${round(c2.y)} ${round(to.x)} ${round(to.y)}`
}

export function pointOn({ from, c1, c2, to }: Curve, t: number): Point {
  const u = 1 - t
  const a = u * u * u
  const b = 3 * u * u * t
  const c = 3 * u * t * t
  const d = t * t * t
  return { x: a * from.x + b * c1.x + c * c2.x + d * to.x, y: a * from.y + b * c1.y + c * c2.y + d * to.y }
}

export interface BraidPiece {
  key: string
  strand: number
  path: string
}

/**
 * A braid along a curve: `strands` sines of amplitude `swing` px, one turn every `turn` px, evenly out of phase, drawn
 * together at both ends. The strands are cut into pieces ordered from back to front by the cosine of their phase, so
 * that each passes over and under its neighbours like a real one.
 */
export function braid(line: Curve, shape: { strands: number; swing: number; turn: number }): BraidPiece[] {
  const points = evenPoints(line, 4)
  const length = (points.length - 1) * 4
  const pieces: (BraidPiece & { depth: number })[] = []
  for (let strand = 0; strand < shape.strands; strand++) {
    const shift = (strand / shape.strands) * 2 * Math.PI
    let path = ''
    let depth = 0
    let part = 0
    points.forEach(({ x, y, nx, ny }, index) => {
      const along = index * 4
      const phase = (along / shape.turn) * 2 * Math.PI + shift
      const taper = Math.sin(Math.min(1, Math.min(along, length - along) / 48) * (Math.PI / 2))
      const offset = shape.swing * taper * Math.sin(phase)
      const at = `${round(x + nx * offset)} ${round(y + ny * offset)}`
      const front = Math.cos(phase) >= 0 ? 1 : 0
      if (path === '') {
        path = `M${at}`
        depth = front
      } else {
        path += `L${at}`
        if (front !== depth) {
          pieces.push({ key: `${strand}.${part++}`, strand, path, depth })
          path = `M${at}`
          depth = front
        }
      }
    })
    if (path.includes('L')) pieces.push({ key: `${strand}.${part}`, strand, path, depth })
  }
  return pieces.sort((a, b) => a.depth - b.depth).map(({ key, strand, path }) => ({ key, strand, path }))
}

/** Points along a curve at equal distances (px), each with its unit normal. */
function evenPoints(line: Curve, distance: number): { x: number; y: number; nx: number; ny: number }[] {
  const fine = 400
  const result: { x: number; y: number; nx: number; ny: number }[] = []
  let before = line.from
  let carried = distance
  for (let i = 1; i <= fine; i++) {
    const point = pointOn(line, i / fine)
    const dx = point.x - before.x
    const dy = point.y - before.y
    const step = Math.hypot(dx, dy)
    if (step > 0)
      for (; carried <= step; carried += distance)
        result.push({
          x: before.x + (dx * carried) / step,
          y: before.y + (dy * carried) / step,
          nx: -dy / step,
          ny: dx / step,
        })
    carried -= step
    before = point
  }
  return result
}

const round = (value: number): number => Math.round(value * 100) / 100

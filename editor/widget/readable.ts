import { luminance } from './colour.ts'

/** The colour, or one as near to it as can be read on the ground (4.5 : 1): darker on a light one, lighter on a dark one. */
export function readableIn(colour: string, ground: string): string {
  const under = luminance(ground)
  const towards = under > 0.5 ? 0 : 255
  const parts = [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
  for (let share = 0; share < 1; share += 0.04) {
    const mixed = `#${parts
      .map((part) =>
        Math.round(part + (towards - part) * share)
          .toString(16)
          .padStart(2, '0'),
      )
      .join('')}`
    const [lighter, darker] = [luminance(mixed), under].sort((a, b) => b - a) as [number, number]
    if ((lighter + 0.05) / (darker + 0.05) >= 4.5) return mixed
  }
  return towards === 0 ? '#000000' : '#ffffff'
}

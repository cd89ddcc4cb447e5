/** Relative luminance of `#rrggbb` (WCAG 2.2). */
export function luminance(colour: string): number {
  return [0.2126, 0.7152, 0.0722].reduce((sum, weight, i) => {
    const part = Number.parseInt(colour.slice(1 + i * 2, 3 + i * 2), 16) / 255
    return sum + weight * (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4)
  }, 0)
}

/** Black or white, whichever is readable (4.5 : 1) on the colour; white where both are. */
export const readableOn = (colour: string): string => (1.05 / (luminance(colour) + 0.05) >= 4.5 ? '#fff' : '#000')

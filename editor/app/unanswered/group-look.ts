/** What dragged messages are called on their way to a topic. */
export const messagesMime = 'application/x-botloom-messages'

const hues = ['data', 'learn', 'talk', 'action', 'people', 'logic']

/** The colour of a group, the same on its card and on the map; what is left over has none. */
export function colourOf(group: number): string {
  return group < 0 ? 'var(--bl-border-strong)' : `var(--bl-hue-${hues[group % hues.length]})`
}

/** Groups beyond the colours differ by shape: filled, then a ring. */
export function isRing(group: number): boolean {
  return group >= 0 && Math.floor(group / hues.length) % 2 === 1
}

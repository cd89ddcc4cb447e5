import i18next from 'i18next'

/** A string of the canvas, outside of components. */
export function wordOf(key: string, params: Record<string, unknown> = {}): string {
  return i18next.t(key, { ns: 'canvas', ...params })
}

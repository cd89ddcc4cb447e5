import i18next from 'i18next'

/** A field's unit as it stands behind a number: a locale key such as `unit.rows`, or the sign itself. */
export function unitText(unit: string | undefined, count: number): string {
  if (!unit) return ''
  return i18next.t(unit, { ns: 'inspector', defaultValue: unit, count })
}

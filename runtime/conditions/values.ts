import { foldText } from './normalise.ts'
import { isDay, parseDate } from './parse-date.ts'

export interface ConditionView {
  /** By name; an unset one is absent. */
  variables: Readonly<Record<string, unknown>>
  /** The bot's own, by name; a variable of the same name stands before it. */
  parameters?: Readonly<Record<string, unknown>>
  now: string
  timeZone: string
}

/** What a name stands for; null where nothing is known. */
export function lookUp(view: ConditionView, name: string): unknown {
  for (const values of [view.variables, view.parameters ?? {}]) {
    const value = Object.hasOwn(values, name) ? values[name] : undefined
    if (isSet(value)) return value
  }
  return null
}

export const isSet = (value: unknown): boolean => value !== undefined && value !== null && value !== ''

/** A value as texts are compared; nothing where it is not set. */
export const toFolded = (value: unknown): string => (isSet(value) ? foldText(String(value)) : '')

/** The items of a list, or of a text that a person wrote as one. */
export function listOf(value: string | number | boolean | readonly string[]): string[] {
  return typeof value === 'object' ? [...value] : String(value).split(/[,，、\n]/)
}

export function toNumber(value: unknown): number | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null
  if (typeof value !== 'string' || value.trim() === '') return null
  const number = Number(value.normalize('NFKC').replaceAll(',', ''))
  return Number.isFinite(number) ? number : null
}

export function toTruth(value: unknown): boolean | null {
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 1) return true
  if (value === 'false' || value === 0) return false
  return null
}

export function toDay(value: unknown, view: ConditionView): string | null {
  if (isDay(value)) return value
  return typeof value === 'string' ? parseDate(value, view) : null
}

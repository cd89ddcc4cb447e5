import type { NodeProblem } from './define-node.ts'
import type { LocalText } from './text.ts'
import { isVisitorName } from './visitor-names.ts'

/** What `check` of a block is shown: the bot's languages and, where the caller knows them, all names usable in texts. */
export interface TextView {
  languages: readonly string[]
  /** Names of variables and parameters that some block or the document declares. */
  names?: readonly string[]
}

/**
 * Problems of one text: `text-empty` where no language has words (unless it may be empty), `translation-missing` for
 * each language of the bot without its own words, `unknown-name` for a placeholder that nothing fills.
 */
export function checkText(
  field: string,
  text: LocalText,
  view: TextView,
  options: { optional?: boolean; severity?: NodeProblem['severity'] } = {},
): NodeProblem[] {
  const written = Object.values(text).filter((value) => value.trim() !== '')
  if (written.length === 0)
    return options.optional ? [] : [{ code: 'text-empty', severity: options.severity ?? 'error', field }]
  const problems: NodeProblem[] = []
  for (const language of view.languages)
    if (!hasLanguage(text, language))
      problems.push({ code: 'translation-missing', severity: 'warning', field, params: { language } })
  const { names } = view
  if (names)
    for (const name of new Set(written.flatMap(placeholdersOf)))
      if (!names.includes(name) && !isVisitorName(name))
        problems.push({ code: 'unknown-name', severity: 'warning', field, params: { name } })
  return problems
}

/** A variable that a block reads and nothing declares. */
export function checkVariable(field: string, name: string, view: TextView): NodeProblem[] {
  if (name === '') return [{ code: 'variable-missing', severity: 'error', field }]
  return view.names && !view.names.includes(name) && !isVisitorName(name)
    ? [{ code: 'unknown-name', severity: 'warning', field, params: { name } }]
    : []
}

function hasLanguage(text: LocalText, language: string): boolean {
  const base = language.split('-')[0]
  return Object.entries(text).some(([tag, value]) => value.trim() !== '' && tag.split('-')[0] === base)
}

/** One `{{name}}` in a text; names are letters, digits and underscores of any script, those of the visitor behind `visitor.`. */
const placeholder = /\{\{\s*((?:visitor\.)?[\p{L}_][\p{L}\p{N}_]*)\s*\}\}/gu

export function placeholdersOf(text: string): string[] {
  return [...text.matchAll(placeholder)].map((match) => match[1]!)
}

/** Fills `{{name}}` once; values are never parsed again. A name without a value leaves nothing behind. */
export function fillPlaceholders(text: string, lookUp: (name: string) => unknown): string {
  return text.replace(placeholder, (_, name: string) => {
    const value = lookUp(name)
    return value === undefined || value === null ? '' : String(value)
  })
}

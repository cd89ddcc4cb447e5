import type { Found } from './found.ts'

// Each run is bounded and none begins within another, so that a long line without an @ is read once.
const address = /(?<![\w.+%-])([a-z0-9_][\w.+%-]{0,63})@((?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24})(?![\w@-])/gi

/**
 * The first mail address in what a person typed: full-width signs are read as plain ones, what follows it is left alone, and the
 * domain, in which case means nothing, is lower case. Null where there is none.
 */
export function findEmail(text: string): Found<string> | null {
  for (const [whole, name, domain] of text.normalize('NFKC').matchAll(address))
    if (isName(name!) && isDomain(domain!)) return { value: `${name}@${domain!.toLowerCase()}`, text: whole }
  return null
}

/** Places of all mail addresses in a text in its folded form (`foldText`). */
export function emailsIn(folded: string): [start: number, end: number][] {
  return [...folded.matchAll(address)].flatMap(({ 0: whole, 1: name, 2: domain, index }) =>
    isName(name!) && isDomain(domain!) ? [[index, index + whole.length] as [number, number]] : [],
  )
}

function isName(name: string): boolean {
  return !name.endsWith('.') && !name.includes('..')
}

function isDomain(domain: string): boolean {
  return domain.split('.').every((part) => !part.startsWith('-') && !part.endsWith('-'))
}

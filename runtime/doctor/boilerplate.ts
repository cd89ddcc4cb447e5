import { foldText } from '#runtime/conditions/normalise.ts'
import type { DoctorSet, Finding, FoundCase, Mark } from './finding.ts'

/** A part is everybody's from this many rows and this share of them on. */
const fewest = 5
const share = 0.005
/** Labels that it must stand in, and the most of its rows that one of them may have: else the words say what is meant. */
const leastLabels = 3
const mostOfOneLabel = 0.5

// Up to the first sign that ends a greeting; bounded, so that a line without one is read once.
const opening = /^\s*[^,，。.!！?？:：;；\n】\]~～]{0,40}[,，。!！:：;；\n】\]~～]+\s*(?!\d)/u
// What stands behind the last sign that ends a sentence.
const closing = /[,，。.!！?？;；\n~～]\s*([^,，。.!！?？;；\n~～]{2,40})[。.!！~～\s]*$/u

// One word ("please") is manners, and costs nothing.
const signature = /\p{L}\s+\p{L}|\p{Script=Han}{4}/u

/** The same opening or closing in many rows of several labels ("Hello, ", "Sent from my iPhone"): it is taken off. */
export function findBoilerplate({ rows }: DoctorSet): Finding {
  const enough = Math.max(fewest, Math.ceil(rows.length * share))
  const openings = common(
    rows.map(({ text }) => opening.exec(text)?.[0] ?? ''),
    rows,
    enough,
  )
  // Only the end is read: what nobody wrote in 80 characters is no signature.
  const closings = common(
    rows.map(({ text }) => {
      const found = closing.exec(text.slice(-80))?.[1] ?? ''
      return signature.test(found) ? found : ''
    }),
    rows,
    enough,
  )
  const cases: FoundCase[] = []
  for (const [at, row] of rows.entries()) {
    const { text } = row
    const head = openings[at] ? opening.exec(text)![0].length : 0
    const tail = closings[at] ? closingOf(text) : text.length
    const left = text.slice(head, tail).trim()
    // A greeting that is all of a row is what the row says.
    if ((head === 0 && tail === text.length) || tail <= head || !/[\p{L}\p{N}]{2}/u.test(left)) continue
    const marks: Mark[] = []
    if (head > 0) marks.push([0, head])
    if (tail < text.length) marks.push([tail, text.length])
    cases.push({ row: row.id, fix: { do: 'text', text: left }, marks })
  }
  return { kind: 'boilerplate', cases, ways: ['suggested'] }
}

/** Where the closing of a text begins; the full stop or question mark before it stays. */
function closingOf(text: string): number {
  const found = closing.exec(text.slice(-80))!
  const at = Math.max(0, text.length - 80) + found.index
  return /[。.!！?？]/u.test(text[at]!) ? at + 1 : at
}

/** Of each row whether its part is one that everybody writes. */
function common(parts: readonly string[], rows: DoctorSet['rows'], enough: number): boolean[] {
  const keys = parts.map((part) => foldText(part).replace(/\s+/gu, ' '))
  const met = new Map<string, { rows: number; labels: Map<string, number> }>()
  for (const [at, key] of keys.entries()) {
    if (key === '') continue
    const own = met.get(key) ?? { rows: 0, labels: new Map() }
    own.rows++
    const label = rows[at]!.label ?? ''
    own.labels.set(label, (own.labels.get(label) ?? 0) + 1)
    met.set(key, own)
  }
  const everybodys = new Set(
    [...met].flatMap(([key, { rows: count, labels }]) =>
      count >= enough && labels.size >= leastLabels && Math.max(...labels.values()) <= mostOfOneLabel * count
        ? [key]
        : [],
    ),
  )
  return keys.map((key) => everybodys.has(key))
}

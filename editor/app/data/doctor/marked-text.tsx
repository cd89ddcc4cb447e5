import { Fragment } from 'react'
import type { Mark } from '#runtime/doctor/finding.ts'

/** Characters shown of a text; the rest is a page of its own. */
const mostShown = 400

/** A text with its offending parts marked. */
export function MarkedText({ text, marks }: { text: string; marks: readonly Mark[] }) {
  const shown = text.length > mostShown ? `${text.slice(0, mostShown)}…` : text
  let at = 0
  const parts = marks
    .filter(([start]) => start < shown.length)
    .map(([start, end]) => {
      const before = shown.slice(at, start)
      at = end
      return (
        <Fragment key={start}>
          {before}
          <mark>{shown.slice(start, end)}</mark>
        </Fragment>
      )
    })
  return (
    <span dir="auto">
      {parts}
      {shown.slice(at)}
    </span>
  )
}

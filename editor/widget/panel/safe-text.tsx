import { textParts } from './text-parts.ts'

/** A reply's text with its links, as nodes: nothing is ever parsed as markup. */
export function SafeText({ text }: { text: string }) {
  return (
    <>
      {textParts(text).map((part, i) =>
        part.href ? (
          <a key={i} href={part.href} target="_blank" rel="noopener noreferrer nofollow">
            {part.text}
          </a>
        ) : (
          part.text
        ),
      )}
    </>
  )
}

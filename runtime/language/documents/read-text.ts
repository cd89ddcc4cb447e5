import { type DocumentBlock, oneLine, type ReadDocument } from './document.ts'

/** Numbered headings as people type them: "1.2 Returns", "第三章 退货", "三、退货". */
const numbered = /^(?:第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]+、|\d{1,2}(?:\.\d{1,2}){1,3}\s)/u
const longestHeading = 40
const ends = /[。！？.!?；;，,：:]$/u

/** Plain text: paragraphs are set apart by an empty line, or stand a line each where there is none. */
export function readText(text: string): ReadDocument {
  const parts = /\n[ \t\u3000]*\n/u.test(text) ? text.split(/\n[ \t\u3000]*\n/u) : text.split('\n')
  const blocks = parts.flatMap((part): DocumentBlock[] => {
    const [first = '', ...rest] = part.split('\n').map((line) => oneLine(line))
    const isHeading = numbered.test(first) && first.length <= longestHeading && !ends.test(first)
    const words = oneLine((isHeading ? rest : [first, ...rest]).join(' '))
    return [
      ...(isHeading ? [{ kind: 'heading' as const, level: 1, text: first }] : []),
      ...(words === '' ? [] : [{ kind: 'text' as const, text: words }]),
    ]
  })
  return { title: '', blocks }
}

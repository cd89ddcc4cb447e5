import { getDocumentProxy } from 'unpdf'
import { type DocumentBlock, oneLine, type ReadDocument } from './document.ts'

/** A line of a page: its words, the height of its letters and where it lies, in points from below. */
interface Line {
  text: string
  size: number
  y: number
  page: number
}

/** Letters this much larger than those of most of the text are a heading's. */
const headingSize = 1.15
const longestHeading = 80
/** A line at the edge of this share of the pages is no text of any. */
const repeatedShare = 0.5
const fewestRepeats = 3

/** Told after each page; the loop turns in between. */
export interface PdfOptions {
  signal?: AbortSignal
  onPage?: (page: number, pages: number) => void
}

/** A PDF with its pages. Throws what pdf.js throws: a `PasswordException` for one that is protected. */
export async function readPdf(
  bytes: Uint8Array,
  { signal, onPage }: PdfOptions = {},
): Promise<ReadDocument & { pages: number }> {
  // pdf.js takes the bytes for itself; fonts are of no use to whoever only reads.
  const pdf = await getDocumentProxy(Uint8Array.from(bytes), {
    disableFontFace: true,
    useSystemFonts: false,
    verbosity: 0,
  })
  try {
    const pages: Line[][] = []
    for (let number = 1; number <= pdf.numPages; number++) {
      signal?.throwIfAborted()
      const page = await pdf.getPage(number)
      const { items } = await page.getTextContent()
      pages.push(
        linesOf(
          items.flatMap((item) => ('str' in item ? [item] : [])),
          number,
        ),
      )
      page.cleanup()
      onPage?.(number, pdf.numPages)
      await new Promise((resolve) => setImmediate(resolve))
    }
    const body = bodySize(pages.flat())
    const { info } = await pdf.getMetadata()
    const title = (info as { Title?: unknown }).Title
    return {
      title: typeof title === 'string' ? oneLine(title) : '',
      blocks: toBlocks(withoutEdges(pages, body), body),
      pages: pdf.numPages,
      emptyPages: pages.filter((lines) => lines.length === 0).length,
    }
  } finally {
    await pdf.loadingTask.destroy()
  }
}

interface Item {
  str: string
  width: number
  height: number
  transform: number[]
}

/** Items of one height on the page are one line; a gap wider than a letter is a space. */
function linesOf(items: readonly Item[], page: number): Line[] {
  const lines: (Line & { end: number })[] = []
  for (const { str, width, height, transform } of items) {
    if (str.trim() === '') continue
    const [x, y] = [transform[4]!, transform[5]!]
    const size = height || Math.abs(transform[3]!) || 1
    const last = lines.at(-1)
    if (last && Math.abs(last.y - y) < size * 0.5 && x >= last.end - size) {
      const gap = x - last.end > size * 0.15 && !/\s$/u.test(last.text) ? ' ' : ''
      last.text += gap + str
      last.end = x + width
      last.size = Math.max(last.size, size)
    } else lines.push({ text: str, size, y, page, end: x + width })
  }
  return lines.map(({ end: _, ...line }) => ({ ...line, text: oneLine(line.text) }))
}

/** Without what is printed at the top or the foot of most pages, whatever number it has there, and without page numbers. */
function withoutEdges(pages: readonly Line[][], body: number): Line[][] {
  const shape = (text: string): string => text.replace(/\d+/gu, '#')
  const counts = new Map<string, number>()
  for (const lines of pages)
    for (const edge of new Set([...lines.slice(0, 2), ...lines.slice(-2)].map(({ text }) => shape(text))))
      counts.set(edge, (counts.get(edge) ?? 0) + 1)
  const isEdge = ({ text, size }: Line): boolean => {
    // "Chapter 3" at the top of its page is a heading, however many pages have one.
    if (size > body * headingSize) return false
    const count = counts.get(shape(text)) ?? 0
    return count >= fewestRepeats && count >= pages.length * repeatedShare
  }
  return pages.map((lines) =>
    lines.filter((line, place) => {
      const atEdge = place < 2 || place >= lines.length - 2
      return !(atEdge && (isEdge(line) || /^[-–—\s]*\d{1,4}[-–—\s]*$/u.test(line.text)))
    }),
  )
}

function toBlocks(pages: readonly Line[][], body: number): DocumentBlock[] {
  const lines = pages.flat()
  const sizes = [
    ...new Set(lines.filter(({ size }) => size > body * headingSize).map(({ size }) => Math.round(size))),
  ].sort((a, b) => b - a)
  const blocks: DocumentBlock[] = []
  let before: Line | null = null
  for (const line of lines) {
    const { text, size, page } = line
    const last = blocks.at(-1)
    if (size > body * headingSize && text.length <= longestHeading) {
      const level = Math.min(6, sizes.indexOf(Math.round(size)) + 1)
      const goesOn = last?.kind === 'heading' && before?.page === page && last.level === level && near(before, line)
      if (goesOn) last.text = join(last.text, text)
      else blocks.push({ kind: 'heading', level, text, page })
    } else if (last?.kind === 'text' && before && goesOnFrom(before, line)) last.text = join(last.text, text)
    else blocks.push({ kind: 'text', text, page })
    before = line
  }
  return blocks
}

/** The height that most letters have. */
function bodySize(lines: readonly Line[]): number {
  const letters = new Map<number, number>()
  for (const { size, text } of lines) {
    const rounded = Math.round(size * 2) / 2
    letters.set(rounded, (letters.get(rounded) ?? 0) + text.length)
  }
  return [...letters].sort((a, b) => b[1] - a[1])[0]?.[0] ?? 1
}

const near = (above: Line, below: Line): boolean => above.y - below.y > 0 && above.y - below.y < below.size * 1.9

/** The same paragraph: close below, or on the next page in the midst of a sentence. */
function goesOnFrom(above: Line, below: Line): boolean {
  if (above.page === below.page) return near(above, below)
  return !/[.!?。！？：:]$/u.test(above.text)
}

/** Lines of Chinese join without a space, a word that was broken without its hyphen. */
function join(one: string, other: string): string {
  if (/\p{Ll}-$/u.test(one) && /^\p{Ll}/u.test(other)) return one.slice(0, -1) + other
  const tight =
    /[\p{Script=Han}，。！？；：、）」』”]$/u.test(one) && /^[\p{Script=Han}，。！？；：、（「『“\d]/u.test(other)
  return tight ? one + other : `${one} ${other}`
}

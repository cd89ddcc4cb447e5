import { Parser } from 'htmlparser2'
import { type DocumentBlock, oneLine, type ReadDocument } from './document.ts'
import { readZipFile, ZipFault } from './read-zip.ts'
import { tableRows } from './table-rows.ts'

/** 0 is the title of the whole document. */
type Levels = ReadonlyMap<string, number>

/** A Word document (ECMA-376, WordprocessingML). `limit`: bytes that a part of it may unfold to. Throws `ZipFault`. */
export function readDocx(bytes: Buffer, limit: number): ReadDocument {
  const body = readZipFile(bytes, 'word/document.xml', limit)
  if (!body) throw new ZipFault('it holds no Word document')
  const styles = readZipFile(bytes, 'word/styles.xml', limit)
  const core = readZipFile(bytes, 'docProps/core.xml', limit)
  const levels = styles ? styleLevels(styles.toString('utf8')) : new Map<string, number>()
  const { title, blocks } = readBody(body.toString('utf8'), levels)
  return { title: title || titleOf(core?.toString('utf8') ?? ''), blocks }
}

/** Styles of headings by their ids, which differ from language to language; their names in the file mostly do not. */
function styleLevels(xml: string): Levels {
  const levels = new Map<string, number>()
  let style = ''
  walk(xml, (name, attributes) => {
    if (name === 'w:style') style = attributes['w:styleId'] ?? ''
    else if (name === 'w:name') {
      const called = attributes['w:val'] ?? ''
      const numbered = /^(?:heading|标题)\s*(\d)$/iu.exec(called)
      if (numbered) levels.set(style, Number(numbered[1]))
      else if (/^(?:title|标题)$/iu.test(called)) levels.set(style, 0)
    } else if (name === 'w:outlineLvl' && !levels.has(style)) {
      const level = Number(attributes['w:val'])
      if (level < 9) levels.set(style, level + 1)
    }
  })
  return levels
}

function readBody(xml: string, levels: Levels): ReadDocument {
  const blocks: DocumentBlock[] = []
  let title = ''
  let text = ''
  let level: number | null = null
  let inText = false
  /** Drawn a second time for readers that are too old for the first. */
  let fallback = 0
  let depth = 0
  let rows: string[][] = []

  function endParagraph(): void {
    const words = oneLine(text)
    if (depth > 0) {
      text += ' '
      return
    }
    text = ''
    if (words === '') return
    if (level === 0 && title === '') title = words
    else
      blocks.push(level === null ? { kind: 'text', text: words } : { kind: 'heading', level: level || 1, text: words })
  }

  walk(
    xml,
    (name, attributes) => {
      if (name === 'mc:Fallback') fallback++
      if (fallback > 0) return
      if (name === 'w:p') level = null
      else if (name === 'w:pStyle') level = levels.get(attributes['w:val'] ?? '') ?? level
      else if (name === 'w:outlineLvl' && level === null && Number(attributes['w:val']) < 9)
        level = Number(attributes['w:val']) + 1
      else if (name === 'w:t') inText = true
      else if (name === 'w:tab' || name === 'w:br' || name === 'w:cr') text += ' '
      else if (name === 'w:tbl' && depth++ === 0) rows = []
      else if (name === 'w:tr' && depth === 1) rows.push([])
      else if (name === 'w:tc' && depth === 1) text = ''
    },
    (name) => {
      if (name === 'mc:Fallback') fallback--
      if (fallback > 0) return
      if (name === 'w:t') inText = false
      else if (name === 'w:p') endParagraph()
      else if (name === 'w:tc' && depth === 1) {
        rows.at(-1)?.push(oneLine(text))
        text = ''
      } else if (name === 'w:tbl' && --depth === 0) blocks.push(...tableRows(rows, true))
    },
    (part) => {
      if (inText && fallback === 0) text += part
    },
  )
  return { title, blocks }
}

function titleOf(xml: string): string {
  let title = ''
  let inside = false
  walk(
    xml,
    (name) => {
      inside = name === 'dc:title'
    },
    () => {
      inside = false
    },
    (part) => {
      if (inside) title += part
    },
  )
  return oneLine(title)
}

function walk(
  xml: string,
  open: (name: string, attributes: Record<string, string>) => void,
  close: (name: string) => void = () => {},
  text: (part: string) => void = () => {},
): void {
  // It knows no entities but those of XML itself, so none of a document's own can grow.
  const parser = new Parser({ onopentag: open, onclosetag: close, ontext: text }, { xmlMode: true })
  parser.end(xml)
}

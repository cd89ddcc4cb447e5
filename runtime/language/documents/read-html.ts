import { Parser } from 'htmlparser2'
import { safeUrl } from '#kit/safe-url.ts'
import { type DocumentBlock, oneLine, type ReadDocument } from './document.ts'
import { tableRows } from './table-rows.ts'

/** What no visitor of the page reads as its text. */
const unread = new Set([
  ...['script', 'style', 'noscript', 'template', 'svg', 'math', 'nav', 'footer', 'aside', 'form', 'button', 'select'],
  ...['iframe', 'object', 'audio', 'video', 'canvas', 'textarea'],
])
/** Elements that do not break a sentence. */
const inline = new Set(
  'a abbr b bdi bdo cite code data del dfn em font i img ins kbd label mark q s samp small span strong sub sup time u var wbr'.split(
    ' ',
  ),
)
const headings: Readonly<Record<string, number>> = { h1: 1, h2: 2, h3: 3, h4: 4, h5: 5, h6: 6 }

interface Table {
  rows: string[][]
  headed: boolean
}

/** A web page without its scripts, styles and ways about. Rows of tables stand for themselves. */
export function readHtml(markup: string): ReadDocument {
  const blocks: DocumentBlock[] = []
  let title = ''
  let url: string | undefined
  let text = ''
  let heading = 0
  let inTitle = false
  /** Elements that are left out, innermost last. */
  const skipped: string[] = []
  const tables: Table[] = []

  function flush(): void {
    const words = oneLine(text)
    text = ''
    if (words === '') return
    blocks.push(heading > 0 ? { kind: 'heading', level: heading, text: words } : { kind: 'text', text: words })
  }
  const endCell = (): void => {
    const row = tables.at(-1)?.rows.at(-1)
    if (row && text !== '') row.push(oneLine(text))
    text = ''
  }

  const parser = new Parser(
    {
      onopentag(name, attributes) {
        if (skipped.length > 0) {
          if (!voids.has(name)) skipped.push(name)
          return
        }
        if (unread.has(name) || attributes.hidden !== undefined || attributes['aria-hidden'] === 'true') {
          if (!voids.has(name)) skipped.push(name)
          return
        }
        if (name === 'title') inTitle = title === ''
        else if (name === 'link' && attributes.rel === 'canonical') url = httpUrl(attributes.href)
        else if (name === 'br') text += ' '
        else if (name === 'table') {
          if (tables.length === 0) flush()
          tables.push({ rows: [], headed: false })
        } else if (name === 'tr' && tables.length === 1) tables[0]!.rows.push([])
        else if ((name === 'td' || name === 'th') && tables.length === 1) {
          text = ''
          if (name === 'th' && tables[0]!.rows.length <= 1) tables[0]!.headed = true
        } else if (!inline.has(name)) {
          if (tables.length > 0) text += ' '
          else flush()
          heading = headings[name] ?? heading
        }
      },
      ontext(part) {
        if (inTitle) title += part
        else if (skipped.length === 0) text += part
      },
      onclosetag(name) {
        if (skipped.length > 0) {
          if (skipped.at(-1) === name) skipped.pop()
          return
        }
        if (name === 'title') inTitle = false
        else if (name === 'table') {
          const table = tables.pop()
          if (table && tables.length === 0) blocks.push(...tableRows(table.rows, table.headed))
        } else if ((name === 'td' || name === 'th') && tables.length === 1) endCell()
        else if (!inline.has(name)) {
          if (tables.length > 0) text += ' '
          else flush()
          if (headings[name]) heading = 0
        }
      },
    },
    { decodeEntities: true, lowerCaseTags: true },
  )
  parser.end(markup)
  flush()
  return { title: oneLine(title), ...(url === undefined ? {} : { url }), blocks }
}

const voids = new Set('area base br col embed hr img input link meta source track wbr'.split(' '))

function httpUrl(href: string | undefined): string | undefined {
  const url = href ? safeUrl(href, 'link') : null
  return url?.startsWith('http') ? url : undefined
}

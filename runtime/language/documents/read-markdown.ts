import { lexer, type Token, type Tokens } from 'marked'
import { type DocumentBlock, oneLine, type ReadDocument } from './document.ts'
import { readHtml } from './read-html.ts'
import { tableRows } from './table-rows.ts'

/** Markdown (GitHub's). Metadata ahead of it names its title. */
export function readMarkdown(source: string): ReadDocument {
  const front = /^---\r?\n([\s\S]*?)\r?\n---\r?\n/u.exec(source)
  const named = /^title:[ \t]*["']?(.+?)["']?[ \t]*$/mu.exec(front?.[1] ?? '')
  const blocks = lexer(front ? source.slice(front[0].length) : source).flatMap(toBlocks)
  return { title: named ? oneLine(named[1]!) : '', blocks }
}

function toBlocks(token: Token): DocumentBlock[] {
  switch (token.type) {
    case 'heading':
      return [{ kind: 'heading', level: (token as Tokens.Heading).depth, text: wordsOf(token) }]
    case 'table': {
      const { header, rows } = token as Tokens.Table
      return tableRows(
        [header, ...rows].map((row) => row.map((cell) => cell.tokens.map(wordsOf).join(''))),
        true,
      )
    }
    case 'list':
      return (token as Tokens.List).items.flatMap((item) => item.tokens.flatMap(toBlocks))
    case 'blockquote':
      return (token as Tokens.Blockquote).tokens.flatMap(toBlocks)
    case 'html':
      return readHtml((token as Tokens.HTML).text).blocks
    case 'space':
    case 'hr':
    case 'def':
      return []
    default: {
      const text = oneLine(wordsOf(token))
      return text === '' ? [] : [{ kind: 'text', text }]
    }
  }
}

/** The words of a token, without its marks. */
function wordsOf(token: Token): string {
  switch (token.type) {
    case 'br':
      return ' '
    case 'image':
      return ''
    case 'html':
      return readHtml((token as Tokens.Tag).text)
        .blocks.map(({ text }) => text)
        .join(' ')
  }
  const { tokens } = token as { tokens?: Token[] }
  if (tokens && tokens.length > 0) return tokens.map(wordsOf).join('')
  return 'text' in token && typeof token.text === 'string' ? token.text : ''
}

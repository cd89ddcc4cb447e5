import { type Card, cardsIn, imageIn } from '#kit/content-parts.ts'
import type { Message } from '#server/api/dto.ts'
import { plainPart } from '../plain-message.ts'

/** Bytes of one text, and articles of one message, that WeCom takes. */
const mostBytes = 2_048
const mostArticles = 8

interface Article {
  title: string
  description: string
  url: string
  picurl?: string
}
export type WecomContent =
  | { msgtype: 'text'; text: { content: string } }
  | { msgtype: 'news'; news: { articles: Article[] } }

/** A message as WeCom shows it, in its order: words with buttons by number, pictures and cards as articles. */
export function toWecom({ parts, text }: Pick<Message, 'parts' | 'text'>): WecomContent[] {
  const contents: WecomContent[] = []
  let words: string[] = []
  const flush = (): void => {
    for (const content of piecesOf(words.join('\n'))) contents.push({ msgtype: 'text', text: { content } })
    words = []
  }
  for (const part of parts) {
    const fields: Record<string, unknown> = { ...part }
    const image = imageIn(fields)
    const articles = image
      ? [{ title: image.text || '图片', description: '', url: image.url, picurl: image.url }]
      : articlesOf(cardsIn(fields))
    if (articles.length > 0) {
      flush()
      for (let at = 0; at < articles.length; at += mostArticles)
        contents.push({ msgtype: 'news', news: { articles: articles.slice(at, at + mostArticles) } })
    } else {
      const plain = plainPart(part)
      if (plain !== '') words.push(plain)
    }
  }
  if (contents.length === 0 && words.length === 0) words.push(text)
  flush()
  return contents
}

/** None where one of them has no address to open: an article must have one. */
function articlesOf(cards: Card[]): Article[] {
  const articles = cards.flatMap(({ title, text, image, link }): Article[] => {
    const url = link?.url ?? image
    return url === undefined ? [] : [{ title, description: text, url, ...(image !== undefined && { picurl: image }) }]
  })
  return articles.length === cards.length ? articles : []
}

/** Pieces that are short enough, cut at line breaks where there are any. */
function piecesOf(text: string): string[] {
  const pieces: string[] = []
  let piece = ''
  const push = (): void => {
    if (piece.trim() !== '') pieces.push(piece)
    piece = ''
  }
  for (const line of text.split('\n')) {
    const longer = piece === '' ? line : `${piece}\n${line}`
    if (Buffer.byteLength(longer) <= mostBytes) {
      piece = longer
      continue
    }
    push()
    for (const letter of line) {
      if (Buffer.byteLength(piece + letter) > mostBytes) push()
      piece += letter
    }
  }
  push()
  return pieces
}

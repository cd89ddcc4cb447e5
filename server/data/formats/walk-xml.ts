import { StringDecoder } from 'node:string_decoder'
import { Parser } from 'htmlparser2'

export interface XmlVisitor {
  /** Names without the prefix of their name space. */
  open?: (name: string, attributes: Record<string, string>) => void
  close?: (name: string) => void
  text?: (part: string) => void
}

/**
 * Walks through XML a piece at a time. It knows no entities but those of XML itself, so none that a document declares can grow, and it
 * fetches nothing.
 */
export async function walkXml(pieces: AsyncIterable<Buffer> | Iterable<Buffer>, visitor: XmlVisitor): Promise<void> {
  const parser = new Parser(
    {
      onopentag: (name, attributes) => visitor.open?.(localName(name), attributes),
      onclosetag: (name) => visitor.close?.(localName(name)),
      ontext: (part) => visitor.text?.(part),
    },
    { xmlMode: true },
  )
  const decoder = new StringDecoder('utf8')
  for await (const piece of pieces) parser.write(decoder.write(piece))
  parser.end(decoder.end())
}

const localName = (name: string): string => name.slice(name.indexOf(':') + 1)

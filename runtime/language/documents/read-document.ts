import { BotloomError } from '#kit'
import { decodeText } from '../decode-text.ts'
import { oneLine, type ReadDocument } from './document.ts'
import { readDocx } from './read-docx.ts'
import { readHtml } from './read-html.ts'
import { readMarkdown } from './read-markdown.ts'
import { type PdfOptions, readPdf } from './read-pdf.ts'
import { readText } from './read-text.ts'
import { ZipFault } from './read-zip.ts'

/** Bytes that a part of a packed document may unfold to. */
export const longestUnfolded = 64 * 2 ** 20

type Kind = 'pdf' | 'docx' | 'ole' | 'html' | 'markdown' | 'text'

/**
 * Reads a document by what it is, whatever its name says where its bytes are plain. `name` is the person's name for it and its title
 * where it has none. Blocks the event loop while it reads: compute processes only. Throws `document-kind`, `document-old-word`,
 * `document-encrypted`, `document-scanned`, `document-broken`, `document-too-large`, `document-empty`, or as `decodeText`.
 */
export async function readDocument(bytes: Uint8Array, name: string, options: PdfOptions = {}): Promise<ReadDocument> {
  if (bytes.length === 0) throw new BotloomError('document-empty', { file: name })
  const read = await readKind(kindOf(bytes, name), bytes, name, options)
  const blocks = read.blocks.filter(({ text }) => /[\p{L}\p{N}]/u.test(text))
  if (blocks.length === 0) throw new BotloomError('document-empty', { file: name })
  const outermost = blocks.filter((block) => block.kind === 'heading' && block.level === 1)
  // One heading above all others is the document's name; several are its chapters.
  const own = outermost.length === 1 && outermost[0] === blocks[0] ? blocks[0]!.text : ''
  return { ...read, blocks, title: (read.title || own || baseName(name)).slice(0, 200) }
}

async function readKind(kind: Kind, bytes: Uint8Array, name: string, options: PdfOptions): Promise<ReadDocument> {
  const file = name
  switch (kind) {
    case 'pdf':
      return pdfOf(bytes, file, options)
    case 'docx':
      try {
        return readDocx(Buffer.from(bytes), longestUnfolded)
      } catch (error) {
        if (!(error instanceof ZipFault)) throw error
        if (error.tooLarge) throw new BotloomError('document-too-large', { file, limit: longestUnfolded / 2 ** 20 })
        throw new BotloomError('document-broken', { file, detail: error.message })
      }
    case 'ole':
      // A .docx with a password is packed as the old kind was, and says so in UTF-16.
      throw new BotloomError(
        Buffer.from(bytes).includes(Buffer.from('EncryptedPackage', 'utf16le'))
          ? 'document-encrypted'
          : 'document-old-word',
        { file },
      )
    case 'html':
      return readHtml(htmlText(bytes, file))
    case 'markdown':
      return readMarkdown(decodeText(bytes, file).text)
    case 'text':
      return readText(decodeText(bytes, file).text.replaceAll('\r\n', '\n'))
  }
}

async function pdfOf(bytes: Uint8Array, file: string, options: PdfOptions): Promise<ReadDocument> {
  try {
    const { pages, ...read } = await readPdf(bytes, options)
    if (read.blocks.length === 0) throw new BotloomError('document-scanned', { file, pages })
    return read
  } catch (error) {
    if (error instanceof BotloomError || options.signal?.aborted) throw error
    const { name, message } = error as Error
    if (name === 'PasswordException') throw new BotloomError('document-encrypted', { file })
    throw new BotloomError('document-broken', { file, detail: oneLine(message).slice(0, 200) }, { cause: error })
  }
}

/** What the bytes are; where they are plain text, what the name says. Throws `document-kind`. */
function kindOf(bytes: Uint8Array, name: string): Kind {
  const begins = (...first: number[]): boolean => first.every((byte, at) => bytes[at] === byte)
  const ending = /\.([a-z0-9]+)$/iu.exec(name)?.[1]?.toLowerCase() ?? ''
  // pdf.js itself looks through the first kilobyte for it.
  if (Buffer.from(bytes.subarray(0, 1024)).includes('%PDF-')) return 'pdf'
  if (begins(0x50, 0x4b)) {
    if (ending === 'docx') return 'docx'
    throw new BotloomError('document-kind', { file: name })
  }
  if (begins(0xd0, 0xcf, 0x11, 0xe0)) return 'ole'
  switch (ending) {
    case 'docx':
    case 'pdf':
      throw new BotloomError('document-broken', { file: name, detail: `no ${ending}` })
    case 'html':
    case 'htm':
    case 'xhtml':
      return 'html'
    case 'md':
    case 'markdown':
      return 'markdown'
    case 'txt':
    case 'text':
    case '':
      return 'text'
    default:
      throw new BotloomError('document-kind', { file: name })
  }
}

/** A page says in its head what it is written in; one that does not is read as other texts are. */
function htmlText(bytes: Uint8Array, file: string): string {
  const head = Buffer.from(bytes.subarray(0, 2048)).toString('latin1')
  const said = /<meta[^>]+charset=["']?([\w-]+)/iu.exec(head)?.[1]
  if (said && !/^utf-?(?:8|16)/iu.test(said)) {
    try {
      return new TextDecoder(said, { fatal: true }).decode(bytes)
    } catch {
      // It says what it is not, or what nobody knows.
    }
  }
  return decodeText(bytes, file).text
}

const baseName = (name: string): string => name.replace(/^.*[/\\]/u, '').replace(/\.[a-z0-9]{2,5}$/iu, '') || name

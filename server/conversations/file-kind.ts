import { Buffer } from 'node:buffer'

/** A kind of file that visitors may send. */
export interface FileKind {
  /** Media type. */
  type: string
  /** Endings that a file of this kind may have; the first is given to one that has none of them. */
  endings: readonly string[]
}

/** How many bytes of a file say what it is. */
export const headBytes = 4_096

const starts = (head: Buffer, bytes: string, at = 0): boolean =>
  head.subarray(at, at + bytes.length).equals(Buffer.from(bytes, 'latin1'))
const brand = (head: Buffer): string => (starts(head, 'ftyp', 4) ? head.toString('latin1', 8, 12) : '')
/** An Office document is a ZIP that begins with what it holds. */
const office = (head: Buffer, folder: string): boolean =>
  starts(head, 'PK\x03\x04') && head.includes('[Content_Types].xml') && head.includes(`${folder}/`)

/** In this order; what fits none is not taken. Nothing here runs when it is opened, but for what an Office program asks about. */
const kinds: readonly (FileKind & { fits: (head: Buffer, ending: string) => boolean })[] = [
  { type: 'image/png', endings: ['png'], fits: (head) => starts(head, '\x89PNG\r\n\x1a\n') },
  { type: 'image/jpeg', endings: ['jpg', 'jpeg'], fits: (head) => starts(head, '\xff\xd8\xff') },
  { type: 'image/gif', endings: ['gif'], fits: (head) => starts(head, 'GIF87a') || starts(head, 'GIF89a') },
  { type: 'image/webp', endings: ['webp'], fits: (head) => starts(head, 'RIFF') && starts(head, 'WEBP', 8) },
  { type: 'image/heic', endings: ['heic', 'heif'], fits: (head) => ['heic', 'heix', 'mif1'].includes(brand(head)) },
  { type: 'video/quicktime', endings: ['mov'], fits: (head) => brand(head) === 'qt  ' },
  {
    type: 'video/mp4',
    endings: ['mp4', 'm4v'],
    fits: (head) => /^(?:isom|iso[2-6]|mp4[12]|avc1|M4V )$/.test(brand(head)),
  },
  { type: 'application/pdf', endings: ['pdf'], fits: (head) => starts(head, '%PDF-') },
  {
    type: 'application/vnd.openxmlformats-officedocument.wordprocessingml.document',
    endings: ['docx'],
    fits: (head, ending) => office(head, 'word') || (ending === 'docx' && office(head, '_rels')),
  },
  {
    type: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    endings: ['xlsx'],
    fits: (head, ending) => office(head, 'xl') || (ending === 'xlsx' && office(head, '_rels')),
  },
  { type: 'text/csv', endings: ['csv'], fits: (head, ending) => ending === 'csv' && isText(head) },
  { type: 'text/plain', endings: ['txt', 'log', 'md'], fits: (head) => isText(head) },
]

/** What the first bytes say that a file is; null for what visitors may not send. Its name is asked where bytes leave it open. */
export function fileKindOf(head: Uint8Array, name: string): FileKind | null {
  const bytes = Buffer.from(head)
  return kinds.find(({ fits }) => fits(bytes, endingOf(name))) ?? null
}

export function endingOf(name: string): string {
  return /\.([a-z0-9]{1,8})$/i.exec(name)?.[1]?.toLowerCase() ?? ''
}

/** UTF-8 without control characters; the last character may be cut in half. Markup is no text: it is made to be opened. */
function isText(head: Buffer): boolean {
  if (head.length === 0) return false
  const text = new TextDecoder('utf-8').decode(head, { stream: true })
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what no text has
  return !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffd]/.test(text) && !/^[\ufeff\s]*(?:<|#!)/.test(text)
}

import { BotloomError } from '#kit'

/** What a person may say that a file is written in, where the guess was wrong. */
export const textEncodings = ['UTF-8', 'UTF-16', 'GB18030', 'Big5'] as const
export type TextEncoding = (typeof textEncodings)[number]

export interface Decoded {
  text: string
  encoding: TextEncoding
  /** Some bytes were no text; each of them left a U+FFFD. */
  damaged: boolean
}

const strict = (label: string, bytes: Uint8Array): string | null => {
  try {
    return new TextDecoder(label, { fatal: true }).decode(bytes)
  } catch {
    return null
  }
}

/** Control characters that no text export holds; one of them means that the bytes are something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/
const lost = '\uFFFD'

/**
 * Bytes of a record file to text. A byte-order mark decides; else strict UTF-8, else UTF-16 where every second byte is
 * zero, else UTF-8 with a few broken bytes, else GB18030 (which Excel writes in China). `chosen` is what a person said
 * instead. Throws `data-encoding` for what is none of them, `data-other-encoding` for what is not the chosen one, and
 * `data-control-characters` for text with bytes in it that are none.
 */
export function decodeText(bytes: Uint8Array, file: string, chosen?: TextEncoding): Decoded {
  const found = chosen ? readAs(chosen, bytes) : detect(bytes)
  if (!found && chosen) {
    const text = new TextDecoder(labelOf(chosen, bytes)).decode(bytes)
    throw new BotloomError('data-other-encoding', { file, encoding: chosen, line: lineAt(text, text.indexOf(lost)) })
  }
  const at = found?.text.search(binary) ?? -1
  // Nearly any bytes make some sense as UTF-16 or GB18030: control characters say that they were never meant so.
  if (!found || (at >= 0 && !chosen && found.encoding !== 'UTF-8')) throw new BotloomError('data-encoding', { file })
  if (at >= 0) throw new BotloomError('data-control-characters', { file, line: lineAt(found.text, at) })
  return found
}

function detect(bytes: Uint8Array): Decoded | null {
  if (hasMark(bytes, 0xff, 0xfe) || hasMark(bytes, 0xfe, 0xff) || zeroHalf(bytes)) return readAs('UTF-16', bytes)
  return readAs('UTF-8', bytes) ?? readAs('GB18030', bytes)
}

function readAs(encoding: TextEncoding, bytes: Uint8Array): Decoded | null {
  const text = strict(labelOf(encoding, bytes), bytes)
  if (text !== null) return { text, encoding, damaged: false }
  return encoding === 'UTF-8' ? damagedUtf8(bytes) : null
}

/**
 * A file that was cut, or glued to another one, is still UTF-8 where nearly all of it is: read as anything else, every
 * character of it would come out wrong. GB18030 read as UTF-8 leaves far more broken places than whole characters.
 */
function damagedUtf8(bytes: Uint8Array): Decoded | null {
  const text = new TextDecoder('utf-8').decode(bytes)
  let broken = 0
  let whole = 0
  for (const character of text) {
    if (character === lost) broken += 1
    else if (character > '\u007F') whole += 1
  }
  return whole >= 4 * broken ? { text, encoding: 'UTF-8', damaged: true } : null
}

function labelOf(encoding: TextEncoding, bytes: Uint8Array): string {
  if (encoding !== 'UTF-16') return encoding
  if (hasMark(bytes, 0xff, 0xfe)) return 'utf-16le'
  return hasMark(bytes, 0xfe, 0xff) || zeroHalf(bytes) === 'even' ? 'utf-16be' : 'utf-16le'
}

const hasMark = (bytes: Uint8Array, first: number, second: number) => bytes[0] === first && bytes[1] === second

/** Which bytes are zero where every second one is, as in UTF-16 of Latin letters. */
function zeroHalf(bytes: Uint8Array): 'even' | 'odd' | null {
  const seen = Math.min(bytes.length, 4096)
  if (seen < 2) return null
  const zeros = [0, 0]
  for (let at = 0; at < seen; at++) if (bytes[at] === 0) zeros[at % 2]! += 1
  const [even, odd] = [(zeros[0]! * 2) / seen, (zeros[1]! * 2) / seen]
  if (odd > 0.3 && even < 0.05) return 'odd'
  return even > 0.3 && odd < 0.05 ? 'even' : null
}

/** Lines are counted from 1. */
function lineAt(text: string, at: number): number {
  return text.slice(0, Math.max(0, at)).split('\n').length
}

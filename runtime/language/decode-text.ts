import { BotloomError } from '#kit'

/** What a person may say that a file is written in, where the guess was wrong. Windows-1252 holds all of Latin-1. */
export const textEncodings = ['UTF-8', 'UTF-16 LE', 'UTF-16 BE', 'GB18030', 'Big5', 'Windows-1252'] as const
export type TextEncoding = (typeof textEncodings)[number]

export interface Decoded {
  text: string
  encoding: TextEncoding
  /** Some bytes were no text; each of them left a U+FFFD. */
  damaged: boolean
}

/** Control characters that no text export holds; one of them means that the bytes are something else. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const binary = /[\u0000-\u0008\u000E-\u001A\u001C-\u001F]/
const lost = '\uFFFD'

/**
 * Bytes of a record file to text. A byte-order mark decides; else UTF-16 where zeros stand in one half of the bytes alone, else
 * UTF-8, a few broken bytes forgiven, else what the bytes above 127 look most like: GB18030 (which Excel writes in China), Big5
 * (in Taiwan) or Windows-1252 (in the West). `chosen` is what a person said instead. Throws `data-encoding` for what is none of
 * them, `data-other-encoding` for what is not the chosen one, and `data-control-characters` for text with bytes in it that are none.
 */
export function decodeText(bytes: Uint8Array, file: string, chosen?: TextEncoding): Decoded {
  const found = chosen ? readAs(chosen, bytes) : detect(bytes)
  if (!found && chosen) {
    const text = new TextDecoder(labels[chosen]).decode(bytes)
    throw new BotloomError('data-other-encoding', { file, encoding: chosen, line: lineAt(text, text.indexOf(lost)) })
  }
  const at = found?.text.search(binary) ?? -1
  // Nearly any bytes make some sense as UTF-16 or GB18030: control characters say that they were never meant so.
  if (!found || (at >= 0 && !chosen && found.encoding !== 'UTF-8')) throw new BotloomError('data-encoding', { file })
  if (at >= 0) throw new BotloomError('data-control-characters', { file, line: lineAt(found.text, at) })
  return found
}

const labels: Record<TextEncoding, string> = {
  'UTF-8': 'utf-8',
  'UTF-16 LE': 'utf-16le',
  'UTF-16 BE': 'utf-16be',
  GB18030: 'gb18030',
  Big5: 'big5',
  'Windows-1252': 'windows-1252',
}

function detect(bytes: Uint8Array): Decoded | null {
  const wide = wideOf(bytes)
  if (wide) return readAs(wide, bytes)
  return readAs('UTF-8', bytes) ?? readAs(legacyOf(bytes), bytes)
}

/**
 * A file that was cut, or glued to another one, is still what nearly all of it is: read as anything else, every character of it
 * would come out wrong. GB18030 read as UTF-8 leaves far more broken places than whole characters.
 */
function readAs(encoding: TextEncoding, bytes: Uint8Array): Decoded | null {
  try {
    return { text: new TextDecoder(labels[encoding], { fatal: true }).decode(bytes), encoding, damaged: false }
  } catch {
    const text = new TextDecoder(labels[encoding]).decode(bytes)
    let broken = 0
    let whole = 0
    for (const character of text) {
      if (character === lost) broken += 1
      else if (character > '\u007F') whole += 1
    }
    return whole >= 4 * broken ? { text, encoding, damaged: true } : null
  }
}

/** UTF-16 by its mark; without one, by the zero that is half of each comma and line break. */
function wideOf(bytes: Uint8Array): TextEncoding | null {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'UTF-16 LE'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'UTF-16 BE'
  if (bytes.length % 2 === 1) return null
  // How many of these stand beside a zero: in the even bytes, in the odd ones, and not at all.
  let [little, big, plain] = [0, 0, 0]
  const seen = Math.min(bytes.length, 65_536)
  for (let at = 0; at < seen; at++) {
    if (!marks.has(bytes[at]!)) continue
    if (bytes[at ^ 1] !== 0) plain += 1
    else if (at % 2 === 0) little += 1
    else big += 1
  }
  // A stray zero in other text stands beside one of them at most.
  if (Math.max(little, big) <= 4 * (plain + Math.min(little, big))) return null
  return little > big ? 'UTF-16 LE' : 'UTF-16 BE'
}
/** Line breaks, tab, space and comma. */
const marks = new Set([0x0a, 0x0d, 0x09, 0x20, 0x2c])

/**
 * Which of the older encodings bytes look like. A western letter above 127 stands among plain ones; Chinese bytes come in pairs,
 * and the pairs of everyday text lie in the first plane of each: GB 2312 level 1 (rows B0 to D7) and symbols, Big5 level 1 (A4 to C6).
 */
function legacyOf(bytes: Uint8Array): TextEncoding {
  const seen = Math.min(bytes.length, 262_144)
  let [high, alone, letters] = [0, 0, 0]
  let [pairs, simplified, traditional] = [0, 0, 0]
  let open = false
  for (let at = 0; at < seen; at++) {
    const byte = bytes[at]!
    if (byte < 0x80) {
      if ((byte | 0x20) >= 0x61 && (byte | 0x20) <= 0x7a) letters += 1
      open = false
      continue
    }
    high += 1
    const before = at > 0 ? bytes[at - 1]! : 0
    const after = at + 1 < seen ? bytes[at + 1]! : 0
    if (before < 0x80 && after < 0x80 && (byte >= 0xc0 || (byte >= 0x91 && byte <= 0x97))) alone += 1
    if (open) {
      open = false
      continue
    }
    open = after >= 0x80
    pairs += 1
    // The second byte of Big5 may be a plain letter; of GB 2312 never.
    if (after >= 0xa1 && ((byte >= 0xb0 && byte <= 0xd7) || (byte >= 0xa1 && byte <= 0xa3))) simplified += 1
    const second = (after >= 0x40 && after <= 0x7e) || after >= 0xa1
    if (second && ((byte >= 0xa4 && byte <= 0xc6) || (byte >= 0xa1 && byte <= 0xa3))) traditional += 1
  }
  if (alone > 0.7 * high && letters > 4 * high) return 'Windows-1252'
  return traditional > simplified + 0.15 * pairs ? 'Big5' : 'GB18030'
}

/** Lines are counted from 1. */
function lineAt(text: string, at: number): number {
  return text.slice(0, Math.max(0, at)).split('\n').length
}

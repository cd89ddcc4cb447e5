import { BotloomError } from '#kit'

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

/**
 * Bytes of a record file to text. A byte-order mark decides; else strict UTF-8, else UTF-16 where every second byte is
 * zero, else GB18030 (which Excel writes in China). Throws `data-encoding` for what is none of them.
 */
export function decodeText(bytes: Uint8Array, file: string): { text: string; encoding: string } {
  const found = tryDecode(bytes)
  if (!found || binary.test(found.text)) throw new BotloomError('data-encoding', { file })
  return found
}

function tryDecode(bytes: Uint8Array): { text: string; encoding: string } | null {
  const order: [label: string, name: string][] = []
  if (bytes[0] === 0xff && bytes[1] === 0xfe) order.push(['utf-16le', 'UTF-16'])
  else if (bytes[0] === 0xfe && bytes[1] === 0xff) order.push(['utf-16be', 'UTF-16'])
  else {
    const zeros = zeroShares(bytes)
    if (zeros.odd > 0.3 && zeros.even < 0.05) order.push(['utf-16le', 'UTF-16'])
    else if (zeros.even > 0.3 && zeros.odd < 0.05) order.push(['utf-16be', 'UTF-16'])
    else order.push(['utf-8', 'UTF-8'], ['gb18030', 'GB18030'])
  }
  for (const [label, encoding] of order) {
    const text = strict(label, bytes)
    if (text !== null) return { text, encoding }
  }
  return null
}

function zeroShares(bytes: Uint8Array): { even: number; odd: number } {
  const seen = Math.min(bytes.length, 4096)
  if (seen < 2) return { even: 0, odd: 0 }
  const zeros = [0, 0]
  for (let at = 0; at < seen; at++) if (bytes[at] === 0) zeros[at % 2]! += 1
  return { even: (zeros[0]! * 2) / seen, odd: (zeros[1]! * 2) / seen }
}

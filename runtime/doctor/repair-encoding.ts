/** What text looks like that was lost for good: the replacement character, the same read as GBK, and uninitialised memory read as GBK. */
const lost = /\ufffd|锟斤拷|[烫屯]{3}/u

/** Signs of windows-1252 from byte 0x80 on (WHATWG Encoding Standard); written out, for Node's decoder takes it for Latin 1. */
const upper = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ'
/** Signs of Latin 1 and of windows-1252 to their bytes. */
const oneByte = new Map<string, number>([
  ...Array.from({ length: 256 }, (_, byte): [string, number] => [String.fromCharCode(byte), byte]),
  ...Array.from(upper, (sign, i): [string, number] => [sign, 0x80 + i]),
])
/** Signs of GBK to their bytes, made from the decoder of the platform when they are first asked for. */
let twoBytes: Map<string, readonly number[]> | undefined
function gbk(): Map<string, readonly number[]> {
  if (twoBytes) return twoBytes
  twoBytes = new Map()
  const decoder = new TextDecoder('gbk')
  for (let lead = 0x81; lead <= 0xfe; lead++)
    for (let trail = 0x40; trail <= 0xfe; trail++) {
      const sign = decoder.decode(Uint8Array.of(lead, trail))
      if (sign.length === 1 && sign !== '\ufffd' && !twoBytes.has(sign)) twoBytes.set(sign, [lead, trail])
    }
  return twoBytes
}

/**
 * A text that was read in the wrong encoding. Null: it was not. `repaired` is what it was, where reading its bytes in the right encoding
 * proves it (every byte fits and the result is writing that people use); null where what it said is lost.
 */
export function repairEncoding(text: string): { repaired: string | null } | null {
  // Plain letters are the same in each of these encodings.
  if (/^[\p{ASCII}]*$/u.test(text)) return null
  if (lost.test(text)) return { repaired: null }
  const repaired = utf8ReadAsOneByte(text) ?? gbkReadAsOneByte(text) ?? utf8ReadAsGbk(text)
  if (repaired === null) return null
  return lost.test(repaired) ? { repaired: null } : { repaired }
}

function strictly(encoding: string, bytes: readonly number[]): string | null {
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(Uint8Array.from(bytes))
  } catch {
    return null
  }
}

function oneByteBytes(text: string): number[] | null {
  const bytes: number[] = []
  for (const sign of text) {
    const byte = oneByte.get(sign)
    if (byte === undefined) return null
    bytes.push(byte)
  }
  return bytes
}

/** `cafÃ©`: a chain of bytes that is UTF-8 throughout is hardly ever written by anybody as one-byte signs. */
function utf8ReadAsOneByte(text: string): string | null {
  const bytes = oneByteBytes(text)
  return bytes && strictly('utf-8', bytes)
}

/** `ÄãºÃ`: pairs of upper signs that are all common Chinese characters (GB 2312, rows 16 to 55) or Chinese signs. */
function gbkReadAsOneByte(text: string): string | null {
  const bytes = oneByteBytes(text)
  if (!bytes) return null
  let common = 0
  let other = 0
  for (let i = 0; i < bytes.length; i++) {
    const [lead, trail] = [bytes[i]!, bytes[i + 1] ?? 0]
    if (lead < 0x80) continue
    if (lead < 0xa1 || trail < 0xa1) return null
    if (lead >= 0xb0 && lead <= 0xd7) common++
    else other++
    i++
  }
  if (common < 2 || other > common) return null
  const read = strictly('gbk', bytes)
  return read !== null && /\p{Script=Han}/u.test(read) ? read : null
}

/** `浣犲ソ`: rare characters whose GBK bytes are UTF-8 of common writing. Two bytes that happen to fit prove nothing. */
function utf8ReadAsGbk(text: string): string | null {
  const bytes: number[] = []
  for (const sign of text) {
    const code = sign.codePointAt(0)!
    const pair = code < 0x80 ? [code] : sign === '€' ? [0x80] : gbk().get(sign)
    if (!pair) return null
    bytes.push(...pair)
  }
  const read = strictly('utf-8', bytes)
  if (read === null) return null
  const signs = read.match(/[^\p{ASCII}]/gu) ?? []
  const usual = signs.filter((sign) => /[\u4e00-\u9fff\u3000-\u30ff\uff00-\uffef‘’“”…—–]/u.test(sign))
  return usual.length > 0 && signs.every((sign) => usual.includes(sign) || /\p{Script=Latin}/u.test(sign)) ? read : null
}

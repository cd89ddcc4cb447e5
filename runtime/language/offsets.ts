/** A part of a text, [start, end) in UTF-16 units; null for tokens that show nothing of it: special ones, mere spaces. */
export type TokenSpan = readonly [start: number, end: number] | null

/** How a tokenizer writes its tokens. */
export interface TokenStyle {
  /** Each character of a token stands for a byte. */
  bytes: boolean
  /** Stands ahead of a token that goes on with a word; empty where there is none. */
  continuing: string
  /** Stands for a space, as SentencePiece's `▁`; empty where there is none. */
  space: string
}

export interface SpanOptions extends TokenStyle {
  /** The tokenizer's normaliser. */
  normalise(text: string): string
}

interface PreTokenizer {
  type?: unknown
  replacement?: unknown
}

/** Reads from `tokenizer.json` how its tokens are written. */
export function tokenStyle(json: object): TokenStyle {
  const { model, pre_tokenizer: pre } = json as {
    model?: { type?: unknown; continuing_subword_prefix?: unknown }
    pre_tokenizer?: (PreTokenizer & { pretokenizers?: PreTokenizer[] }) | null
  }
  const steps = [pre, ...(pre?.pretokenizers ?? [])]
  const prefix = model?.continuing_subword_prefix
  const metaspace = steps.find((step) => step?.type === 'Metaspace')
  return {
    bytes: steps.some((step) => step?.type === 'ByteLevel'),
    continuing: typeof prefix === 'string' ? prefix : '',
    space: metaspace ? String(metaspace.replacement ?? '▁') : '',
  }
}

/**
 * Where each token stands in the text. The library gives tokens without places; so the text's graphemes are normalised
 * one by one, laid beside the whole text as the tokenizer normalised it, and the tokens are found in that, one behind
 * the other. A span covers whole graphemes: tokens that share one share its span. `tokens` are without special tokens.
 */
export function spansOf(text: string, tokens: readonly string[], options: SpanOptions): TokenSpan[] {
  const { elements, starts, ends } = trackedText(text, options)
  let at = 0
  return tokens.map((token) => {
    const surface = surfaceOf(token, options)
    if (surface.length === 0) return null
    while (at < elements.length && isSpace(elements[at]!, options)) at++
    const from = at
    // A special token that stands in the text was not normalised; the text beside it is.
    const normalised = (): string[] => surfaceOf(options.normalise(token), options)
    at =
      matchEnd(elements, from, surface, options) ??
      matchEnd(elements, from, normalised(), options) ??
      wordEnd(elements, from, options)
    return at > from ? trimmed(text, starts[from]!, ends[at - 1]!) : null
  })
}

/** The span without spaces at its ends; null when it is nothing but spaces. */
function trimmed(text: string, start: number, end: number): TokenSpan {
  const part = text.slice(start, end)
  const shown = part.trim()
  if (shown === '') return null
  const from = start + part.length - part.trimStart().length
  return [from, from + shown.length]
}

/** The normalised text as a list of characters or bytes, each with its grapheme's place in the text. */
interface Tracked {
  elements: string[]
  starts: number[]
  ends: number[]
}

const graphemes = new Intl.Segmenter('und', { granularity: 'grapheme' })

function trackedText(text: string, options: SpanOptions): Tracked {
  const parts: Tracked = { elements: [], starts: [], ends: [] }
  for (const { segment, index } of graphemes.segment(text)) {
    for (const character of options.normalise(segment)) {
      parts.elements.push(character)
      parts.starts.push(index)
      parts.ends.push(index + segment.length)
    }
  }
  const tracked: Tracked = { elements: [], starts: [], ends: [] }
  let at = 0
  const whole = [...options.normalise(text)]
  for (const character of whole) {
    // Spaces come and go when the whole text is normalised; anything else changes in place (a final sigma).
    if (parts.elements[at] !== character && whole.length !== parts.elements.length) {
      if (isSpace(character, options)) {
        place(tracked, character, parts.ends[at - 1] ?? 0, parts.ends[at - 1] ?? 0, options)
        continue
      }
      while (at < parts.elements.length && isSpace(parts.elements[at]!, options)) at++
    }
    place(tracked, character, parts.starts[at] ?? text.length, parts.ends[at] ?? text.length, options)
    at++
  }
  return tracked
}

function place(tracked: Tracked, character: string, start: number, end: number, { bytes }: TokenStyle): void {
  for (const element of bytes ? bytesOf(character) : [character]) {
    tracked.elements.push(element)
    tracked.starts.push(start)
    tracked.ends.push(end)
  }
}

const encoder = new TextEncoder()
/** Bytes of longer characters lie in a private range, so that none of them looks like a no-break space. */
const toElement = (byte: number): string => String.fromCharCode(byte < 128 ? byte : 0xe000 + byte)
const bytesOf = (text: string): string[] => [...encoder.encode(text)].map(toElement)

/** What of a token must be found in the text: no sign of going on, no space in front. */
function surfaceOf(token: string, style: TokenStyle): string[] {
  const { bytes, continuing } = style
  const own = continuing !== '' && token.startsWith(continuing) ? token.slice(continuing.length) : token
  const surface = bytes ? [...own].map((character) => byteOf.get(character) ?? character) : [...own]
  const first = surface.findIndex((element) => !isSpace(element, style))
  return first < 0 ? [] : surface.slice(first)
}

/** Byte-level BPE's readable character of each byte, as the byte's element (Radford et al. 2019, `bytes_to_unicode`). */
const byteOf = new Map<string, string>()
let moved = 0
for (let byte = 0; byte < 256; byte++) {
  const readable = (byte > 32 && byte < 127) || (byte > 160 && byte !== 173)
  byteOf.set(String.fromCharCode(readable ? byte : 256 + moved), toElement(byte))
  if (!readable) moved++
}

const isSpace = (element: string, { space }: TokenStyle): boolean => element === space || /^\s$/.test(element)
const isPunctuation = (element: string): boolean => /^[\p{P}!-/:-@[-`{-~]$/u.test(element)

/** End of the surface where it stands at `from`, else undefined. A run of spaces counts as one. */
function matchEnd(
  elements: readonly string[],
  from: number,
  surface: readonly string[],
  style: TokenStyle,
): number | undefined {
  let at = from
  for (const wanted of surface) {
    if (isSpace(wanted, style)) while (at < elements.length && isSpace(elements[at]!, style)) at++
    else if (elements[at++] !== wanted) return undefined
  }
  return at
}

/** An unknown word is one token: it ends where BERT's words end, at a space or punctuation, itself one word. */
function wordEnd(elements: readonly string[], from: number, style: TokenStyle): number {
  let at = from
  while (at < elements.length && !isSpace(elements[at]!, style) && !isPunctuation(elements[at]!)) at++
  return at === from && at < elements.length ? at + 1 : at
}

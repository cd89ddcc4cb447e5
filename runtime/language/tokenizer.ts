import { Tokenizer } from '@huggingface/tokenizers'
import { BotloomError } from '#kit'
import { spansOf, type TokenSpan, tokenStyle } from './offsets.ts'

/** Token ids of several texts, padded on the right to one length; `mask` is 1 for tokens and 0 for padding. */
export interface TokenBatch {
  rows: number
  length: number
  ids: Int32Array
  mask: Int32Array
}

export interface TextTokenizer {
  readonly padId: number
  /** Most tokens of one text, special tokens included. */
  readonly maxLength: number
  /** Ids with special tokens and prompt, cut to `maxLength` in the text's tail so that the closing token stays. */
  encode(text: string): Int32Array
  /** Where each token of `encode(text)` stands in the text. */
  offsets(text: string): TokenSpan[]
}

export interface TokenizerOptions {
  maxLength: number
  padId: number
  /** Rows of the model's word table: a tokenizer that gives a larger id is refused. */
  vocabulary: number
  /** Written ahead of each text. */
  prompt: string
  /** Lower case first. */
  lowercase: boolean
  /** Names the encoder in errors. */
  source: string
}

/** No vocabulary writes a token longer than this, so a longer tail cannot reach the first `maxLength` tokens. */
const charactersPerToken = 64

/**
 * A tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json`: WordPiece, byte-level BPE or Unigram.
 * Padding and truncation settings inside the files are ignored: batches are padded by `padTokens`. Throws
 * `encoder-unreadable`.
 */
export function createTokenizer(json: object, config: object, options: TokenizerOptions): TextTokenizer {
  const { maxLength, padId, vocabulary, prompt, lowercase, source } = options
  const unreadable = (detail: string): BotloomError =>
    new BotloomError('encoder-unreadable', { encoder: source, detail: `tokenizer.json: ${detail}` })
  let tokenizer: Tokenizer
  let around: { opening: number; closing: number }
  try {
    tokenizer = new Tokenizer(json, libraryConfig(config))
    around = specialTokens(tokenizer)
  } catch (error) {
    throw unreadable(error instanceof Error ? error.message : String(error))
  }
  const largest = largestId(tokenizer)
  if (largest >= vocabulary) throw unreadable(`it gives the id ${largest}, the model has ${vocabulary} words`)
  const { opening, closing } = around
  const prepare = (text: string): string => {
    const whole = prompt + text.slice(0, maxLength * charactersPerToken)
    return lowercase ? whole.toLowerCase() : whole
  }
  const cut = <T>(tokens: readonly T[]): T[] => {
    if (tokens.length <= maxLength) return [...tokens]
    const tail = closing === 0 ? [] : tokens.slice(-closing)
    return [...tokens.slice(0, maxLength - closing), ...tail]
  }
  return {
    padId,
    maxLength,
    encode: (text) => Int32Array.from(cut(tokenizer.encode(prepare(text)).ids)),
    offsets(text) {
      const whole = prompt + text.slice(0, maxLength * charactersPerToken)
      const { tokens } = tokenizer.encode(prepare(text))
      const bare = tokens.slice(opening, tokens.length - closing)
      const normalise = (part: string): string => {
        const lower = lowercase ? part.toLowerCase() : part
        return tokenizer.normalizer ? tokenizer.normalizer.normalize(lower) : lower
      }
      const inside = spansOf(whole, bare, { normalise, ...tokenStyle(json) }).map((span) => within(span, prompt.length))
      return cut([...none(opening), ...inside, ...none(closing)])
    },
  }
}

const none = (count: number): TokenSpan[] => new Array<TokenSpan>(count).fill(null)

/** A span of prompt and text as a span of the text; null where nothing of the text is in it. */
function within(span: TokenSpan, from: number): TokenSpan {
  if (!span || span[1] <= from) return null
  return [Math.max(0, span[0] - from), span[1] - from]
}

/**
 * The library's own preparations of a text (for tokenizers without `tokenizer.json`) are left out: here that file says
 * all, as it does for the Rust library.
 */
function libraryConfig(config: object): object {
  return { ...config, remove_space: false, do_lowercase_and_remove_accent: false }
}

function largestId(tokenizer: Tokenizer): number {
  let largest = 0
  for (const id of tokenizer.get_vocab().values()) largest = Math.max(largest, id)
  return largest
}

/** How many special tokens stand ahead of the tokens of a text, and how many behind them. */
function specialTokens(tokenizer: Tokenizer): { opening: number; closing: number } {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids
  const whole = tokenizer.encode('a').ids
  const last = bare.at(-1)
  if (last === undefined) return { opening: 0, closing: 0 }
  const closing = whole.length - 1 - whole.lastIndexOf(last)
  return { opening: whole.length - bare.length - closing, closing }
}

/** Pads encoded texts to `length` (default: the longest of them). */
export function padTokens(encoded: readonly Int32Array[], padId: number, length?: number): TokenBatch {
  const width = length ?? encoded.reduce((longest, ids) => Math.max(longest, ids.length), 1)
  const ids = new Int32Array(encoded.length * width).fill(padId)
  const mask = new Int32Array(encoded.length * width)
  for (const [row, tokens] of encoded.entries()) {
    ids.set(tokens.subarray(0, width), row * width)
    mask.fill(1, row * width, row * width + Math.min(tokens.length, width))
  }
  return { rows: encoded.length, length: width, ids, mask }
}

import { Tokenizer } from '@huggingface/tokenizers'
import { BotloomError } from '#kit'

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
  /** Ids with special tokens, cut to `maxLength` in the text's tail so that the closing token stays. */
  encode(text: string): Int32Array
}

/** No vocabulary writes a token longer than this, so a longer tail cannot reach the first `maxLength` tokens. */
const charactersPerToken = 64

/**
 * A tokenizer from the contents of `tokenizer.json` and `tokenizer_config.json`. Padding and truncation settings inside
 * the files are ignored: batches are padded by `padTokens`. Throws `encoder-unreadable`.
 */
export function createTokenizer(
  json: object,
  config: object,
  maxLength: number,
  padId: number,
  source: string,
): TextTokenizer {
  let tokenizer: Tokenizer
  let closing: number
  try {
    tokenizer = new Tokenizer(json, config)
    closing = closingTokens(tokenizer)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    throw new BotloomError('encoder-unreadable', { encoder: source, detail: `tokenizer.json: ${detail}` })
  }
  return {
    padId,
    maxLength,
    encode(text) {
      const { ids } = tokenizer.encode(text.slice(0, maxLength * charactersPerToken))
      if (ids.length <= maxLength) return Int32Array.from(ids)
      const tail = closing === 0 ? [] : ids.slice(-closing)
      return Int32Array.from([...ids.slice(0, maxLength - closing), ...tail])
    },
  }
}

/** How many special tokens close a text: those behind the last token of the text itself. */
function closingTokens(tokenizer: Tokenizer): number {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids
  const whole = tokenizer.encode('a').ids
  const last = bare.at(-1)
  return last === undefined ? 0 : whole.length - 1 - whole.lastIndexOf(last)
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

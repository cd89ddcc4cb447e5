import { Tokenizer } from '@huggingface/tokenizers'
import { BotloomError, type ModelText } from '#kit'
import { spansOf, type TokenSpan, tokenStyle } from './offsets.ts'

/** The tokens of one text, or of two that are read together. */
export interface Encoded {
  ids: Int32Array
  /** Token types, 1 for what belongs to the second text; null for a single text, or where the model knows no types. */
  types: Int32Array | null
}

/** Token ids of several texts, padded on the right to one length; `mask` is 1 for tokens and 0 for padding. */
export interface TokenBatch {
  rows: number
  length: number
  ids: Int32Array
  mask: Int32Array
  /** Null where no text of the batch has types. */
  types: Int32Array | null
}

export interface TextTokenizer {
  readonly padId: number
  /** Most tokens of one text, special tokens included. */
  readonly maxLength: number
  /**
   * Ids with special tokens and prompt, cut to `maxLength` in the text's tail so that the closing token stays. Two texts stand as the
   * tokenizer's own template says, the prompt ahead of the first; the longer one is cut until both fit.
   */
  encode(text: ModelText): Encoded
  /** Where each token of `encode(text)` stands in the text, of two in the first one. */
  offsets(text: ModelText): TokenSpan[]
}

export interface TokenizerOptions {
  maxLength: number
  padId: number
  /** Rows of the model's word table: a tokenizer that gives a larger id is refused. */
  vocabulary: number
  /** Rows of the model's table of token types; with fewer than two, tokens have none. */
  typeVocabulary: number
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
  const { maxLength, padId, vocabulary, typeVocabulary, prompt, lowercase, source } = options
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
  const prepare = (text: string, ahead = prompt): string => {
    const whole = ahead + text.slice(0, maxLength * charactersPerToken)
    return lowercase ? whole.toLowerCase() : whole
  }
  const bareTokens = (text: string, ahead?: string) =>
    tokenizer.encode(prepare(text, ahead), { add_special_tokens: false })
  // Most models read single texts only, and a tokenizer without a template for two is as good for them as any.
  let known: PairTemplate | undefined
  const template = (): PairTemplate => {
    try {
      known ??= pairTemplate(tokenizer, json)
      return known
    } catch (error) {
      throw unreadable(`no two texts: ${error instanceof Error ? error.message : String(error)}`)
    }
  }
  const encodePair = (first: string, second: string): Encoded => {
    const { ahead, between, behind } = template()
    const parts = [bareTokens(first).ids, bareTokens(second, '').ids] as const
    const [a, b] = longestFirst(parts[0].length, parts[1].length, maxLength - sizeOf([ahead, between, behind]))
    const [one, other] = template().types
    const ids = [...ahead.ids, ...parts[0].slice(0, a), ...between.ids, ...parts[1].slice(0, b), ...behind.ids]
    const types = [...ahead.types, ...filled(a, one), ...between.types, ...filled(b, other), ...behind.types]
    return { ids: Int32Array.from(ids), types: typeVocabulary > 1 ? Int32Array.from(types) : null }
  }
  const cut = <T>(tokens: readonly T[]): T[] => {
    if (tokens.length <= maxLength) return [...tokens]
    const tail = closing === 0 ? [] : tokens.slice(-closing)
    return [...tokens.slice(0, maxLength - closing), ...tail]
  }
  return {
    padId,
    maxLength,
    encode: (text) =>
      typeof text === 'string'
        ? { ids: Int32Array.from(cut(tokenizer.encode(prepare(text)).ids)), types: null }
        : encodePair(text[0], text[1]),
    offsets(said) {
      const [text, second] = typeof said === 'string' ? [said] : said
      const whole = prompt + text.slice(0, maxLength * charactersPerToken)
      const bare = bareTokens(text).tokens
      const normalise = (part: string): string => {
        const lower = lowercase ? part.toLowerCase() : part
        return tokenizer.normalizer ? tokenizer.normalizer.normalize(lower) : lower
      }
      const inside = spansOf(whole, bare, { normalise, ...tokenStyle(json) }).map((span) => within(span, prompt.length))
      if (second === undefined) return cut([...none(opening), ...inside, ...none(closing)])
      const { ahead, between, behind } = template()
      const room = maxLength - sizeOf([ahead, between, behind])
      const [a, b] = longestFirst(inside.length, bareTokens(second, '').ids.length, room)
      const rest = none(between.ids.length + b + behind.ids.length)
      return [...none(ahead.ids.length), ...inside.slice(0, a), ...rest]
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

/** Special tokens of a template, and their types. */
interface TemplatePart {
  ids: number[]
  types: number[]
}

/** How a tokenizer writes two texts: what stands ahead of the first, between them and behind the second, and each one's type. */
interface PairTemplate {
  ahead: TemplatePart
  between: TemplatePart
  behind: TemplatePart
  types: readonly [first: number, second: number]
}

const sizeOf = (parts: readonly TemplatePart[]): number => parts.reduce((sum, { ids }) => sum + ids.length, 0)
const filled = (count: number, value: number): number[] => new Array<number>(count).fill(value)

/** Read from what the tokenizer's post-processor makes of a sample. Throws what the library throws where it has no such template. */
function pairTemplate(tokenizer: Tokenizer, json: object): PairTemplate {
  const bare = tokenizer.encode('a', { add_special_tokens: false }).ids
  const whole = tokenizer.encode('a', { text_pair: 'a', return_token_type_ids: true })
  // RoBERTa's own template has one type; the library, unlike the Rust one, gives its second text another.
  const given = hasPostProcessor(json, 'RobertaProcessing') ? undefined : whole.token_type_ids
  const types = given ?? filled(whole.ids.length, 0)
  const find = (from: number): number =>
    whole.ids.findIndex((_, at) => at >= from && bare.every((id, i) => whole.ids[at + i] === id))
  const first = find(0)
  const second = find(first + bare.length)
  if (bare.length === 0 || first < 0 || second < 0) throw new Error('the template names no second text')
  const part = (from: number, to: number): TemplatePart => ({
    ids: whole.ids.slice(from, to),
    types: types.slice(from, to),
  })
  return {
    ahead: part(0, first),
    between: part(first + bare.length, second),
    behind: part(second + bare.length, whole.ids.length),
    types: [types[first]!, types[second]!],
  }
}

function hasPostProcessor(json: object, type: string): boolean {
  const { post_processor: own } = json as {
    post_processor?: { type?: unknown; processors?: { type?: unknown }[] } | null
  }
  return [own, ...(own?.processors ?? [])].some((step) => step?.type === type)
}

/**
 * How many tokens of each of two texts stay where all may be `room`: what is too much is taken from the longer one (`longest_first` of
 * Hugging Face's tokenizers, `truncate_encodings`; where both are cut and the room is odd, the longer one has the odd token).
 */
function longestFirst(first: number, second: number, room: number): [number, number] {
  if (first + second <= room) return [first, second]
  const [short, long] = first > second ? [second, first] : [first, second]
  const kept = Math.min(short, Math.floor(room / 2))
  const rest = Math.min(long, room - kept)
  return first > second ? [rest, kept] : [kept, rest]
}

/** Pads encoded texts to `length` (default: the longest of them). */
export function padTokens(encoded: readonly Encoded[], padId: number, length?: number): TokenBatch {
  const width = length ?? encoded.reduce((longest, { ids }) => Math.max(longest, ids.length), 1)
  const ids = new Int32Array(encoded.length * width).fill(padId)
  const mask = new Int32Array(encoded.length * width)
  const types = encoded.some((one) => one.types) ? new Int32Array(encoded.length * width) : null
  for (const [row, { ids: tokens, types: own }] of encoded.entries()) {
    ids.set(tokens.subarray(0, width), row * width)
    mask.fill(1, row * width, row * width + Math.min(tokens.length, width))
    if (own) types!.set(own.subarray(0, width), row * width)
  }
  return { rows: encoded.length, length: width, ids, mask, types }
}

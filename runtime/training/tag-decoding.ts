import { countTags, outside, spansOfTags, tagOf, type WordSpan } from './tags.ts'

/** Scores of the words of one text for each tag, row-major [words, tags], natural logarithms up to a constant a word. */
export interface TagScores {
  words: number
  types: number
  values: ArrayLike<number>
}

/** The likeliest sequence of tags that is valid: an entity that begins also ends, in its own type (Viterbi 1967). */
export function likeliestTags({ words, types, values }: TagScores): Int32Array {
  const tags = countTags(types)
  const best = new Float64Array(words * tags).fill(Number.NEGATIVE_INFINITY)
  const before = new Int32Array(words * tags)
  let closed = { score: 0, tag: outside }
  for (let word = 0; word < words; word++) {
    const at = word * tags
    const past = at - tags
    const take = (tag: number, score: number, from: number): void => {
      best[at + tag] = score + values[at + tag]!
      before[at + tag] = from
    }
    take(outside, closed.score, closed.tag)
    let next = { score: best[at + outside]!, tag: outside }
    for (let type = 0; type < types; type++) {
      const begin = tagOf(type, 'begin')
      const inside = tagOf(type, 'inside')
      const end = tagOf(type, 'end')
      const single = tagOf(type, 'single')
      take(begin, closed.score, closed.tag)
      take(single, closed.score, closed.tag)
      if (word > 0) {
        const open = best[past + begin]! >= best[past + inside]! ? begin : inside
        take(inside, best[past + open]!, open)
        take(end, best[past + open]!, open)
      }
      for (const tag of [end, single]) if (best[at + tag]! > next.score) next = { score: best[at + tag]!, tag }
    }
    closed = next
  }
  const found = new Int32Array(words)
  for (let word = words - 1, tag = closed.tag; word >= 0; word--) {
    found[word] = tag
    tag = before[word * tags + tag]!
  }
  return found
}

/**
 * Logarithms of sums over all valid sequences of tags. Entities are whole between two words that none of them crosses, so that
 * sums up to a word and from a word on say all: `upTo[w]` is over the tags of the words before w, `from[w]` over the others, `upTo[words]` over all.
 */
export interface TagSums {
  upTo: Float64Array
  from: Float64Array
}

export function sumTags(scores: TagScores, temperature: number): TagSums {
  const { words, types, values } = scores
  return {
    upTo: sumsUpTo(scores, temperature),
    // Read from its end a text has entities that begin with their last word.
    from: sumsAlong(
      words,
      types,
      (word, tag) => values[(words - 1 - word) * countTags(types) + tag]! / temperature,
      'end',
      'begin',
    ).reverse(),
  }
}

/** `upTo` of `TagSums` alone. */
export function sumsUpTo({ words, types, values }: TagScores, temperature: number): Float64Array {
  const tags = countTags(types)
  return sumsAlong(words, types, (word, tag) => values[word * tags + tag]! / temperature, 'begin', 'end')
}

function sumsAlong(
  words: number,
  types: number,
  score: (word: number, tag: number) => number,
  first: 'begin' | 'end',
  last: 'begin' | 'end',
): Float64Array {
  const closed = new Float64Array(words + 1)
  /** By type: entities that go on behind the last word. */
  let open = new Float64Array(types).fill(Number.NEGATIVE_INFINITY)
  for (let word = 0; word < words; word++) {
    const before = closed[word]!
    const ends = [before + score(word, outside)]
    const next = new Float64Array(types)
    for (let type = 0; type < types; type++) {
      ends.push(before + score(word, tagOf(type, 'single')), open[type]! + score(word, tagOf(type, last)))
      next[type] = logSum([before + score(word, tagOf(type, first)), open[type]! + score(word, tagOf(type, 'inside'))])
    }
    closed[word + 1] = logSum(ends)
    open = next
  }
  return closed
}

function logSum(values: readonly number[]): number {
  let most = Number.NEGATIVE_INFINITY
  for (const value of values) most = Math.max(most, value)
  if (most === Number.NEGATIVE_INFINITY) return most
  let sum = 0
  for (const value of values) sum += Math.exp(value - most)
  return most + Math.log(sum)
}

/** Logarithm of the score of one sequence of tags. */
export function scoreOfTags({ types, values }: TagScores, tags: ArrayLike<number>, temperature: number): number {
  let sum = 0
  for (let word = 0; word < tags.length; word++) sum += values[word * countTags(types) + tags[word]!]!
  return sum / temperature
}

export interface LikelySpan extends WordSpan {
  /** Share of the valid sequences, weighed by their probability, that have just this entity. */
  probability: number
}

/** The entities of the likeliest valid sequence, each with its own probability among all valid sequences. */
export function likeliestSpans(scores: TagScores, temperature: number): LikelySpan[] {
  const spans = spansOfTags(likeliestTags(scores))
  if (spans.length === 0) return []
  const { upTo, from } = sumTags(scores, temperature)
  const { types, values, words } = scores
  return spans.map((span) => {
    let inner = 0
    for (let word = span.from; word <= span.to; word++) {
      const place =
        span.from === span.to ? 'single' : word === span.from ? 'begin' : word === span.to ? 'end' : 'inside'
      inner += values[word * countTags(types) + tagOf(span.type, place)]! / temperature
    }
    const share = Math.exp(upTo[span.from]! + inner + from[span.to + 1]! - upTo[words]!)
    return { ...span, probability: Math.min(1, share) }
  })
}

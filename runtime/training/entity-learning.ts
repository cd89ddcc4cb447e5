import { modelTextOf } from '#kit'
import type { ModelCard } from '#runtime/language/card.ts'
import type { LinearHead } from '#runtime/language/checkpoint.ts'
import type { TextTokenizer } from '#runtime/language/tokenizer.ts'
import { bestTemperature } from './calibration.ts'
import { measureEntities } from './entity-metrics.ts'
import { likeliestTags, scoreOfTags, sumsUpTo, type TagScores } from './tag-decoding.ts'
import { type TaggedWord, toWordSpans, wordsOf } from './tagged-words.ts'
import { type TaggedRow, tagging } from './tagging.ts'
import { countTags, spansOfTags, tagsOfSpans } from './tags.ts'
import type { Task } from './task.ts'
import type { TrainingRow } from './training-set.ts'

/** Turns entities of texts into tags of tokens, and back. */
export interface EntityLearning {
  readonly types: readonly string[]
  readonly tags: number
  /** By row; null where nobody said where entities are. */
  taught(rows: readonly TrainingRow[]): (TaggedRow | null)[]
  /** The tokens of a row that are asked for tags: each word's first. */
  tokensOf(row: TrainingRow): number[]
  task(rows: readonly TrainingRow[], start: LinearHead): Task
  /** Scores of the words of a row among those of its tokens [length, tags]; null where nobody said where entities are. */
  scoresOf(row: TrainingRow, tagScores: Float32Array): TagScores | null
  /** F1 of entities and mean negative log-likelihood of the right tags, nats a row. `scores` are by row, as `scoresOf` gives them. */
  judge(rows: readonly TrainingRow[], scores: readonly (TagScores | null)[]): { f1: number; loss: number }
  /** What held-out rows say, for the card. */
  assess(rows: readonly TrainingRow[], scores: readonly (TagScores | null)[]): NonNullable<ModelCard['entities']>
}

/** More rows tell no more of one number. */
const rowsForTemperature = 2000

export function createEntityLearning(tokenizer: TextTokenizer, types: readonly string[]): EntityLearning {
  const index = new Map(types.map((type, i) => [type, i]))
  const tags = countTags(types.length)
  const known = new WeakMap<TrainingRow, TaggedWord[]>()
  const wordsIn = (row: TrainingRow): TaggedWord[] => {
    const words = known.get(row) ?? wordsOf(row.text, tokenizer.offsets(modelTextOf(row)))
    known.set(row, words)
    return words
  }
  /** Entities of types that train does not have are no words of ours. */
  const truthOf = (row: TrainingRow, words: readonly TaggedWord[]): Int32Array =>
    tagsOfSpans(
      words.length,
      toWordSpans(words, row.entities ?? [], index).filter((span) => span.type >= 0),
    )
  const taught = (row: TrainingRow): TaggedRow | null => {
    if (!row.entities) return null
    const words = wordsIn(row)
    return { tokens: words.map((word) => word.token), tags: truthOf(row, words) }
  }
  const lossAt = (rows: readonly TrainingRow[], scores: readonly (TagScores | null)[], temperature: number): number => {
    let sum = 0
    let count = 0
    for (const [i, own] of scores.entries()) {
      if (!own || own.words === 0) continue
      const truth = truthOf(rows[i]!, wordsIn(rows[i]!))
      sum += sumsUpTo(own, temperature)[own.words]! - scoreOfTags(own, truth, temperature)
      count++
    }
    return count === 0 ? 0 : sum / count
  }
  const measured = (rows: readonly TrainingRow[], scores: readonly (TagScores | null)[]) =>
    measureEntities(
      scores.flatMap((own, i) => {
        const row = rows[i]!
        if (!own) return []
        const words = wordsIn(row)
        const found = spansOfTags(likeliestTags(own)).map(({ from, to, type }) => ({
          start: words[from]!.start,
          end: words[to]!.end,
          type: types[type]!,
        }))
        return [{ truth: row.entities ?? [], found }]
      }),
    )
  return {
    types,
    tags,
    taught: (rows) => rows.map(taught),
    tokensOf: (row) => wordsIn(row).map((word) => word.token),
    task: (rows, start) => tagging(start, rows.map(taught)),
    scoresOf: (row, tagScores) => (row.entities ? scoresOfWords(wordsIn(row), types.length, tagScores) : null),
    judge: (rows, scores) => ({ f1: measured(rows, scores).f1, loss: lossAt(rows, scores, 1) }),
    assess(rows, scores) {
      const some = scores.slice(0, rowsForTemperature)
      const counted = scores.filter((own) => own !== null).length
      const temperature = counted === 0 ? 1 : bestTemperature((t) => some.length * lossAt(rows, some, t))
      const { precision, recall, f1, support } = measured(rows, scores)
      return { types: [...types], temperature, heldOut: { rows: counted, entities: support, precision, recall, f1 } }
    },
  }
}

/** Scores of a text's words among those of its tokens [length, tags]. */
export function scoresOfWords(words: readonly TaggedWord[], types: number, tagScores: Float32Array): TagScores {
  const tags = countTags(types)
  const values = new Float32Array(words.length * tags)
  for (const [word, { token }] of words.entries())
    values.set(tagScores.subarray(token * tags, (token + 1) * tags), word * tags)
  return { words: words.length, types, values }
}

import { createHash } from 'node:crypto'
import { keyOfText, modelTextOf } from '#kit'
import type { Checkpoint } from '#runtime/language/checkpoint.ts'
import { encoderConstants } from '#runtime/language/features.ts'
import type { Executor, HostTensors } from '#runtime/tensor/executor.ts'
import { classification } from '../classification.ts'
import type { EntityLearning } from '../entity-learning.ts'
import { nameRows } from '../label-names.ts'
import { joined } from '../nearest.ts'
import { createScoring } from '../scoring.ts'
import { jointly, tagging } from '../tagging.ts'
import type { Task } from '../task.ts'
import type { Beginning } from '../train-head.ts'
import type { TrainingRow, TrainingSet } from '../training-set.ts'
import { wholeEncoder } from '../tuning-plan.ts'
import { type Answer, imitation } from './imitation.ts'

/** A trained model whose answers another one learns. */
export interface Teacher {
  /** SHA-256 of its weights. */
  readonly hash: string
  /** What the words of learned rows are worth beside it, see `BlendWeights`. */
  readonly words: number
  /** Its head for a start, and its vectors of the rows. */
  begin(split: TrainingSet): Promise<Beginning>
  /** Learns these rows by what it says of them. `entities` where it finds such. */
  task(rows: readonly TrainingRow[], entities: EntityLearning | undefined): Promise<Task>
}

/** Makes a teacher of a checkpoint as `trainEncoder` or `trainHead` give it. Each text is asked once. */
export function createTeacher(
  { encoder, head, tagHead, card }: Checkpoint,
  { executor, signal }: { executor: Executor; signal?: AbortSignal },
): Teacher {
  const { settings } = card.training
  const known = new Map<string, Answer>()
  const keyOf = (row: TrainingRow): string => keyOfText(modelTextOf(row))

  async function ask(rows: readonly TrainingRow[], entities?: EntityLearning): Promise<Answer[]> {
    const isNew = (row: TrainingRow): boolean => {
      const answer = known.get(keyOf(row))
      return !answer || (entities !== undefined && !answer.words)
    }
    const asked = [...new Map(rows.filter(isNew).map((row) => [keyOf(row), row])).values()]
    if (asked.length > 0) await answer(asked, entities)
    return rows.map((row) => known.get(keyOf(row))!)
  }

  async function answer(asked: readonly TrainingRow[], entities: EntityLearning | undefined): Promise<void> {
    const labels = classification(head, [], card.multi)
    const says = entities && tagHead ? jointly(labels, tagging(tagHead, [])) : labels
    const task: Task = {
      ...says,
      scores: (weights, seen) => ({ ...says.scores(weights, seen), vectors: seen.vectors }),
    }
    const scoring = createScoring(executor, encoder, wholeEncoder, task, undefined, encoderConstants(encoder))
    try {
      await scoring.run(asked.map(modelTextOf), says.weights, signal, (places, found) => {
        for (const [i, row] of places.entries())
          known.set(keyOf(asked[row]!), toAnswer(found, i, asked[row]!, entities))
      })
    } finally {
      await scoring.dispose()
    }
  }

  const hash = createHash('sha256')
  const heads = [head, ...(tagHead ? [tagHead] : [])].flatMap(({ weight, bias }) => [weight, bias])
  for (const data of [...[...encoder.weights.values()].map((weight) => weight.data), ...heads])
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))

  return {
    hash: hash.digest('hex'),
    words: card.calibration.words,
    async begin(split) {
      const names = Number(settings.names) > 0 ? nameRows(split) : []
      const vectorsOf = async (rows: readonly TrainingRow[]): Promise<Float32Array> =>
        joined(...(await ask(rows)).map(({ vector }) => vector))
      return {
        head,
        c: Number(settings.c),
        names,
        vectors: await vectorsOf(split.train),
        checks: await vectorsOf(split.validation),
        nameVectors: await vectorsOf(names),
      }
    },
    async task(rows, entities) {
      const labels = classification(head, rows, card.multi)
      const truth = entities && tagHead ? jointly(labels, entities.task(rows, tagHead)) : labels
      return imitation(truth, await ask(rows, tagHead ? entities : undefined), card.multi)
    },
  }
}

function toAnswer(
  { scores, vectors, tagScores }: HostTensors,
  at: number,
  row: TrainingRow,
  entities: EntityLearning | undefined,
): Answer {
  const own = ({ shape, data }: HostTensors[string]): Float32Array => {
    const size = shape.slice(1).reduce((a, b) => a * b, 1)
    return (data as Float32Array).slice(at * size, (at + 1) * size)
  }
  const answer: Answer = { scores: own(scores!), vector: own(vectors!) }
  if (!entities || !tagScores) return answer
  const tokens = entities.tokensOf(row)
  const all = own(tagScores)
  const words = new Float32Array(tokens.length * entities.tags)
  for (const [word, token] of tokens.entries())
    words.set(all.subarray(token * entities.tags, (token + 1) * entities.tags), word * entities.tags)
  return { ...answer, words: { tokens, scores: words } }
}

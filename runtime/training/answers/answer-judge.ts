import type { AnswersJudged } from '#runtime/language/decoder/answers-card.ts'
import type { Decoder } from '#runtime/language/decoder/decoder.ts'
import type { CompiledProgram, Executor, HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import { dealBatches, paddedRows } from '../length-batches.ts'
import { seededRandom } from '../seeded.ts'
import { answerInputs, countTokens, rowsThatFit } from './answer-batches.ts'
import { answersJudgement } from './answer-loss.ts'
import { type AnswerRow, toAnswerTokens } from './answer-rows.ts'
import { longestAnswers } from './longest-answers.ts'

/** Asks a decoder how likely it finds given answers. */
export interface AnswerJudge {
  rows: number
  /** Tokens that are judged. */
  tokens: number
  /** By these weights, which stand beside the frozen ones. Throws the signal's reason. */
  judge(weights: HostTensors, signal?: AbortSignal): Promise<AnswersJudged>
  dispose(): Promise<void>
}

/** `frozen`: the weights that stay from one judgement to the next. There must be a row. */
export function createAnswerJudge(
  executor: Executor,
  { config, tokens }: Pick<Decoder, 'config' | 'tokens'>,
  frozen: HostTensors,
  rows: readonly AnswerRow[],
  batchSize: number,
): AnswerJudge {
  const longest = longestAnswers(config)
  const encoded = toAnswerTokens({ tokens }, rows, longest)
  const size = Math.min(batchSize, rowsThatFit(config, encoded, executor.name))
  const batches = dealBatches(
    encoded.map(({ ids }) => ids.length),
    size,
    longest,
    seededRandom(0),
  )
  let compiled: CompiledProgram | undefined
  return {
    rows: rows.length,
    tokens: countTokens(encoded),
    async judge(weights, signal) {
      compiled ??= await executor.compile(
        (inputs) => answersJudgement(inputs, config, inputs),
        { ...specsOf(weights), ...inputSpecs },
        { constants: frozen },
      )
      let [loss, accuracy, judged] = [0, 0, 0]
      for (const batch of batches) {
        signal?.throwIfAborted()
        const own = batch.rows.map((row) => encoded[row]!)
        const inputs = answerInputs(own, paddedRows(batch, size), batch.length, tokens.endId)
        const found = await compiled.run({ ...weights, ...inputs })
        const count = countTokens(own)
        loss += found.loss!.data[0]! * count
        accuracy += found.accuracy!.data[0]! * count
        judged += count
        // Native calls block; the loop must turn so that stop and heartbeat are heard.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return { loss: loss / judged, accuracy: Math.min(1, accuracy / judged) }
    },
    async dispose() {
      await compiled?.dispose()
    },
  }
}

const specsOf = (tensors: HostTensors): Record<string, TensorSpec> =>
  Object.fromEntries(Object.entries(tensors).map(([name, { shape, dtype }]) => [name, { shape, dtype }]))

const inputSpecs: Record<string, TensorSpec> = {
  ids: { shape: ['rows', 'length'], dtype: 'int32' },
  at: { shape: ['places'], dtype: 'int32' },
  next: { shape: ['places'], dtype: 'int32' },
  share: { shape: ['places'], dtype: 'float32' },
}

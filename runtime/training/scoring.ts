import type { ModelText } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { batchesByLength } from '#runtime/language/features.ts'
import { padTokens, type TokenBatch } from '#runtime/language/tokenizer.ts'
import type { CompiledProgram, Executor, HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import { ints } from '#runtime/tensor/host-tensor.ts'
import { encoderPass, passInputs, passSpecs } from './encoder-pass.ts'
import type { LowerLayers } from './lower-layers.ts'
import type { Task } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

const tokensPerCall = 1024

/** What the task says of some texts: `rows` are their places in what was asked, the batch's own order is that of `scores`. */
export type TakeScores = (rows: readonly number[], scores: HostTensors, batch: TokenBatch) => void

/** The forward pass with the trained weights as inputs, for scores between epochs. Compiled at first need; all texts are single ones, or all pairs. */
export interface Scoring {
  run(
    texts: readonly ModelText[],
    weights: HostTensors,
    signal: AbortSignal | undefined,
    take: TakeScores,
  ): Promise<void>
  dispose(): Promise<void>
}

export function createScoring(
  executor: Executor,
  encoder: Encoder,
  plan: TuningPlan,
  task: Task,
  lower: LowerLayers | undefined,
  frozen: HostTensors,
): Scoring {
  let compiled: CompiledProgram | undefined
  return {
    async run(texts, weights, signal, take) {
      const specs = Object.fromEntries(
        Object.entries(weights).map(([name, t]) => [name, { shape: t.shape, dtype: t.dtype } as TensorSpec]),
      )
      const encoded = texts.map((text) => encoder.tokenizer.encode(text))
      const typed = encoded.some(({ types }) => types)
      compiled ??= await executor.compile(
        (inputs) => task.scores(inputs, encoderPass(encoder, plan, inputs, inputs)),
        { ...specs, ...passSpecs(encoder, plan, typed) },
        { constants: Object.fromEntries(Object.entries(frozen).filter(([name]) => !(name in weights))) },
      )
      const lengths = encoded.map(({ ids }) => ids.length)
      for (const rows of batchesByLength(lengths, tokensPerCall)) {
        signal?.throwIfAborted()
        const batch = padTokens(
          rows.map((row) => encoded[row]!),
          encoder.tokenizer.padId,
        )
        const seen = await passInputs(
          lower,
          rows.map((row) => texts[row]!),
          batch,
        )
        const mask = ints([batch.rows, batch.length], batch.mask)
        take(rows, await compiled.run({ ...weights, ...seen, mask }), batch)
        // Native calls block; the loop must turn so that stop and heartbeat are heard.
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    async dispose() {
      await compiled?.dispose()
    },
  }
}

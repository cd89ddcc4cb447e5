import type * as tf from '@tensorflow/tfjs-core'
import { type BertExtras, bertHidden, bertLayers, poolHidden, unitLength } from '#runtime/language/bert.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import type { TokenBatch } from '#runtime/language/tokenizer.ts'
import type { HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import { ints } from '#runtime/tensor/host-tensor.ts'
import type { LowerLayers } from './lower-layers.ts'
import type { Seen } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

/** What a pass is given of a batch beside its mask: token ids, or what the lower layers made of them. */
export async function passInputs(
  lower: LowerLayers | undefined,
  texts: readonly string[],
  batch: TokenBatch,
): Promise<HostTensors> {
  return lower ? { hidden: await lower.hidden(texts, batch) } : { ids: ints([batch.rows, batch.length], batch.ids) }
}

/** Shapes of what `passInputs` gives and of the mask, for batches of any size. */
export function passSpecs({ config }: Encoder, { from }: TuningPlan): Record<string, TensorSpec> {
  const tokens: TensorSpec = { shape: ['batch', 'length'], dtype: 'int32' }
  const hidden: TensorSpec = { shape: ['batch', 'length', config.hidden_size], dtype: 'float32' }
  return from === null ? { ids: tokens, mask: tokens } : { hidden, mask: tokens }
}

/** What the encoder makes of a batch by these weights, from where `plan` begins. Inputs: those of `passInputs`, and `mask`. */
export function encoderPass(
  { config, pooling }: Encoder,
  { from }: TuningPlan,
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  extras: BertExtras = {},
): Seen {
  const mask = inputs.mask!
  const hidden =
    from === null
      ? bertHidden(weights, config, { ids: inputs.ids!, mask }, extras)
      : bertLayers(weights, config, inputs.hidden!, mask, { from, to: config.layer_order.length }, extras)
  return { hidden, mask, vectors: unitLength(poolHidden(hidden, mask, pooling)) }
}

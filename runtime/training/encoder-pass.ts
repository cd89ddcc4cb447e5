import type * as tf from '@tensorflow/tfjs-core'
import { type BertExtras, bertEmbeddings, bertLayers, poolHidden, unitLength } from '#runtime/language/bert.ts'
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

/** What goes into the first layer that a pass computes, float32 [batch, length, hidden]. Inputs: those of `passInputs`. */
export function firstStates(
  { config }: Encoder,
  { from }: TuningPlan,
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  extras: BertExtras = {},
): tf.Tensor {
  return from === null ? bertEmbeddings(weights, config, inputs.ids!, extras) : inputs.hidden!
}

/** What the encoder makes of a batch by these weights, from where `plan` begins. Inputs: those of `passInputs`, and `mask`. */
export function encoderPass(
  encoder: Encoder,
  plan: TuningPlan,
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  extras: BertExtras = {},
  states: tf.Tensor = firstStates(encoder, plan, weights, inputs, extras),
): Seen {
  const { config, pooling } = encoder
  const mask = inputs.mask!
  const layers = { from: plan.from ?? 0, to: config.layer_order.length }
  const hidden = bertLayers(weights, config, states, mask, layers, extras)
  return { hidden, mask, vectors: unitLength(poolHidden(hidden, mask, pooling)) }
}

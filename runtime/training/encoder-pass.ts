import type * as tf from '@tensorflow/tfjs-core'
import type { ModelText } from '#kit'
import { type BertExtras, bertEmbeddings, bertLayers, poolHidden, unitLength } from '#runtime/language/bert.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { tokenInputs, tokenSpecs } from '#runtime/language/features.ts'
import type { TokenBatch } from '#runtime/language/tokenizer.ts'
import type { HostTensors, TensorSpec } from '#runtime/tensor/executor.ts'
import type { LowerLayers } from './lower-layers.ts'
import type { Seen } from './task.ts'
import type { TuningPlan } from './tuning-plan.ts'

/** What a pass is given of a batch beside its mask: token ids and types, or what the lower layers made of them. */
export async function passInputs(
  lower: LowerLayers | undefined,
  texts: readonly ModelText[],
  batch: TokenBatch,
): Promise<HostTensors> {
  if (lower) return { hidden: await lower.hidden(texts, batch) }
  const { mask: _, ...tokens } = tokenInputs(batch)
  return tokens
}

/** Shapes of what `passInputs` gives and of the mask, for batches of any size; `typed`: tokens have types. */
export function passSpecs({ config }: Encoder, { from }: TuningPlan, typed: boolean): Record<string, TensorSpec> {
  const tokens = tokenSpecs(typed)
  const hidden: TensorSpec = { shape: ['batch', 'length', config.hidden_size], dtype: 'float32' }
  return from === null ? tokens : { hidden, mask: tokens.mask! }
}

/** What goes into the first layer that a pass computes, float32 [batch, length, hidden]. Inputs: those of `passInputs`. */
export function firstStates(
  { config }: Encoder,
  { from }: TuningPlan,
  weights: Record<string, tf.Tensor>,
  inputs: Record<string, tf.Tensor>,
  extras: BertExtras = {},
): tf.Tensor {
  return from === null
    ? bertEmbeddings(weights, config, { ids: inputs.ids!, types: inputs.types }, extras)
    : inputs.hidden!
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

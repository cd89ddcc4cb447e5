import { BotloomError } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { adapterAlpha } from './adapters.ts'

/** What fine-tuning changes of an encoder, and where a training step begins. The head is trained by every plan. */
export interface TuningPlan {
  method: 'setfit' | 'partial' | 'lora' | 'full'
  /** The first layer, counted as they are applied, that a step computes: what goes into it never changes. Null: a step begins with token ids. */
  from: number | null
  /** Encoder weights that are trained themselves. */
  trains: (name: string) => boolean
  /** Rank of the adapters that learn in place of the layers' matrices; 0: none. */
  rank: number
  /** What the model's card says of it. */
  settings: Record<string, number>
}

/** Everything but the embedding tables, which hardly gain and cost a pass over each row of them. */
export const wholeEncoder: TuningPlan = {
  method: 'full',
  from: null,
  trains: (name) => !/^embeddings\.(?:word|position|token_type)_embeddings\./.test(name),
  rank: 0,
  settings: {},
}

/** As `wholeEncoder`, by which rows belong together (`pairLearning`). */
export const inPairs: TuningPlan = { ...wholeEncoder, method: 'setfit' }

/**
 * The upper `wanted` layers, or all where the encoder has no more. Throws `encoder-shares-layers` where one of them is also
 * applied further down, as in most ALBERTs: it cannot learn above and stay as it is below.
 */
export function topLayers({ name, config }: Pick<Encoder, 'name' | 'config'>, wanted: number): TuningPlan {
  const order = config.layer_order
  const layers = Math.min(wanted, order.length)
  const from = order.length - layers
  const trained = new Set(order.slice(from))
  if (order.slice(0, from).some((layer) => trained.has(layer)))
    throw new BotloomError('encoder-shares-layers', { encoder: name, layers })
  return {
    method: 'partial',
    from,
    trains: (weight) => trained.has(Number(/^encoder\.layer\.(\d+)\./.exec(weight)?.[1] ?? -1)),
    rank: 0,
    settings: { layers },
  }
}

/** Adapters of this rank beside each matrix of the layers; the encoder itself stays as it is until they are merged. */
export function lowRank(rank: number): TuningPlan {
  return { method: 'lora', from: null, trains: () => false, rank, settings: { rank, alpha: adapterAlpha } }
}

/** The plan of a method that changes the encoder. Throws what `topLayers` throws. */
export function planFor(
  method: TuningPlan['method'],
  encoder: Pick<Encoder, 'name' | 'config'>,
  { layers, rank }: { layers: number; rank: number },
): TuningPlan {
  switch (method) {
    case 'setfit':
      return inPairs
    case 'partial':
      return topLayers(encoder, layers)
    case 'lora':
      return lowRank(rank)
    case 'full':
      return wholeEncoder
  }
}

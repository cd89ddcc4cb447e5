import type * as tf from '@tensorflow/tfjs-core'
import type { HostTensor, HostTensors } from '#runtime/tensor/executor.ts'

/** What the encoder makes of a batch. */
export interface Seen {
  /** Hidden states of the last layer, float32 [batch, length, hidden]. */
  hidden: tf.Tensor
  /** Unit-length sentence vectors, float32 [batch, hidden]. */
  vectors: tf.Tensor
  /** int32 [batch, length], 1 for tokens that are seen. */
  mask: tf.Tensor
}

/** What `contrastLoss` asks for. */
export interface Nearness {
  temperature: number
  /** `pairs` and `block`, each [size, size], of these rows of the lesson, padded to `size`. */
  pairs(rows: readonly number[], size: number): { pairs: HostTensor; block: HostTensor }
}

/** What is learned on top of the encoder: the weights of a head, the truth of a batch, and its loss. */
export interface Task {
  /** The head's weights as they start; their names begin with `head.`. */
  readonly weights: HostTensors
  /**
   * What a batch says of the truth, by names of the task's own (each begins with `truth.`): of these rows, padded to `size` rows of `length` tokens. What
   * stands for padding rows has no weight.
   */
  targets(rows: readonly number[], size: number, length: number): HostTensors
  /** The loss of each row before regularisers, nats, [batch, 1]. `inputs` holds what `targets` gave. */
  rowLoss(weights: Record<string, tf.Tensor>, seen: Seen, inputs: Record<string, tf.Tensor>): tf.Tensor
  /**
   * Weight of the contrast between the rows of a batch where the task is that, or 0 where it learns from a teacher. Default: the
   * recipe's, beside the task's own loss.
   */
  readonly contrast?: number
  /** Which rows of a batch the contrast draws together, and how sharply. Default: those of one label, at the recipe's temperature. */
  readonly nearness?: Nearness
  /**
   * The loss of each row if all answers were equally right, nats, [batch, 1]: what label smoothing pulls towards (Szegedy et al. 2016,
   * section 7).
   */
  evenLoss(weights: Record<string, tf.Tensor>, seen: Seen, inputs: Record<string, tf.Tensor>): tf.Tensor
  /** How far apart two passes over a batch are in what they say of each row, nats, [batch, 1]: see `divergence.ts`. */
  divergence(weights: Record<string, tf.Tensor>, one: Seen, other: Seen, inputs: Record<string, tf.Tensor>): tf.Tensor
  /** What the head says of a batch, each tensor [batch, ...]. */
  scores(weights: Record<string, tf.Tensor>, seen: Seen): Record<string, tf.Tensor>
}

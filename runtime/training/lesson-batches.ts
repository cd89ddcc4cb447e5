import { modelTextOf } from '#kit'
import type { Encoder } from '#runtime/language/encoder.ts'
import { type Encoded, padTokens } from '#runtime/language/tokenizer.ts'
import type { HostTensor, HostTensors } from '#runtime/tensor/executor.ts'
import { floats, ints, sizeOf } from '#runtime/tensor/host-tensor.ts'
import { pairsOf } from './contrast.ts'
import { passInputs } from './encoder-pass.ts'
import type { Lesson } from './fine-tuning.ts'
import { type LengthBatch, paddedRows } from './length-batches.ts'
import type { LowerLayers } from './lower-layers.ts'
import { recipe } from './recipe.ts'
import { seededRandom } from './seeded.ts'
import type { Task } from './task.ts'
import { deleteTokens } from './token-deletion.ts'

/** Turns rows into what `lossProgram` asks for. */
export interface LessonBatches {
  /** The rows of a batch, filled up to `paddedRows`. */
  whole(batch: LengthBatch, seed: number): Promise<HostTensors>
  /** The same in parts of `rows` rows each, for `Trainer.look`; `joinParts` makes them complete. */
  parts(batch: LengthBatch, seed: number, rows: number): Promise<HostTensors[]>
}

export function createLessonBatches(
  encoder: Encoder,
  task: Task,
  { rows, anchors, weights: usual, size }: Omit<Lesson, 'late'> & { size: number },
  encoded: readonly Encoded[],
  lower: LowerLayers | undefined,
): LessonBatches {
  const width = encoder.config.hidden_size

  /** All but what the task says, of `count` rows; those behind the batch's own have no weight. */
  async function common({ rows: chosen, length }: LengthBatch, seed: number, count: number): Promise<HostTensors> {
    const filled = Array.from({ length: count }, (_, i) => chosen[i] ?? chosen[0]!)
    const padded = padTokens(
      filled.map((row) => encoded[row]!),
      encoder.tokenizer.padId,
      length,
    )
    // The lower layers saw the whole text; what a step deletes is not attended to above them, and not pooled.
    const seen = await passInputs(
      lower,
      filled.map((row) => modelTextOf(rows[row]!)),
      padded,
    )
    deleteTokens(padded, recipe.tokenDeletion, seededRandom(seed))
    const weights = new Float32Array(count)
    const before = new Float32Array(count * width)
    for (const [i, row] of chosen.entries()) {
      weights[i] = (usual?.[row] ?? 1) / chosen.length
      before.set(anchors.subarray(row * width, (row + 1) * width), i * width)
    }
    return {
      ...seen,
      mask: ints([count, length], padded.mask),
      rowWeights: floats([count, 1], weights),
      anchors: floats([count, width], before),
    }
  }

  const pairs = (chosen: readonly number[], count: number): HostTensors => ({
    ...(task.nearness?.pairs(chosen, count) ??
      pairsOf(
        chosen.map((row) => rows[row]!.truth),
        count,
      )),
  })

  return {
    async whole(batch, seed) {
      const { rows: chosen, length } = batch
      const count = paddedRows(batch, size)
      const shared = await common(batch, seed, count)
      return { ...shared, ...task.targets(chosen, count, length), ...pairs(chosen, count) }
    },

    async parts(batch, seed, each) {
      const { rows: chosen, length } = batch
      const count = Math.ceil(chosen.length / each) * each
      const shared = await common(batch, seed, count)
      return Array.from({ length: count / each }, (_, i) => ({
        ...Object.fromEntries(Object.entries(shared).map(([name, t]) => [name, rowsOf(t, i * each, each)])),
        ...task.targets(chosen.slice(i * each, (i + 1) * each), each, length),
        // Of all rows: a part's rows are near to or far from those of the others too.
        ...pairs(chosen, paddedRows(batch, size)),
      }))
    },
  }
}

/**
 * Gives each part the vectors of all others, so that the contrastive loss of each is that of the whole batch: the gradient of the
 * batch is the sum of what comes through each part's own rows (Gao et al. 2021, "Scaling Deep Contrastive Learning Batch Size under
 * Memory Limited Setup", section 3). `others` [size, hidden] has zeros where the part's own rows stand, `place` [size, rows] says where.
 */
export function joinParts(parts: readonly HostTensors[], vectors: readonly HostTensor[], size: number): HostTensors[] {
  const [each, width] = vectors[0]!.shape as [number, number]
  return parts.map((part, own) => {
    const others = floats([size, width])
    const place = floats([size, each])
    for (const [i, { data }] of vectors.entries()) {
      const fitting = Math.min(each, size - i * each)
      if (i !== own) others.data.set((data as Float32Array).subarray(0, fitting * width), i * each * width)
      else for (let row = 0; row < fitting; row++) place.data[(i * each + row) * each + row] = 1
    }
    return { ...part, others, place }
  })
}

function rowsOf(t: HostTensor, from: number, count: number): HostTensor {
  const [, ...rest] = t.shape
  const width = sizeOf(rest)
  return { ...t, shape: [count, ...rest], data: t.data.slice(from * width, (from + count) * width) }
}

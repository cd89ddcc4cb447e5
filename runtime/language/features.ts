import { keyOfText, type ModelText } from '#kit'
import type { CompiledProgram, Executor, HostTensors, Program, TensorSpec } from '#runtime/tensor/executor.ts'
import { floats, ints } from '#runtime/tensor/host-tensor.ts'
import { bertHidden, poolHidden, unitLength } from './bert.ts'
import type { Encoder } from './encoder.ts'
import { openFeatureCache } from './feature-cache.ts'
import { padTokens, type TokenBatch } from './tokenizer.ts'

/** Sentence vectors, row-major [rows, width]. */
export interface Features {
  width: number
  vectors: Float32Array
}

export interface FeatureOptions {
  executor: Executor
  /** Where vectors are kept by content hash; none: nothing is kept. */
  cacheFolder?: string
  signal?: AbortSignal
  /** Called after each batch with the share of the work that is done, 0..1. */
  onProgress?: (share: number) => void
}

/** Tokens of one call into the executor: well below half a second on two cores for an encoder of six layers. */
const tokensPerCall = 1024

/** Extracts sentence vectors, many times if wanted: the graph is compiled once. */
export interface FeatureExtractor {
  /** Whether a text's vector is kept already. */
  knows(text: ModelText): boolean
  extract(texts: readonly ModelText[], options?: Omit<FeatureOptions, 'executor' | 'cacheFolder'>): Promise<Features>
  dispose(): Promise<void>
}

/** The encoder's weights as named constants of a traced program. */
export function encoderConstants(encoder: Encoder): HostTensors {
  return Object.fromEntries([...encoder.weights].map(([name, weight]) => [name, floats(weight.shape, weight.data)]))
}

/** What an encoder is given of a batch. */
export function tokenInputs({ rows, length, ids, mask, types }: TokenBatch): HostTensors {
  const shape = [rows, length]
  return { ids: ints(shape, ids), mask: ints(shape, mask), ...(types ? { types: ints(shape, types) } : {}) }
}

const tokens: TensorSpec = { shape: ['batch', 'length'], dtype: 'int32' }

/** Shapes of what `tokenInputs` gives, for batches of any size; `typed`: tokens have types. */
export const tokenSpecs = (typed: boolean): Record<string, TensorSpec> => ({
  ids: tokens,
  mask: tokens,
  ...(typed ? { types: tokens } : {}),
})

/** Vectors of a batch of token ids: hidden states, pooling, and length 1 where the encoder says so. Inputs: those of `tokenInputs`. */
export function sentenceProgram(encoder: Pick<Encoder, 'config' | 'pooling' | 'normalize'>): Program {
  return (inputs) => {
    const hidden = bertHidden(inputs, encoder.config, {
      ids: inputs.ids!,
      mask: inputs.mask!,
      types: inputs.types,
    })
    const pooled = poolHidden(hidden, inputs.mask!, encoder.pooling)
    return { hidden, vectors: encoder.normalize ? unitLength(pooled) : pooled }
  }
}

export async function createFeatureExtractor(
  encoder: Encoder,
  executor: Executor,
  cacheFolder?: string,
): Promise<FeatureExtractor> {
  const width = encoder.config.hidden_size
  const cache = cacheFolder ? await openFeatureCache(cacheFolder, encoder.hash, width) : undefined
  // Compiled at first need: with a warm cache it never is. One program for tokens without types, one for those with.
  const compiled = new Map<boolean, CompiledProgram>()
  const program = sentenceProgram(encoder)
  const compile = async (typed: boolean): Promise<CompiledProgram> => {
    const known = compiled.get(typed)
    if (known) return known
    const fresh = await executor.compile((inputs) => ({ vectors: program(inputs).vectors! }), tokenSpecs(typed), {
      constants: encoderConstants(encoder),
    })
    compiled.set(typed, fresh)
    return fresh
  }
  return {
    knows: (text) => cache?.get(keyOfText(text)) !== undefined,
    async extract(texts, { signal, onProgress } = {}) {
      const keys = texts.map(keyOfText)
      const unique = new Map(texts.map((text, row) => [keys[row]!, text]))
      const missing = [...unique.keys()].filter((key) => !cache?.get(key))
      const computed = missing.length > 0 ? await compute(missing.map((key) => unique.get(key)!)) : new Float32Array()
      if (cache && missing.length > 0) await cache.add(missing, computed)
      const place = new Map(missing.map((key, row) => [key, computed.subarray(row * width, (row + 1) * width)]))
      const vectors = new Float32Array(texts.length * width)
      for (const [row, key] of keys.entries()) vectors.set(place.get(key) ?? cache!.get(key)!, row * width)
      return { width, vectors }

      async function compute(wanted: readonly ModelText[]): Promise<Float32Array> {
        const encoded = wanted.map((text) => encoder.tokenizer.encode(text))
        const result = new Float32Array(wanted.length * width)
        let done = 0
        for (const rows of batchesByLength(
          encoded.map(({ ids }) => ids.length),
          tokensPerCall,
        )) {
          signal?.throwIfAborted()
          const batch = padTokens(
            rows.map((row) => encoded[row]!),
            encoder.tokenizer.padId,
          )
          const graph = await compile(batch.types !== null)
          const { vectors: found } = await graph.run(tokenInputs(batch))
          for (const [index, row] of rows.entries()) {
            result.set((found!.data as Float32Array).subarray(index * width, (index + 1) * width), row * width)
          }
          done += rows.length
          onProgress?.(done / wanted.length)
          // Native calls block; the loop must turn so that stop and heartbeat are heard.
          await new Promise((resolve) => setImmediate(resolve))
        }
        return result
      }
    },
    async dispose() {
      for (const program of compiled.values()) await program.dispose()
    },
  }
}

/** Rows sorted by length and cut into batches of at most `tokens` padded tokens, so that little padding is computed. */
export function batchesByLength(lengths: readonly number[], tokens: number): number[][] {
  const order = lengths.map((_, row) => row).sort((a, b) => lengths[a]! - lengths[b]! || a - b)
  const batches: number[][] = []
  let batch: number[] = []
  for (const row of order) {
    if (batch.length > 0 && (batch.length + 1) * lengths[row]! > tokens) {
      batches.push(batch)
      batch = []
    }
    batch.push(row)
  }
  if (batch.length > 0) batches.push(batch)
  return batches
}

/** One-off extraction. Throws the signal's reason when stopped. */
export async function extractFeatures(
  encoder: Encoder,
  texts: readonly ModelText[],
  options: FeatureOptions,
): Promise<Features> {
  const extractor = await createFeatureExtractor(encoder, options.executor, options.cacheFolder)
  try {
    return await extractor.extract(texts, options)
  } finally {
    await extractor.dispose()
  }
}

import * as ort from 'onnxruntime-node'
import { loadDecoderFrame } from '#runtime/language/decoder/decoder.ts'
import { cacheNames } from '#runtime/language/decoder/next-token-program.ts'
import { answersGraph } from '#runtime/language/decoder/write-answers.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import { openGraph } from './open-graph.ts'
import { pickToken, type Sampling } from './sampling.ts'

export interface GenerateOptions extends Sampling {
  /** Most tokens of the answer. */
  maxTokens: number
  /** The same seed draws the same answer. */
  seed: number
  signal?: AbortSignal
  /** Called with the whole answer so far after each token. */
  onText?: (text: string) => void
}

export interface Generated {
  text: string
  tokens: number
  /** Whether the decoder ended the answer itself. */
  ended: boolean
}

/** A fine-tuned decoder ready to answer: compute processes only, for a call into the graph blocks the event loop. */
export interface LoadedGenerator {
  /** Bytes of memory that its graph takes, about. */
  readonly bytes: number
  /** A call into the graph takes one token of an answer, or `promptStep` of a question; between two the loop turns, so that answers grow side by side. */
  /** Throws the signal's reason when stopped. */
  answer(question: string, options: GenerateOptions): Promise<Generated>
  dispose(): Promise<void>
}

/** Keys and values are kept in a room that grows by so many tokens: each growth is one more shape for the graph. */
const roomStep = 64

/** Most tokens of a question that are read in one call. */
const promptStep = 64

/** Opens a folder that `writeAnswers` wrote. Throws `model-unreadable`, or what `loadDecoderFrame` throws. */
export async function createGenerator(
  folder: string,
  { threads }: { threads?: number } = {},
): Promise<LoadedGenerator> {
  const { config, tokens } = await loadDecoderFrame(folder)
  const { session, bytes } = await openGraph(folder, answersGraph, { threads })
  // A token may hold a part of a character's bytes: it is shown when it is whole.
  const textOf = (said: readonly number[]): string =>
    tokens
      .decode(said)
      .trim()
      .replace(/\uFFFD+$/u, '')
  return {
    bytes,
    async answer(question, options) {
      const random = seededRandom(options.seed)
      const places = config.n_positions - 1
      // A long question loses its beginning, yet no more than half of all places is kept free for the answer.
      const asked = tokens.encode(question.trim()).slice(-(places - Math.min(options.maxTokens, places >> 1)))
      const most = Math.min(options.maxTokens, places - asked.length)
      const cache = createCache(config.n_layer, config.n_head, config.n_embd / config.n_head)
      const said: number[] = []
      const read = [...asked, tokens.endId]
      for (; read.length > promptStep; await turn()) {
        options.signal?.throwIfAborted()
        await cache.run(session, read.splice(0, promptStep))
      }
      let fresh = read
      for (; said.length < most; await turn()) {
        options.signal?.throwIfAborted()
        const scores = await cache.run(session, fresh)
        const token = pickToken(scores, options, random)
        if (token === tokens.endId) return { text: textOf(said), tokens: said.length, ended: true }
        said.push(token)
        options.onText?.(textOf(said))
        fresh = [token]
      }
      return { text: textOf(said), tokens: said.length, ended: false }
    },
    dispose: () => session.release(),
  }
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Keys and values of all tokens so far, [heads, room, depth] a layer, in the room's first `filled` places. */
function createCache(layers: number, heads: number, depth: number) {
  const empty = (room: number) => Array.from({ length: 2 * layers }, () => new Float32Array(heads * room * depth))
  let room = roomStep
  let kept = empty(room)
  let filled = 0

  function grow(wanted: number): void {
    const larger = Math.ceil(wanted / roomStep) * roomStep
    const next = empty(larger)
    for (const [i, own] of kept.entries())
      for (let head = 0; head < heads; head++)
        next[i]!.set(own.subarray(head * room * depth, (head * room + filled) * depth), head * larger * depth)
    kept = next
    room = larger
  }

  return {
    /** Takes tokens in behind those before; returns the scores of the one that follows. */
    async run(session: ort.InferenceSession, ids: readonly number[]): Promise<Float32Array> {
      const shape = [1, heads, room, depth]
      const feeds: Record<string, ort.Tensor> = {
        ids: new ort.Tensor('int32', Int32Array.from(ids), [1, ids.length]),
        first: new ort.Tensor('int32', Int32Array.from([filled]), []),
        seen: new ort.Tensor('float32', new Float32Array(room).fill(1, 0, filled), [room]),
      }
      for (let layer = 0; layer < layers; layer++) {
        const { pastKey, pastValue } = cacheNames(layer)
        feeds[pastKey] = new ort.Tensor('float32', kept[2 * layer]!, shape)
        feeds[pastValue] = new ort.Tensor('float32', kept[2 * layer + 1]!, shape)
      }
      const results = await session.run(feeds)
      if (filled + ids.length > room) grow(filled + ids.length)
      for (let layer = 0; layer < layers; layer++) {
        const { key, value } = cacheNames(layer)
        for (const [part, name] of [key, value].entries()) {
          const own = results[name]!.data as Float32Array
          const size = ids.length * depth
          for (let head = 0; head < heads; head++)
            kept[2 * layer + part]!.set(own.subarray(head * size, (head + 1) * size), (head * room + filled) * depth)
        }
      }
      filled += ids.length
      return results.scores!.data as Float32Array
    },
  }
}

import { keyOfText, type ModelText } from '#kit'
import { bertEmbeddings, bertLayers } from '#runtime/language/bert.ts'
import type { Encoder } from '#runtime/language/encoder.ts'
import { encoderConstants, tokenInputs, tokenSpecs } from '#runtime/language/features.ts'
import type { TokenBatch } from '#runtime/language/tokenizer.ts'
import type { CompiledProgram, Executor, HostTensor } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'

/** Hidden states that are kept at most; texts beyond are computed each time that they are asked for. */
const mostKeptBytes = 2 ** 30

/** The part of an encoder below the layers that are trained: it never changes, so each text goes through it once. */
export interface LowerLayers {
  /**
   * What the lower part makes of a batch, float32 [rows, length, hidden]; zeros behind the end of each text. `texts` are those of
   * the batch's rows, and its mask hides nothing of them. May block the event loop for one forward pass of the batch.
   */
  hidden(texts: readonly ModelText[], batch: TokenBatch): Promise<HostTensor>
  dispose(): Promise<void>
}

/** The embeddings and the layers before `to`, counted as they are applied. Compiled at first need. */
export function createLowerLayers(
  executor: Executor,
  encoder: Encoder,
  to: number,
  keepBytes = mostKeptBytes,
): LowerLayers {
  const width = encoder.config.hidden_size
  /** By text, float32 [tokens, hidden]: as long as the text really is. */
  const kept = new Map<string, Float32Array>()
  let bytes = 0
  let compiled: CompiledProgram | undefined

  async function compute(keys: readonly string[], { length, ids, mask, types }: TokenBatch, wanted: readonly number[]) {
    compiled ??= await executor.compile(
      (inputs) => {
        const embedded = bertEmbeddings(inputs, encoder.config, { ids: inputs.ids!, types: inputs.types })
        return { hidden: bertLayers(inputs, encoder.config, embedded, inputs.mask!, { from: 0, to }) }
      },
      // A training reads single texts or pairs, never both.
      tokenSpecs(types !== null),
      { constants: encoderConstants(encoder) },
    )
    const pick = (all: Int32Array): Int32Array => {
      const picked = new Int32Array(wanted.length * length)
      for (const [to, row] of wanted.entries()) picked.set(all.subarray(row * length, (row + 1) * length), to * length)
      return picked
    }
    const seen = pick(mask)
    const some = { rows: wanted.length, length, ids: pick(ids), mask: seen, types: types && pick(types) }
    const out = (await compiled.run(tokenInputs(some))).hidden!.data
    const states = new Map<string, Float32Array>()
    for (const [i, row] of wanted.entries()) {
      const tokens = seen.subarray(i * length, (i + 1) * length).reduce((sum, one) => sum + one, 0)
      const own = (out as Float32Array).slice(i * length * width, (i * length + tokens) * width)
      states.set(keys[row]!, own)
      if (bytes + own.byteLength > keepBytes) continue
      kept.set(keys[row]!, own)
      bytes += own.byteLength
    }
    // Native calls block; the loop must turn so that stop and heartbeat are heard.
    await new Promise((resolve) => setImmediate(resolve))
    return states
  }

  return {
    async hidden(texts, batch) {
      const keys = texts.map(keyOfText)
      const missing = [...keys.keys()].filter((row) => !kept.has(keys[row]!) && keys.indexOf(keys[row]!) === row)
      const fresh = missing.length > 0 ? await compute(keys, batch, missing) : undefined
      const hidden = floats([batch.rows, batch.length, width])
      for (const [row, key] of keys.entries())
        hidden.data.set(fresh?.get(key) ?? kept.get(key)!, row * batch.length * width)
      return hidden
    },
    async dispose() {
      kept.clear()
      await compiled?.dispose()
    },
  }
}

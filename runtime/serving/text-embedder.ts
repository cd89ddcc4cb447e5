import * as ort from 'onnxruntime-node'
import { BotloomError } from '#kit'
import { loadEncoderFrame } from '#runtime/language/encoder.ts'
import type { SentenceRoles } from '#runtime/language/sentence-modules.ts'
import { padTokens } from '#runtime/language/tokenizer.ts'
import { bucketLength } from '#runtime/training/length-batches.ts'
import { callBounds } from './classifier.ts'
import { groupByLength } from './length-groups.ts'
import { type GraphOptions, openGraph } from './open-graph.ts'

/** A deployed encoder. `embed` blocks the event loop while it computes: compute processes only. */
export interface TextEmbedder {
  /** Bytes of its graph. */
  readonly bytes: number
  /** Unit-length vectors of texts in this role, row-major [texts, width]. */
  embed(texts: readonly string[], role: keyof SentenceRoles): Promise<Float32Array>
  dispose(): Promise<void>
}

/** Opens `file`, ids and mask [batch, length] to `vectors` [batch, width], with the tokenizer beside it. Throws `model-unreadable`. */
export async function openTextEmbedder(
  folder: string,
  file: string,
  encoder: { name: string; width: number },
  options: GraphOptions = {},
): Promise<TextEmbedder> {
  const { width } = encoder
  const { tokenizer, roles } = await loadEncoderFrame(folder, encoder.name, { unprompted: true })
  const { session, bytes } = await openGraph(folder, file, options)
  return {
    bytes,
    async embed(texts, role) {
      const encoded = texts.map((text) => tokenizer.encode(roles[role] + text))
      const lengths = encoded.map(({ ids }) => bucketLength(ids.length, tokenizer.maxLength))
      const found = new Float32Array(texts.length * width)
      for (const call of groupByLength(lengths, callBounds)) {
        const batch = padTokens(
          call.map((row) => encoded[row]!),
          tokenizer.padId,
          Math.max(...call.map((row) => lengths[row]!)),
        )
        const shape = [batch.rows, batch.length]
        const out = await session.run({
          ids: new ort.Tensor('int32', batch.ids, shape),
          mask: new ort.Tensor('int32', batch.mask, shape),
        })
        const own = out.vectors!.data as Float32Array
        if (own.length !== call.length * width)
          throw new BotloomError('model-unreadable', {
            detail: `${file} gives vectors of another width than card.json says`,
          })
        for (const [i, row] of call.entries()) found.set(own.subarray(i * width, (i + 1) * width), row * width)
        // Native calls block; the loop must turn so that new requests are heard.
        await new Promise((resolve) => setImmediate(resolve))
      }
      return found
    },
    dispose: () => session.release(),
  }
}

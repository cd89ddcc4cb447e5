import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { traceProgram } from '#runtime/tensor/trace/program.ts'
import { unitLength } from '../bert.ts'
import type { Encoder } from '../encoder.ts'
import { frameFiles } from '../encoder-files.ts'
import { encoderConstants, sentenceProgram, tokenSpecs } from '../features.ts'
import { copyFiles, hashFiles } from '../model-folder.ts'
import { toSafetensors } from '../safetensors.ts'
import { type KnowledgeCard, knowledgeCard } from './card.ts'
import { keysOf, type Passage } from './passage.ts'

/** Knowledge as it is saved. */
export interface KnowledgeFolder {
  /** Without a prompt of its own; `folder` is where its tokenizer is copied from. */
  encoder: Encoder
  card: Omit<KnowledgeCard, 'files'>
  passages: readonly Passage[]
  /** Unit-length vectors of each passage's keys, passage by passage, row-major [keys, width]. */
  vectors: Float32Array
}

/** The graph that reads questions: ids and mask [batch, length] to unit-length `vectors` [batch, width]. */
export const knowledgeGraph = 'model.onnx'

/** Writes `passages.jsonl` with `vectors.safetensors`, the tokenizer and the graph of the encoder that reads questions, and `card.json`. */
export async function writeKnowledge(folder: string, knowledge: KnowledgeFolder): Promise<KnowledgeCard> {
  const { encoder, card, passages, vectors } = knowledge
  const written = await copyFiles(encoder.folder, folder, frameFiles)
  const put = async (file: string, bytes: Uint8Array | string): Promise<void> => {
    await writeFile(join(folder, file), bytes)
    written.push(file)
  }
  const sentence = sentenceProgram(encoder)
  await put(
    knowledgeGraph,
    traceProgram((inputs) => ({ vectors: unitLength(sentence(inputs).vectors!) }), tokenSpecs(false), {
      constants: encoderConstants(encoder),
    }),
  )
  await put('passages.jsonl', passages.map((passage) => `${JSON.stringify(passage)}\n`).join(''))
  const keys = passages.reduce((sum, passage) => sum + keysOf(passage).length, 0)
  const shape = [keys, encoder.config.hidden_size]
  await put('vectors.safetensors', toSafetensors(new Map([['vectors', { shape, data: vectors }]])))
  const checked = knowledgeCard.parse({ ...card, files: await hashFiles(folder, written) })
  await writeFile(join(folder, 'card.json'), `${JSON.stringify(checked, null, 2)}\n`)
  return checked
}

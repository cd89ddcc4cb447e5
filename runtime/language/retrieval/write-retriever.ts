import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runNoteText } from '#kit'
import { traceProgram } from '#runtime/tensor/trace/program.ts'
import { unitLength } from '../bert.ts'
import type { Encoder } from '../encoder.ts'
import { encoderConstants, sentenceProgram, tokenSpecs } from '../features.ts'
import { copyEncoder, hashFiles } from '../model-folder.ts'
import { toSafetensors } from '../safetensors.ts'
import { type RetrieverCard, retrieverCard, type StoredAnswer } from './retriever-card.ts'

/** A model that finds answers, as it is saved. */
export interface RetrieverCheckpoint {
  /** With the weights as trained, and without a prompt of its own; `folder` is where its tokenizer files are copied from. */
  encoder: Encoder
  /** The encoder's weights are still those of its folder. */
  frozen: boolean
  card: Omit<RetrieverCard, 'files'>
  answers: readonly StoredAnswer[]
  /** Unit-length vectors of the answers, row-major [answers, width]. */
  vectors: Float32Array
}

/** The file of the deployed graph: ids and mask [batch, length] to unit-length `vectors` [batch, width]. */
export const retrieverGraph = 'model.onnx'

/**
 * Writes a model folder: the encoder in Hugging Face layout, `model.onnx`, `answers.jsonl` with `answers.safetensors`, `card.json` and
 * a README.
 */
export async function writeRetriever(folder: string, checkpoint: RetrieverCheckpoint): Promise<RetrieverCard> {
  const { encoder, frozen, card, answers, vectors } = checkpoint
  const written = await copyEncoder(folder, encoder, frozen)
  const put = async (file: string, bytes: Uint8Array | string): Promise<void> => {
    await writeFile(join(folder, file), bytes)
    written.push(file)
  }
  const sentence = sentenceProgram(encoder)
  const graph = traceProgram((inputs) => ({ vectors: unitLength(sentence(inputs).vectors!) }), tokenSpecs(false), {
    constants: encoderConstants(encoder),
  })
  await put(retrieverGraph, graph)
  await put('answers.jsonl', answers.map((answer) => `${JSON.stringify(answer)}\n`).join(''))
  const shape = [answers.length, encoder.config.hidden_size]
  await put('answers.safetensors', toSafetensors(new Map([['vectors', { shape, data: vectors }]])))
  const checked = retrieverCard.parse({ ...card, files: await hashFiles(folder, written) })
  await writeFile(join(folder, 'card.json'), `${JSON.stringify(checked, null, 2)}\n`)
  await writeFile(join(folder, 'README.md'), describeRetriever(checked, encoder))
  return checked
}

const methods: Record<RetrieverCard['method'], string> = {
  head: 'the encoder as it is',
  partial: 'the upper layers fine-tuned',
  lora: 'fine-tuned by adapters, which are merged',
  full: 'fine-tuned whole',
}

function describeRetriever(
  { encoder, method, training, heldOut, bar, answers }: RetrieverCard,
  { roles }: Encoder,
): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  const found = (of: { recall1: number; recall5: number; mrr10: number }): string =>
    `the right answer first for ${percent(of.recall1)}, among the first five for ${percent(of.recall5)}, MRR@10 ${of.mrr10.toFixed(3)}`
  return [
    '# A Botloom model that finds answers',
    '',
    `Finds the nearest of ${answers} answers to a question: ${encoder.name}, ${methods[method]}.`,
    '',
    ...(training.continuedFrom ? [`- Training went on from an earlier model: ${training.continuedFrom.model}.`] : []),
    `- Learned ${training.rows} rows${training.madeRows > 0 ? ` (${training.madeRows} of them made from others)` : ''} (SHA-256 ${training.dataHash}), ${training.epochs} rounds, on ${training.device} in ${training.seconds.toFixed(1)} s.`,
    ...(heldOut
      ? [
          `- On ${heldOut.rows} questions held out, among ${heldOut.answers} answers: ${found(heldOut)}; before training ${found(heldOut.before)}.`,
        ]
      : ['- Too few rows to hold any out: nothing is known of how well it finds answers to other questions.']),
    bar
      ? `- Below a cosine of ${bar.similarity.toFixed(3)} no answer fits; that tells questions without an answer from others with an AUROC of ${bar.auroc.toFixed(3)}.`
      : '- Nothing says from which cosine on an answer fits.',
    ...(training.notes ?? []).map((note) => `- ${runNoteText(note, 'en')}`),
    '',
    `Ahead of a question stands ${JSON.stringify(roles.query)}, ahead of an answer ${JSON.stringify(roles.passage)}. \`model.onnx\` takes \`ids\` and \`mask\` (int32, batch x length) and`,
    'gives `vectors` of unit length; `answers.safetensors` holds those of the lines of `answers.jsonl`; `card.json` says all of this for machines.',
    '',
  ].join('\n')
}

import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runNoteText } from '#kit'
import { traceProgram } from '#runtime/tensor/trace/program.ts'
import { weightsFile } from '../encoder-files.ts'
import { copyFiles, hashFiles } from '../model-folder.ts'
import { toSafetensors } from '../safetensors.ts'
import { type AnswersCard, answersCard, perplexityOf } from './answers-card.ts'
import { type Decoder, decoderConstants, decoderFiles } from './decoder.ts'
import { nextTokenProgram, nextTokenSpecs } from './next-token-program.ts'

/** A decoder that was taught to answer, as it is saved. */
export interface AnswersCheckpoint {
  /** With the weights as trained; `folder` is where its tokenizer files are copied from. */
  decoder: Decoder
  card: Omit<AnswersCard, 'files'>
}

/** The file of the deployed graph: one more token, with a cache of keys and values. */
export const answersGraph = 'model.onnx'

/** Writes a model folder: the decoder in Hugging Face layout, `model.onnx`, `card.json` and a README. */
export async function writeAnswers(folder: string, { decoder, card }: AnswersCheckpoint): Promise<AnswersCard> {
  const written = await copyFiles(decoder.folder, folder, decoderFiles)
  const put = async (file: string, bytes: Uint8Array): Promise<void> => {
    await writeFile(join(folder, file), bytes)
    written.push(file)
  }
  const named = new Map(
    [...decoder.weights].map(([name, weight]) => [name.startsWith('lm_head.') ? name : `transformer.${name}`, weight]),
  )
  await put(weightsFile, toSafetensors(named))
  const constants = decoderConstants(decoder.weights)
  await put(answersGraph, traceProgram(nextTokenProgram(decoder.config), nextTokenSpecs(decoder.config), { constants }))
  const checked = answersCard.parse({ ...card, files: await hashFiles(folder, written) })
  await writeFile(join(folder, 'card.json'), `${JSON.stringify(checked, null, 2)}\n`)
  await writeFile(join(folder, 'README.md'), describeAnswers(checked))
  return checked
}

function describeAnswers({ decoder, training, heldOut }: AnswersCard): string {
  const of = (loss: number): string => `loss ${loss.toFixed(3)} (perplexity ${perplexityOf(loss).toFixed(1)})`
  return [
    '# A Botloom model that writes answers',
    '',
    `${decoder.name}, fine-tuned on questions and their answers. It writes what is likely, not what is checked: read answers before you rely on them.`,
    '',
    ...(training.continuedFrom ? [`- Training went on from an earlier model: ${training.continuedFrom.model}.`] : []),
    `- Learned ${training.rows} rows${training.madeRows > 0 ? ` (${training.madeRows} of them made from others)` : ''} (SHA-256 ${training.dataHash}), ${training.epochs} rounds, on ${training.device} in ${training.seconds.toFixed(1)} s.`,
    ...(heldOut
      ? [
          `- On the ${heldOut.tokens} tokens of ${heldOut.rows} answers held out: ${of(heldOut.loss)}, ${(heldOut.accuracy * 100).toFixed(1)} % of them likeliest; before training ${of(heldOut.before.loss)}.`,
        ]
      : ['- Too few rows to hold any out: nothing is known of how well it answers what it has not learned.']),
    ...(training.notes ?? []).map((note) => `- ${runNoteText(note, 'en')}`),
    '',
    'A text is read as question, end of text, answer, end of text. `model.onnx` takes `ids` (int32, 1 x length), `first` (how many tokens came',
    'before), their keys and values in `past.*` with `seen` saying which places are filled, and gives `scores` of the next token and `present.*`;',
    '`model.safetensors` holds the same weights; `card.json` says all of this for machines.',
    '',
  ].join('\n')
}

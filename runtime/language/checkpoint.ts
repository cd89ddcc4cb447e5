import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type * as tf from '@tensorflow/tfjs-core'
import { runNoteText } from '#kit'
import type { Program } from '#runtime/tensor/executor.ts'
import { floats } from '#runtime/tensor/host-tensor.ts'
import { linear } from '#runtime/tensor/ops/linear.ts'
import { traceProgram } from '#runtime/tensor/trace/program.ts'
import { unitLength } from './bert.ts'
import {
  entityPointsLost,
  type Int8Trial,
  type MethodChoice,
  type ModelCard,
  modelCard,
  pointsLost,
  type ShorterTrial,
  type StoredRow,
} from './card.ts'
import type { Encoder } from './encoder.ts'
import { encoderConstants, sentenceProgram, tokenSpecs } from './features.ts'
import { withLayers } from './keep-layers.ts'
import { copyEncoder, hashFiles } from './model-folder.ts'
import { toSafetensors } from './safetensors.ts'
import type { ScopeScore } from './scope.ts'

/** A linear head: scores = what the encoder gives x weight + bias. `weight` is row-major [width, labels]. */
export interface LinearHead {
  width: number
  labels: number
  weight: Float32Array
  bias: Float32Array
}

/** A trained classifier as it is saved. */
export interface Checkpoint {
  /** With the weights as trained; `folder` is where its tokenizer files are copied from. */
  encoder: Encoder
  /** The encoder's weights are still those of its folder. */
  frozen: boolean
  /** On the unit-length sentence vector. */
  head: LinearHead
  /** Tags of entities, on each hidden state; goes with `card.entities`. */
  tagHead?: LinearHead
  card: Omit<ModelCard, 'files'>
  /** Learned rows and their unit-length vectors, row-major [rows, width]. */
  rows: readonly StoredRow[]
  vectors: Float32Array
}

/**
 * The deployed graph: ids and mask [batch, length], of texts that are read in pairs their types too, to `scores` [batch, labels] and unit-length `vectors` [batch, width]; with a tag head
 * to `tagScores` [batch, length, tags] as well.
 */
export function classifierProgram(encoder: Pick<Encoder, 'config' | 'pooling' | 'normalize'>): Program {
  const sentence = sentenceProgram(encoder)
  return (inputs) => {
    const { hidden, vectors: given } = sentence(inputs)
    const vectors = unitLength(given!)
    const scores = linear(vectors, inputs['head.weight']!, inputs['head.bias']!)
    const outputs: Record<string, tf.Tensor> = { vectors, scores }
    const tagWeight = inputs['head.tags.weight']
    if (tagWeight) outputs.tagScores = linear(hidden!, tagWeight, inputs['head.tags.bias']!)
    return outputs
  }
}

/** The two forms of the deployed graph, and their files in a model folder. */
export type Precision = 'full' | 'int8'
export const graphFiles: Record<Precision, string> = { full: 'model.onnx', int8: 'model.int8.onnx' }

/** The file of the deployed graph. With `int8` the table of words and the layers' matrices are 8-bit numbers; all else stays exact. */
export function classifierGraph(
  checkpoint: Pick<Checkpoint, 'encoder' | 'head' | 'tagHead'> & { card: Pick<ModelCard, 'pairs'> },
  precision: Precision,
): Uint8Array {
  const { encoder } = checkpoint
  const own = encoderConstants(encoder)
  const heads = [...headWeights(checkpoint)].map(([name, { shape, data }]) => [`head.${name}`, floats(shape, data)])
  const constants = { ...own, ...Object.fromEntries(heads) }
  const large = Object.keys(own).filter(
    (name) =>
      own[name]!.shape.length === 2 && /^(?:encoder\.layer\.|embeddings\.(?:word_embeddings|projection)\.)/.test(name),
  )
  const typed = checkpoint.card.pairs && encoder.config.type_vocab_size > 1
  return traceProgram(classifierProgram(encoder), tokenSpecs(typed), {
    constants,
    ...(precision === 'int8' ? { int8: new Set(large) } : {}),
  })
}

/**
 * Writes a model folder: the encoder in Hugging Face layout, `head.safetensors`, `model.onnx`, `rows.jsonl` with
 * `rows.safetensors`, `card.json` and a README.
 */
export async function writeCheckpoint(folder: string, checkpoint: Checkpoint): Promise<ModelCard> {
  const { encoder, head, rows, vectors, card } = checkpoint
  const written = await copyEncoder(folder, encoder, checkpoint.frozen)
  const put = async (file: string, bytes: Uint8Array | string): Promise<void> => {
    await writeFile(join(folder, file), bytes)
    written.push(file)
  }
  if (card.shorter) {
    const json = JSON.parse(await readFile(join(encoder.folder, 'config.json'), 'utf8')) as object
    const own = withLayers(json, encoder.config, encoder.config.num_hidden_layers)
    await put('config.json', `${JSON.stringify(own, null, 2)}\n`)
  }
  await put('head.safetensors', toSafetensors(headWeights(checkpoint)))
  await put(graphFiles.full, classifierGraph(checkpoint, 'full'))
  await put('rows.jsonl', rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  await put(
    'rows.safetensors',
    toSafetensors(new Map([['vectors', { shape: [rows.length, head.width], data: vectors }]])),
  )
  return writeCard(folder, { ...card, files: await hashFiles(folder, [...new Set(written)]) })
}

/** Writes `card.json` and the README that says the same in words. */
export async function writeCard(folder: string, card: ModelCard): Promise<ModelCard> {
  const checked = modelCard.parse(card)
  await writeFile(join(folder, 'card.json'), `${JSON.stringify(checked, null, 2)}\n`)
  await writeFile(join(folder, 'README.md'), describeModel(checked))
  return checked
}

/** All heads' weights as `head.safetensors` names them. */
const headWeights = ({ head, tagHead }: Pick<Checkpoint, 'head' | 'tagHead'>) =>
  new Map([...namedWeights('', head), ...(tagHead ? namedWeights('tags.', tagHead) : [])])

function namedWeights(prefix: string, head: LinearHead): [string, { shape: number[]; data: Float32Array }][] {
  return [
    [`${prefix}bias`, { shape: [head.labels], data: head.bias }],
    [`${prefix}weight`, { shape: [head.width, head.labels], data: head.weight }],
  ]
}

const methods: Record<ModelCard['method'], string> = {
  head: 'a linear head on the frozen encoder',
  setfit: 'a linear head on the encoder, which learned to tell rows of one label from others in pairs',
  partial: 'the upper layers of the encoder fine-tuned with its head',
  lora: 'the encoder fine-tuned by low-rank adapters, which are merged, with its head',
  full: 'the encoder fine-tuned with its head',
}

const scopeWords: Record<ScopeScore, string> = {
  product: 'its confidence times the cube of the similarity with the nearest learned row',
  similarity: 'the similarity with the nearest learned row',
  confidence: 'its confidence',
  energy: 'the energy of its scores',
  distance: 'the Mahalanobis distance to the nearest label',
}

const comparedBy: Record<ModelCard['scope']['by'], string> = {
  outside: 'on the foreign rows of validation',
  labels: 'by leaving labels out',
  none: '',
}

function comparedWords({ by, compared }: ModelCard['scope']): string {
  if (compared.length === 0) return ''
  return ` (area under the ROC curve ${comparedBy[by]}: ${compared.map(({ score, auroc }) => `${score} ${auroc.toFixed(3)}`).join(', ')})`
}

function describeChoice({ why, rows, labels, minutes, fullMinutes, allowed, layers, of }: MethodChoice): string {
  const about = (estimate: number | null): string => `about ${Number((estimate ?? 0).toFixed(1))} minutes`
  const sentences: Record<typeof why, string> = {
    'few-rows': `head: ${rows} rows of ${labels} labels are too few for the encoder to learn from`,
    fits: `full: ${about(minutes)}, ${allowed} allowed`,
    'part-fits': `partial, ${layers} of ${of} layers: ${about(minutes)}, ${allowed} allowed; full: ${about(fullMinutes)}`,
    'nothing-fits': `head: ${about(fullMinutes)} for full, ${allowed} allowed`,
  }
  return sentences[why]
}

const describeEntityLoss = (trial: Pick<Int8Trial, 'entities'>): string =>
  trial.entities ? ` and ${entityPointsLost(trial).toFixed(1)} points of entity F1` : ''

function describeLayers({ layers, of, chosen, rows, entities, size, speedup, ...trial }: ShorterTrial): string {
  const kept = chosen === 'spread' ? 'spread from bottom to top' : 'the lowest'
  const f1 = describeEntityLoss({ entities })
  return `Keeps ${layers} of ${of} layers (${kept}) and learned from the model with all of them: ${(size * 100).toFixed(0)} % of its weights, ${speedup.toFixed(1)} times as fast; it loses ${pointsLost(trial).toFixed(1)} points of accuracy${f1} on ${rows} rows that neither had learned.`
}

function describeModel(card: ModelCard): string {
  const percent = (share: number): string => `${(share * 100).toFixed(1)} %`
  const { training, heldOut, entities, int8, shorter } = card
  return [
    '# A Botloom model',
    '',
    `Sorts a message into one of ${card.labels.length} labels: ${methods[card.method]} (${card.encoder.name}).`,
    '',
    ...(card.pairs ? ['- It reads two texts together, written as one by the tokenizer’s own template.'] : []),
    ...(training.chosen ? [`- The method was chosen automatically: ${describeChoice(training.chosen)}.`] : []),
    ...(training.continuedFrom ? [`- Training went on from an earlier model: ${training.continuedFrom.model}.`] : []),
    `- Learned ${training.rows} rows${training.madeRows > 0 ? ` (${training.madeRows} of them made from others)` : ''} (SHA-256 ${training.dataHash}) on ${training.device} in ${training.seconds.toFixed(1)} s.`,
    ...(Number(training.settings.members ?? 1) > 1
      ? [`- Its weights are the mean of ${training.settings.members} trainings from one start.`]
      : []),
    `- On ${heldOut.rows} rows held out: accuracy ${percent(heldOut.accuracy)}, macro F1 ${percent(heldOut.macroF1)}, calibration error ${percent(heldOut.ece)}.`,
    `- Temperature ${card.calibration.temperature.toFixed(4)}, words of the learned rows weighed in ${card.calibration.words.toFixed(2)} times, ${percent(card.calibration.vote)} of a probability by the nearest of those rows; fitted on ${card.calibration.rows} rows.`,
    ...(entities
      ? [
          `- Finds entities (${entities.types.join(', ')}): F1 ${percent(entities.heldOut.f1)} over ${entities.heldOut.entities} in ${entities.heldOut.rows} rows held out; temperature ${entities.temperature.toFixed(4)}.`,
        ]
      : []),
    `- Tells foreign messages by ${scopeWords[card.scope.score]}${comparedWords(card.scope)}.`,
    ...(training.notes ?? []).map((note) => `- ${runNoteText(note, 'en')}`),
    ...(shorter ? [`- ${describeLayers(shorter)}`] : []),
    ...(int8 === undefined
      ? []
      : [
          `- With 8-bit weights (\`${graphFiles.int8}\`) it loses ${pointsLost(int8).toFixed(1)} points of accuracy${describeEntityLoss(int8)} on ${int8.rows} validation rows and is ${int8.speedup.toFixed(1)} times as fast (${int8.processor}).`,
        ]),
    '',
    `\`model.onnx\` takes \`ids\` and \`mask\`${card.pairs ? ' (and `types`, where the encoder knows token types)' : ''} (int32, batch x length) and gives \`scores\` (before softmax and temperature) and`,
    `\`vectors\`${entities ? ', and `tagScores` of each token (outside; then begin, inside, end and single of each entity)' : ''};`,
    '`model.safetensors` and `head.safetensors` hold the same weights; `card.json` says all of this for machines.',
    '',
    '| label | rows |',
    '|---|---|',
    ...card.labels.map((label) => `| ${label.name.replaceAll('|', '\\|')} | ${label.rows} |`),
    '',
  ].join('\n')
}

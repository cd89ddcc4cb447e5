import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Comes with the product; it reads and cannot write. */
const builtin = 'botloom-zh-en'
/** A decoder that learns to write answers has one way to do so. */
const writing = { learns: ['answers'] }
/** What an encoder learns, and how is for the person to say. */
const reading = { learns: ['labels', 'retrieval'] }
/** Ways to learn labels that are none to learn which answer fits. */
const forLabels: readonly string[] = ['search', 'setfit']
const finding = { learns: ['retrieval'], method: ['automatic', 'partial', 'lora', 'full'] }
/** Methods that change the language model. */
const tuning = [
  { learns: ['labels'], method: ['automatic', 'search', 'setfit', 'partial', 'lora', 'full'] },
  finding,
  writing,
]
/** Of those, the ones that leave learning rate and rounds to the person. */
const setByHand = [{ learns: ['labels'], method: ['automatic', 'setfit', 'partial', 'lora', 'full'] }, finding, writing]
/** Those whose weights may be averaged. */
const averaging = { learns: ['labels'], method: ['automatic', 'search', 'partial', 'full'] }
/** Those of them whose steps learn a label from each text; pairs have none. */
const labelling = { learns: ['labels'], method: ['automatic', 'partial', 'lora', 'full'] }

/** Teaches a language model: an encoder to tell the labels apart or to find answers, or a decoder to write them. */
export const fineTune = defineNode({
  type: 'fine-tune',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'learn',
  icon: 'fine-tune',
  config: z.object({
    learns: z
      .enum(['labels', 'retrieval', 'answers'])
      .default('labels')
      .meta({ title: 'fine-tune.learns', ui: { widget: 'select', group: 'model' } }),
    encoder: z
      .string()
      .min(1)
      .max(200)
      .default(builtin)
      .meta({ title: 'fine-tune.encoder', ref: 'encoder', ui: { widget: 'encoder', group: 'model' } }),
    method: z
      .enum(['automatic', 'search', 'head', 'setfit', 'partial', 'lora', 'full'])
      .default('head')
      .meta({ title: 'fine-tune.method', ui: { widget: 'select', group: 'model', when: reading } }),
    minutes: z
      .number()
      .min(0.1)
      .max(1440)
      .default(10)
      .meta({
        title: 'fine-tune.minutes',
        ui: {
          widget: 'number',
          group: 'model',
          unit: 'unit.minutes',
          when: { ...reading, method: ['automatic', 'search'] },
        },
      }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(48)
      .default(2)
      .meta({
        title: 'fine-tune.layers',
        ui: { widget: 'number', group: 'model', unit: 'unit.layers', when: { ...reading, method: ['partial'] } },
      }),
    entities: z
      .boolean()
      .default(true)
      .meta({ title: 'fine-tune.entities', ui: { widget: 'switch', group: 'model', when: { learns: ['labels'] } } }),
    epochs: z
      .number()
      .int()
      .min(1)
      .max(50)
      .nullable()
      .default(null)
      .meta({
        title: 'fine-tune.epochs',
        ui: { widget: 'slider', group: 'training', unit: 'unit.rounds', when: setByHand },
      }),
    members: z
      .number()
      .int()
      .min(1)
      .max(5)
      .nullable()
      .default(null)
      .meta({
        title: 'fine-tune.members',
        ui: { widget: 'number', group: 'training', unit: 'unit.trainings', when: averaging },
      }),
    learningRate: z
      .number()
      .min(0.000001)
      .max(0.01)
      .nullable()
      .default(null)
      .meta({
        title: 'fine-tune.learningRate',
        ui: { widget: 'number', group: 'training', step: 0.00001, when: setByHand },
      }),
    batchSize: z
      .number()
      .int()
      .min(4)
      .max(256)
      .default(32)
      .meta({
        title: 'fine-tune.batchSize',
        ui: { widget: 'number', group: 'training', unit: 'unit.rows', advanced: true, when: tuning },
      }),
    weightDecay: z
      .number()
      .min(0)
      .max(1)
      .default(0.01)
      .meta({
        title: 'fine-tune.weightDecay',
        ui: { widget: 'number', group: 'training', step: 0.01, advanced: true, when: tuning },
      }),
    warmup: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .meta({
        title: 'fine-tune.warmup',
        ui: { widget: 'slider', group: 'training', step: 0.01, advanced: true, when: tuning },
      }),
    dropout: z
      .number()
      .min(0)
      .max(0.5)
      .default(0.1)
      .meta({
        title: 'fine-tune.dropout',
        ui: { widget: 'slider', group: 'training', step: 0.01, advanced: true, when: tuning },
      }),
    labelSmoothing: z
      .number()
      .min(0)
      .max(0.4)
      .default(0)
      .meta({
        title: 'fine-tune.labelSmoothing',
        ui: { widget: 'slider', group: 'training', step: 0.01, advanced: true, when: labelling },
      }),
    rDrop: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .meta({
        title: 'fine-tune.rDrop',
        ui: { widget: 'number', group: 'training', step: 0.5, advanced: true, when: labelling },
      }),
    adversarial: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .meta({
        title: 'fine-tune.adversarial',
        ui: { widget: 'number', group: 'training', step: 0.1, advanced: true, when: labelling },
      }),
    clipNorm: z
      .number()
      .min(0)
      .max(100)
      .default(1)
      .meta({
        title: 'fine-tune.clipNorm',
        ui: { widget: 'number', group: 'training', step: 0.1, advanced: true, when: tuning },
      }),
    classWeights: z
      .enum(['off', 'balanced'])
      .default('off')
      .meta({
        title: 'fine-tune.classWeights',
        ui: { widget: 'segmented', group: 'training', advanced: true, when: { learns: ['labels'] } },
      }),
    rank: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(8)
      .meta({
        title: 'fine-tune.rank',
        ui: { widget: 'number', group: 'training', advanced: true, when: { ...reading, method: ['lora'] } },
      }),
    keptLayers: z
      .number()
      .int()
      .min(1)
      .max(48)
      .nullable()
      .default(null)
      .meta({
        title: 'fine-tune.keptLayers',
        ui: {
          widget: 'number',
          group: 'model',
          unit: 'unit.layers',
          advanced: true,
          when: { learns: ['labels'], method: ['automatic', 'head', 'setfit', 'partial', 'lora', 'full'] },
        },
      }),
    patience: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(2)
      .meta({
        title: 'fine-tune.patience',
        ui: { widget: 'number', group: 'training', unit: 'unit.rounds', advanced: true, when: tuning },
      }),
    stopBy: z
      .enum(['automatic', 'accuracy', 'macroF1', 'loss'])
      .default('automatic')
      .meta({
        title: 'fine-tune.stopBy',
        ui: { widget: 'select', group: 'training', advanced: true, when: tuning[0] },
      }),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(1)
      .meta({ title: 'fine-tune.seed', ui: { widget: 'number', group: 'training', arbitrary: true, advanced: true } }),
  }),
  inputs: {
    train: port('dataset'),
    validation: port('dataset', { optional: true }),
    start: port('model', { optional: true, endsLabels: true }),
  },
  outputs: { model: port('model') },
  gives: ({ learns }) => (learns === 'labels' ? undefined : learns),
  check: ({ learns, encoder, method, rDrop, dropout }) => [
    ...(learns === 'labels' && labelling.method.includes(method) && rDrop > 0 && dropout === 0
      ? [{ code: 'r-drop-alone', severity: 'warning' as const, field: 'rDrop' }]
      : []),
    ...(learns === 'retrieval' && forLabels.includes(method)
      ? [{ code: 'method-for-labels', severity: 'error' as const, field: 'method' }]
      : []),
    // A model at "start" takes its place, of which a block alone knows nothing.
    ...(learns === 'answers' && encoder === builtin
      ? [{ code: 'built-in-reads', severity: 'warning' as const, field: 'encoder', params: { encoder } }]
      : []),
  ],
  summary: (config) => ({
    key:
      config.learns === 'answers' || config.learns === 'retrieval'
        ? `summary.${config.learns}`
        : `summary.${config.method}${config.method === 'full' && config.epochs !== null ? '-epochs' : ''}`,
    params: {
      encoder: config.encoder,
      epochs: config.epochs ?? '',
      layers: config.layers,
      minutes: config.minutes,
    },
  }),
})

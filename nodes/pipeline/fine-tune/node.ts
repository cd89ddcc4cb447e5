import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Methods that change the encoder. */
const tuning = { learns: ['labels'], method: ['automatic', 'search', 'setfit', 'partial', 'lora', 'full'] }
/** Of those, the ones that leave learning rate and rounds to the person. */
const setByHand = { learns: ['labels'], method: ['automatic', 'setfit', 'partial', 'lora', 'full'] }

/** Those of them whose steps learn answers; pairs have none. */
const answering = { learns: ['labels'], method: ['automatic', 'partial', 'lora', 'full'] }

/** Teaches a language model to tell the labels apart: a head on the encoder as it is, or some or all of the encoder with it. */
export const fineTune = defineNode({
  type: 'fine-tune',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'learn',
  icon: 'fine-tune',
  config: z.object({
    learns: z
      .enum(['labels'])
      .default('labels')
      .meta({ title: 'fine-tune.learns', ui: { widget: 'select', group: 'model' } }),
    encoder: z
      .string()
      .min(1)
      .max(200)
      .default('botloom-zh-en')
      .meta({ title: 'fine-tune.encoder', ref: 'encoder', ui: { widget: 'encoder', group: 'model' } }),
    method: z
      .enum(['automatic', 'search', 'head', 'setfit', 'partial', 'lora', 'full'])
      .default('head')
      .meta({ title: 'fine-tune.method', ui: { widget: 'select', group: 'model' } }),
    minutes: z
      .number()
      .min(0.1)
      .max(1440)
      .default(10)
      .meta({
        title: 'fine-tune.minutes',
        ui: { widget: 'number', group: 'model', when: { method: ['automatic', 'search'] } },
      }),
    layers: z
      .number()
      .int()
      .min(1)
      .max(48)
      .default(2)
      .meta({ title: 'fine-tune.layers', ui: { widget: 'number', group: 'model', when: { method: ['partial'] } } }),
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
      .meta({ title: 'fine-tune.epochs', ui: { widget: 'slider', group: 'training', when: setByHand } }),
    learningRate: z
      .number()
      .min(0.000001)
      .max(0.01)
      .default(0.0001)
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
        ui: { widget: 'slider', group: 'training', step: 0.01, advanced: true, when: answering },
      }),
    rDrop: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .meta({
        title: 'fine-tune.rDrop',
        ui: { widget: 'number', group: 'training', step: 0.5, advanced: true, when: answering },
      }),
    adversarial: z
      .number()
      .min(0)
      .max(10)
      .default(0)
      .meta({
        title: 'fine-tune.adversarial',
        ui: { widget: 'number', group: 'training', step: 0.1, advanced: true, when: answering },
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
      .meta({ title: 'fine-tune.classWeights', ui: { widget: 'segmented', group: 'training', advanced: true } }),
    rank: z
      .number()
      .int()
      .min(1)
      .max(64)
      .default(8)
      .meta({
        title: 'fine-tune.rank',
        ui: { widget: 'number', group: 'training', advanced: true, when: { method: ['lora'] } },
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
          advanced: true,
          when: { method: [...tuning.method.filter((method) => method !== 'search'), 'head'] },
        },
      }),
    patience: z
      .number()
      .int()
      .min(1)
      .max(20)
      .default(2)
      .meta({ title: 'fine-tune.patience', ui: { widget: 'number', group: 'training', advanced: true, when: tuning } }),
    stopBy: z
      .enum(['automatic', 'accuracy', 'macroF1', 'loss'])
      .default('automatic')
      .meta({ title: 'fine-tune.stopBy', ui: { widget: 'select', group: 'training', advanced: true, when: tuning } }),
    seed: z
      .number()
      .int()
      .min(0)
      .max(2_147_483_647)
      .default(1)
      .meta({ title: 'fine-tune.seed', ui: { widget: 'number', group: 'training', advanced: true } }),
  }),
  inputs: {
    train: port('dataset'),
    validation: port('dataset', { optional: true }),
    start: port('model', { optional: true, endsLabels: true }),
  },
  outputs: { model: port('model') },
  check: ({ method, rDrop, dropout }) =>
    answering.method.includes(method) && rDrop > 0 && dropout === 0
      ? [{ code: 'r-drop-alone', severity: 'warning', field: 'rDrop' }]
      : [],
  summary: (config) => ({
    key: `summary.${config.method}${config.method === 'full' && config.epochs !== null ? '-epochs' : ''}`,
    params: {
      encoder: config.encoder,
      epochs: config.epochs ?? '',
      layers: config.layers,
      minutes: config.minutes,
    },
  }),
})

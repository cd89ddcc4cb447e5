import { z } from 'zod'
import { defineNode, port } from '#kit'

/** Reads documents and written answers into passages that the conversation can be answered from. */
export const knowledge = defineNode({
  type: 'knowledge',
  version: 1,
  family: 'pipeline',
  runsOn: 'worker',
  hue: 'data',
  icon: 'knowledge',
  config: z.object({
    documents: z
      .array(z.string().max(1024))
      .max(50)
      .default([])
      .meta({ title: 'knowledge.documents', ref: 'file', ui: { widget: 'documents', group: 'material' } }),
    title: z
      .string()
      .max(100)
      .default('')
      .meta({ title: 'knowledge.title', ui: { widget: 'text', group: 'material' } }),
    text: z
      .string()
      .max(200_000)
      .default('')
      .meta({ title: 'knowledge.text', ui: { widget: 'textarea', group: 'material' } }),
    encoder: z
      .string()
      .min(1)
      .max(200)
      .default('botloom-zh-en')
      .meta({ title: 'knowledge.encoder', ref: 'encoder', ui: { widget: 'encoder', group: 'model', advanced: true } }),
    passageTokens: z
      .number()
      .int()
      .min(32)
      .max(480)
      .default(96)
      .meta({
        title: 'knowledge.passageTokens',
        ui: { widget: 'slider', group: 'passages', step: 16, unit: 'unit.tokens', advanced: true },
      }),
    overlap: z
      .number()
      .int()
      .min(0)
      .max(5)
      .default(1)
      .meta({
        title: 'knowledge.overlap',
        ui: { widget: 'slider', group: 'passages', step: 1, unit: 'unit.sentences', advanced: true },
      }),
  }),
  inputs: {
    faq: port('dataset', { optional: true, endsLabels: true }),
    model: port('model', { optional: true, endsLabels: true }),
  },
  outputs: { knowledge: port('knowledge') },
  summary: ({ documents, text }, { pairs }) => ({
    key: documents.length === 0 && text.trim() === '' && !pairs ? 'summary.empty' : 'summary',
    params: { documents: documents.length + (text.trim() === '' ? 0 : 1) },
  }),
})

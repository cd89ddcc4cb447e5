import { z } from 'zod'
import type { ParsedRecords } from '../records.ts'
import { leaveOut, nothingLabelled, toParsed } from './labelled.ts'

const mark = z.object({ start: z.number().int(), end: z.number().int(), entity: z.string().min(1) })
const example = z.object({ text: z.string(), intent: z.string(), entities: z.array(mark).optional() })
const whole = z.object({
  rasa_nlu_data: z.object({
    common_examples: z.array(z.unknown()).default([]),
    entity_synonyms: z.array(z.unknown()).default([]),
    regex_features: z.array(z.unknown()).default([]),
    lookup_tables: z.array(z.unknown()).default([]),
  }),
})

/** Rasa's older form, which other tools still write; null for any other JSON. */
export function readRasaJson(value: unknown): Omit<ParsedRecords, 'guess'> | null {
  const data = whole.safeParse(value).data?.rasa_nlu_data
  if (!data) return null
  const into = nothingLabelled()
  for (const [i, item] of data.common_examples.entries()) {
    const one = example.safeParse(item).data
    if (!one)
      into.broken.push({ line: i + 1, reason: 'not-an-example', raw: (JSON.stringify(item) ?? '').slice(0, 500) })
    else if (one.text.trim() !== '') {
      const { text, intent, entities = [] } = one
      const spans = entities.map(({ start, end, entity }) => ({
        start: unit(text, start),
        end: unit(text, end),
        type: entity,
      }))
      into.examples.push({ line: i + 1, text, intent, spans })
    }
  }
  leaveOut(into, 'synonyms', data.entity_synonyms.length)
  leaveOut(into, 'regexes', data.regex_features.length)
  leaveOut(into, 'lookups', data.lookup_tables.length)
  return toParsed(into, 'rasa')
}

/** Python counts characters where JavaScript counts UTF-16 units. What lies behind the end stays there. */
function unit(text: string, at: number): number {
  const characters = [...text]
  return at > characters.length ? text.length + 1 : characters.slice(0, at).join('').length
}

import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { type AnyNode, inputPorts, outputPorts } from './define-node.ts'
import { noFacts } from './facts.ts'
import type { FieldUi } from './fields.ts'
import { portTypes } from './ports.ts'

/**
 * The tests that every block gets for free; call it first in each `node.test.ts` with `import.meta.url`.
 * `example` is a config for blocks whose defaults alone are not complete.
 */
export function describeBlock(node: AnyNode, testUrl: string, example: Record<string, unknown> = {}): void {
  const texts = (locale: string): Record<string, string> =>
    JSON.parse(readFileSync(new URL(`./${locale}.json`, testUrl), 'utf8'))

  describe(`${node.type}: the contract of every block`, () => {
    test('the folder bears the name of the type', () => {
      expect(testUrl.split('/').at(-2)).toBe(node.type)
    })

    test('defaults parse and stay as they are when parsed again', () => {
      const once = node.config.parse({})
      expect(node.config.parse(once)).toEqual(once)
      expect(JSON.parse(JSON.stringify(once))).toEqual(once)
    })

    test('ports have known types', () => {
      const config = node.config.parse(example)
      for (const port of [
        ...Object.values(inputPorts(node, config, noFacts)),
        ...Object.values(outputPorts(node, config, noFacts)),
      ])
        expect(Object.keys(portTypes)).toContain(port.type)
    })

    test('migrations reach the current version without a gap', () => {
      expect(Object.keys(node.migrations ?? {}).map(Number)).toEqual(
        Array.from({ length: node.version - 1 }, (_, i) => i + 2),
      )
    })

    test('a setting that was changed before its block was lifted stays as it was set', () => {
      // The studio writes single fields into a stored config, whatever version that is of.
      const set = node.config.parse(example)
      for (const lift of Object.values(node.migrations ?? {})) expect(lift({ ...set })).toMatchObject(set)
    })

    for (const locale of ['zh-CN', 'en'] as const)
      test(`${locale} covers the name, each field, option and port`, () => {
        const known = texts(locale)
        for (const key of wantedKeys(node, example))
          expect(known, `${locale}.json lacks "${key}"`).toHaveProperty([key])
        for (const [key, text] of Object.entries(known)) expect(text, key).not.toBe('')
      })

    for (const locale of ['zh-CN', 'en'] as const)
      test(`${locale} says what the block is for, why each field is asked and what a larger number does`, () => {
        const known = texts(locale)
        expect(known.help, 'what the "?" at its head opens').toMatch(sentence)
        for (const { key, schema, ui } of formFields(node, node.config)) {
          const options = enumOptions(schema)
          // A choice may explain itself choice by choice.
          const reasons = known[`${key}.help`] ? [`${key}.help`] : options.map((option) => `${key}.${option}.help`)
          expect(reasons, `${locale}.json lacks "${key}.help"`).not.toEqual([])
          for (const reason of reasons) expect(known[reason], `${locale}.json: "${reason}"`).toMatch(sentence)
          if (node.family !== 'pipeline' || !isNumber(schema) || ui?.arbitrary) continue
          for (const way of ['larger', 'smaller'])
            expect(known[`${key}.${way}`], `${locale}.json lacks "${key}.${way}"`).toBeTruthy()
        }
      })

    test('both languages have the same keys and the same places to fill', () => {
      const places = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort()
      const zh = texts('zh-CN')
      const en = texts('en')
      expect(Object.keys(zh).sort()).toEqual(Object.keys(en).sort())
      for (const [key, text] of Object.entries(zh)) expect(places(text), key).toEqual(places(en[key] ?? ''))
    })
  })
}

/** Ends as sentences do in either language. */
const sentence = /[.!?。！？]$/

interface FormField {
  /** Locale key below the block's type. */
  key: string
  schema: z.ZodType
  ui: FieldUi | undefined
}

/** Every field that a person fills in, those of list items included. */
function formFields(node: AnyNode, config: z.ZodObject): FormField[] {
  return Object.entries<z.ZodType>(config.shape as Record<string, z.ZodType>).flatMap(([field, schema]) => {
    const { title, ui } = schema.meta() ?? {}
    if (ui?.widget === 'hidden') return []
    if (!title) throw new Error(`field ${field} of ${node.type} has no title`)
    const inner = innerMost(schema)
    const item = inner.def.type === 'array' ? innerMost((inner as z.ZodArray<z.ZodType>).element) : null
    return [
      { key: title.slice(node.type.length + 1), schema, ui },
      ...(item?.def.type === 'object' ? formFields(node, item as z.ZodObject) : []),
    ]
  })
}

function wantedKeys(node: AnyNode, example: Record<string, unknown>): string[] {
  const keys = ['name', 'description', 'help', 'example']
  for (const { key, schema } of formFields(node, node.config))
    keys.push(key, ...enumOptions(schema).map((option) => `${key}.${option}`))
  const config = node.config.parse(example)
  for (const ports of [inputPorts(node, config, noFacts), outputPorts(node, config, noFacts)])
    for (const [id, port] of Object.entries(ports)) if (!port.label && !port.text) keys.push(port.title ?? `port.${id}`)
  return keys
}

function innerMost(schema: z.ZodType): z.ZodType {
  const { innerType } = schema.def as { innerType?: z.ZodType }
  return innerType ? innerMost(innerType) : schema
}

function enumOptions(schema: z.ZodType): string[] {
  const inner = innerMost(schema)
  return inner.def.type === 'enum' ? (inner as z.ZodEnum).options.map(String) : []
}

const isNumber = (schema: z.ZodType): boolean => innerMost(schema).def.type === 'number'

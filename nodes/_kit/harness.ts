import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { type AnyNode, inputPorts, outputPorts } from './define-node.ts'
import { noFacts } from './facts.ts'
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

    for (const locale of ['zh-CN', 'en'] as const)
      test(`${locale} covers the name, each field, option and port`, () => {
        const known = texts(locale)
        for (const key of wantedKeys(node, example))
          expect(known, `${locale}.json lacks "${key}"`).toHaveProperty([key])
        for (const [key, text] of Object.entries(known)) expect(text, key).not.toBe('')
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

function wantedKeys(node: AnyNode, example: Record<string, unknown>): string[] {
  const keys = ['name', 'description', 'example']
  const shape: Record<string, z.ZodType> = node.config.shape
  for (const [field, schema] of Object.entries(shape)) {
    const meta = schema.meta()
    if (meta?.ui?.widget === 'hidden') continue
    if (!meta?.title) throw new Error(`field ${field} of ${node.type} has no title`)
    const key = meta.title.slice(node.type.length + 1)
    keys.push(key)
    for (const option of enumOptions(schema)) keys.push(`${key}.${option}`)
  }
  const config = node.config.parse(example)
  for (const ports of [inputPorts(node, config, noFacts), outputPorts(node, config, noFacts)])
    for (const [id, port] of Object.entries(ports)) if (!port.label && !port.text) keys.push(port.title ?? `port.${id}`)
  return keys
}

function enumOptions(schema: z.ZodType): string[] {
  const def = schema.def as { type: string; innerType?: z.ZodType; entries?: Record<string, string> }
  if (def.innerType) return enumOptions(def.innerType)
  return def.type === 'enum' ? Object.values(def.entries ?? {}) : []
}

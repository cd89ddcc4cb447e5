import { expect, test } from 'vitest'
import { port } from '#kit/ports.ts'
import { foldAbove, foldLines, portLines } from './fold-ports.ts'

const labels = (count: number, untrained: readonly number[] = []) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, i) => [
      `lbl_${i}`,
      port('flow', { label: { name: `label ${i}`, rows: 10, trained: !untrained.includes(i) } }),
    ]),
  )

test('up to twelve ports all stay in sight', () => {
  const { shown, hidden } = foldLines(portLines(labels(foldAbove), {}, false))
  expect(shown).toHaveLength(foldAbove)
  expect(hidden).toEqual([])
})

test('of more, a label that was not learnt yet and the fallback are always in sight, and none is lost', () => {
  const ports = { ...labels(24, [20]), fallback: port('flow') }
  const { shown, hidden } = foldLines(portLines(ports, {}, false))
  expect(shown.map(({ id }) => id)).toEqual(expect.arrayContaining(['lbl_20', 'fallback']))
  expect(shown.length + hidden.length).toBe(25)
})

test('an unlearnt label and a loose end each bear a badge, a wired one and data ports do not', () => {
  const ports = { ...labels(2, [0]), fallback: port('flow') }
  const lines = portLines(ports, { fallback: ['b'] }, false)
  expect(lines.map(({ badge }) => badge)).toEqual(['untrained', 'unconnected', null])
  expect(portLines({ data: port('dataset') }, {}, true)[0]?.badge).toBeNull()
})

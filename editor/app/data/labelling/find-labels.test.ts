import { expect, test } from 'vitest'
import { findLabels } from './find-labels.ts'

const labels = ['track delivery', 'refund', 'return an order', '查物流', '退款', 'Ｒefund status'].map((name, at) => ({
  id: String(at),
  name,
}))
const found = (typed: string) => findLabels(labels, typed).map(({ name }) => name)

test('what begins with the words comes before what holds them, in whatever case and width', () => {
  expect(found('REF')).toEqual(['refund', 'Ｒefund status'])
  expect(found('order')).toEqual(['return an order'])
  expect(found('物流')).toEqual(['查物流'])
})

test('characters in their order find a label as well, and what is nowhere finds none', () => {
  expect(found('trk')).toEqual(['track delivery'])
  expect(found('xyz')).toEqual([])
  expect(found('  ')).toHaveLength(labels.length)
})

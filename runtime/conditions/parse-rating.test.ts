import { expect, test } from 'vitest'
import { findRating } from './parse-rating.ts'

test.each([
  ['4', 4],
  ['５', 5],
  ['3分', 3],
  ['给四星', 4],
  ['五颗星', 5],
  ['五', 5],
  ['两分吧', 2],
  ['5 stars', 5],
  ['I give it 3.', 3],
  ['four stars', 4],
  ['three', 3],
  ['4/5', 4],
  ['2 out of 5', 2],
  ['★★★', 3],
  ['⭐⭐⭐⭐⭐', 5],
  ['满分', 5],
  ['非常满意', 5],
  ['很好', 5],
  ['挺满意的', 4],
  ['还不错', 4],
  ['一般般吧', 3],
  ['不太满意', 2],
  ['很差', 1],
  ['非常不满意', 1],
  ['excellent service', 5],
  ['good', 4],
  ['not bad', 3],
  ['not very good', 2],
  ['terrible', 1],
])('%s is %d of 5', (text, value) => {
  expect(findRating(text, 5)?.value).toBe(value)
})

test.each([
  '0',
  '6',
  '10 stars',
  '4.5',
  '三星半',
  '3 or 4',
  '8/10',
  '★★★★★★',
  '3 days',
  '3个',
  '20%',
  '-2',
  '什么意思',
  'where is my parcel',
  '',
])('%s is none of 5', (text) => {
  expect(findRating(text, 5)).toBeNull()
})

test('of ten points there are ten, and no words for them', () => {
  expect(findRating('10', 10)?.value).toBe(10)
  expect(findRating('8/10', 10)?.value).toBe(8)
  expect(findRating('满分', 10)?.value).toBe(10)
  expect(findRating('很差', 10)).toBeNull()
})

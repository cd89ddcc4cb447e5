import { expect, test } from 'vitest'
import { wordWeights } from './word-weights.ts'

test('the word without which the verdict falls has the weight that it loses, the others none', async () => {
  const asked: string[] = []
  const weights = await wordWeights('where is  my parcel?', 'en', 0.9, async (texts) => {
    asked.push(...texts)
    return texts.map((text) => (text.includes('parcel') ? 0.9 : 0.2))
  })
  expect(asked).toEqual(['is my parcel?', 'where my parcel?', 'where is parcel?', 'where is my ?'])
  expect(weights.map(({ weight }) => Number(weight.toFixed(6)))).toEqual([0, 0, 0, 0.7])
  expect(weights.at(-1)).toMatchObject({ start: 13, end: 19 })
})

test('Chinese is cut into its words, and a word that speaks against the verdict weighs less than nothing', async () => {
  const text = '我的快递怎么还没到'
  const weights = await wordWeights(text, 'zh-CN', 0.6, async (texts) =>
    texts.map((without) => (without.includes('快递') ? 0.8 : 0.1)),
  )
  const words = weights.map(({ start, end }) => text.slice(start, end))
  expect(words.join('')).toBe(text)
  expect(words).toContain('快递')
  for (const { start, end, weight } of weights)
    expect(weight, text.slice(start, end)).toBeCloseTo(text.slice(start, end) === '快递' ? 0.5 : -0.2)
})

test('of one word alone nothing is asked, and of an endless message only so much', async () => {
  const asked: string[][] = []
  const ask = async (texts: string[]) => {
    asked.push(texts)
    return texts.map(() => 0)
  }
  expect(await wordWeights('refund!', 'en', 1, ask)).toEqual([])
  expect(await wordWeights('', 'en', 1, ask)).toEqual([])
  expect(await wordWeights('again '.repeat(500), 'en', 1, ask)).toHaveLength(48)
  expect(asked.map((texts) => texts.length)).toEqual([48])
})

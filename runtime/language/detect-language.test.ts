import { expect, test } from 'vitest'
import { detectLanguage } from './detect-language.ts'

const all = ['zh-CN', 'en', 'ja', 'ko', 'fr', 'de', 'es']

test.each([
  ['我的快递到哪了', 'zh-CN'],
  ['VIP 会员可以打几折', 'zh-CN'],
  ['where is my parcel, please', 'en'],
  ['荷物はどこですか', 'ja'],
  ['제 소포는 어디에 있나요', 'ko'],
  ['où est mon colis, je vous prie', 'fr'],
  ['Wo ist mein Paket und wann kommt es an', 'de'],
])('%s is %s', async (text, language) => {
  expect(await detectLanguage(text, all)).toBe(language)
})

test('only languages of the bot are given', async () => {
  expect(await detectLanguage('我的快递到哪了', ['en'])).toBeUndefined()
  expect(await detectLanguage('où est mon colis', ['zh-CN', 'en'])).not.toBe('fr')
})

test('signs and numbers point to no language', async () => {
  expect(await detectLanguage('12345 !!', all)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { findEmail } from './parse-email.ts'

test.each([
  ['mei@example.com', 'mei@example.com'],
  ['Mei.Lin@Example.COM', 'Mei.Lin@example.com'],
  ['my mail is mei+shop@mail.example.co.uk, thanks', 'mei+shop@mail.example.co.uk'],
  ['write to mei@example.com.', 'mei@example.com'],
  ['我的邮箱是mei@example.com。', 'mei@example.com'],
  ['邮箱mei_88@163.com谢谢', 'mei_88@163.com'],
  ['ｍｅｉ＠ｅｘａｍｐｌｅ．ｃｏｍ', 'mei@example.com'],
  ['mei＠qq.com', 'mei@qq.com'],
  ['<mei@example.com>', 'mei@example.com'],
  ['(mei@example.com)', 'mei@example.com'],
  ['12345@qq.com', '12345@qq.com'],
  ['mei@@example.com or lin@example.com', 'lin@example.com'],
  ['mailto:mei@example.org!', 'mei@example.org'],
  ['mei-lin@my-shop.cn', 'mei-lin@my-shop.cn'],
  ['mei@example.com，电话 13800138000', 'mei@example.com'],
])('%s is %s', (text, value) => {
  expect(findEmail(text)?.value).toBe(value)
})

test.each([
  'mei',
  'mei@',
  '@mei',
  'mei@localhost',
  'mei@example',
  'mei@example.c',
  'mei..lin@example.com',
  'mei.@example.com',
  'mei@-example.com',
  'mei@example..com',
  'mei at example.com',
  'mei@1.5',
  'mei @ example.com',
])('%s is no address', (text) => {
  expect(findEmail(text)).toBeNull()
})

test('it says which part of the words the address is', () => {
  expect(findEmail('Mail Mei@Example.com please')?.text).toBe('Mei@Example.com')
})

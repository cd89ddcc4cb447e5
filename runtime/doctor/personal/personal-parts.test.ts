import { expect, test } from 'vitest'
import { maskPersonal, personalParts } from './personal-parts.ts'

const masked = (text: string) => maskPersonal(text, personalParts(text))

test.each([
  ['我的电话是13800138000，快回', '我的电话是[电话]，快回'],
  ['手机１３８００１３８０００', '手机[电话]'],
  ['座机（0755）26881234', '座机[电话]'],
  ['call +1 415-555-0123 or (212) 555-0100', 'call [phone] or [phone]'],
  ['+44 20 7946 0123 please', '[phone] please'],
])('phone numbers are masked: %s', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test.each([
  ['身份证11010519491231002X没错', '身份证[身份证]没错'],
  ['身份证110105194912310021错了', '身份证110105194912310021错了'],
  ['卡号6222 0212 3456 7895', '卡号6222 0212 3456 7895'],
  ['card 4111 1111 1111 1111', 'card [card]'],
  ['订单1234567890123456', '订单1234567890123456'],
])('a number whose check digit is wrong is an order number: %s', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test.each([
  ['写到 Li.Wei@example.com 吧', '写到 [邮箱] 吧'],
  ['寄到北京市朝阳区建国路88号3栋201室', '寄到[地址]'],
  ['send it to 221 Baker Street', 'send it to [address]'],
  ['24 hours is a long way', '24 hours is a long way'],
  ['这条路3号出口', '这条路3号出口'],
])('mail and street addresses are masked: %s', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test.each([
  ['我叫王小雨，要退货', '我叫[姓名]，要退货'],
  ['我叫不到车', '我叫不到车'],
  ['请找欧阳明先生', '请找[姓名]'],
  ['您先生在吗', '您先生在吗'],
  ['my name is Maya Okafor, hello', 'my name is [name], hello'],
  ['my name is spelled wrong', 'my name is spelled wrong'],
  ['regards Mrs Brown', 'regards [name]'],
])('names are known by what is said before them: %s', (text, expected) => {
  expect(masked(text)).toBe(expected)
})

test('what was masked has nothing left to mask', () => {
  const text = '我叫王小雨，电话13800138000，寄到北京市朝阳区建国路88号，card 4111111111111111'
  expect(personalParts(masked(text))).toEqual([])
})

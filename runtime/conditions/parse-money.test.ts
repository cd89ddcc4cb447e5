import { describe, expect, test } from 'vitest'
import { findMoney } from './parse-money.ts'

describe('as an answer', () => {
  test.each([
    ['￥199', 199],
    ['¥ 1,299.50', 1299.5],
    ['199元', 199],
    ['１９９ 元', 199],
    ['3块5', 3.5],
    ['三块五', 3.5],
    ['3块50', 3.5],
    ['三块零五分', 3.05],
    ['3元5角2分', 3.52],
    ['五毛', 0.5],
    ['一百五十块', 150],
    ['两千块钱吧', 2000],
    ['1.5万元', 15000],
    ['大概三百五', 350],
    ['100多块', 100],
    ['$20.50', 20.5],
    ['US$ 30', 30],
    ['20 bucks', 20],
    ['two hundred dollars', 200],
    ['a hundred and fifty dollars', 150],
    ['three thousand yuan', 3000],
    ['a dollar', 1],
    ['five dollars and fifty cents', 5.5],
    ['ten dollars 50 cents', 10.5],
    ['20 dollars and fifty cents', 20.5],
    ['50 cents', 0.5],
    ['€15', 15],
    ['2k dollars', 2000],
    ['about 80', 80],
    ['199', 199],
    ['两百', 200],
    ['199元2件', 199],
    ['-5元', null],
    ['负五元', null],
    ['3个', null],
    ['3 days', null],
    ['20%', null],
    ['13800138000', null],
    ['2026-11-02', null],
    ['LB20261103', null],
    ['14:30', null],
    ['3pm', null],
    ['不知道', null],
    ['no idea', null],
  ])('%s', (text, value) => {
    expect(findMoney(text)?.value ?? null).toBe(value)
  })
})

describe('amid other words', () => {
  test.each([
    ['I paid $20.50 for two mugs yesterday', 20.5],
    ['花了199元买的，昨天到的', 199],
    ['退我三块五', 3.5],
    ['收了我300块钱运费', 300],
    ['it was twenty bucks', 20],
    ['付了一百五十元', 150],
    ['order 199', null],
    ['要两块蛋糕', null],
    ['我们一块去', null],
    ['3块电池坏了', null],
    ['订单 LB20261103', null],
    ['call 13800138000', null],
    ['I have two hundred questions', null],
  ])('%s', (text, value) => {
    expect(findMoney(text, { amid: true })?.value ?? null).toBe(value)
  })
})

test('it says which part of the words the amount is', () => {
  expect(findMoney('退 3块5 吧')?.text).toBe('3块5')
  expect(findMoney('I paid five dollars and fifty cents there')?.text).toBe('five dollars and fifty cents')
})

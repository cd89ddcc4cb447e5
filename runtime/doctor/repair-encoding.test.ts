import iconv from 'iconv-lite'
import { expect, test } from 'vitest'
import { repairEncoding } from './repair-encoding.ts'

const readAs = (text: string, wrong: string, right = 'utf8') => iconv.decode(iconv.encode(text, right), wrong)

test.each([
  ['我的快递怎么还没到', 'latin1', 'utf8'],
  ['我的快递怎么还没到', 'latin1', 'gbk'],
  ['你好你好', 'gbk', 'utf8'],
  ['I can’t find the café', 'win1252', 'utf8'],
])('%s, read as %s, is what it was again', (text, wrong, right) => {
  expect(repairEncoding(readAs(text, wrong, right))).toEqual({ repaired: text })
})

test.each([
  'déjà vu',
  'créée à Noël',
  '我要退货',
  '联通',
  '¿Dónde está?',
  'naïve café',
  'Ελλάδα',
  'привет',
  '😀',
  'שלום',
  'ok',
])('%s was read rightly', (text) => {
  expect(repairEncoding(text)).toBeNull()
})

test.each(['我要\ufffd货', '锟斤拷锟斤拷', '烫烫烫烫'])('what %s said is lost', (text) => {
  expect(repairEncoding(text)).toEqual({ repaired: null })
})

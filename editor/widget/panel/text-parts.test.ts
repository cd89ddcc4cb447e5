import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { textParts } from './text-parts.ts'

const links = (text: string) => textParts(text).flatMap(({ href }) => href ?? [])

test('web, mail and phone addresses become links', () => {
  expect(links('https://shop.example/a?b=1 mailto:hi@shop.example tel:+8613800000000')).toEqual([
    'https://shop.example/a?b=1',
    'mailto:hi@shop.example',
    'tel:+8613800000000',
  ])
})

test.each([
  'javascript:alert(1)',
  'JaVaScRiPt:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https',
  'java\u0000script:alert(1)',
])('"%s" stays plain text', (text) => {
  expect(textParts(text)).toEqual([{ text }])
})

test('markup is text like any other', () => {
  const text = '<img src=x onerror=alert(1)><a href="javascript:alert(1)">x</a>'
  expect(textParts(text)).toEqual([{ text }])
})

test('a quotation mark ends an address, so that nothing of the sentence gets into it', () => {
  expect(links('see "https://shop.example/"onmouseover=alert(1)')).toEqual(['https://shop.example/'])
})

test('punctuation after an address is not part of it, Chinese or English', () => {
  expect(links('详见 https://shop.example/help，或（https://shop.example/faq）。')).toEqual([
    'https://shop.example/help',
    'https://shop.example/faq',
  ])
  expect(links('See https://shop.example/help.')).toEqual(['https://shop.example/help'])
})

test('nothing of a text is lost or added, and only allowed schemes are linked', () => {
  const piece = fc.oneof(fc.string({ unit: 'grapheme' }), fc.webUrl(), fc.constantFrom('javascript:', ' ', 'tel:1'))
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      const text = pieces.join('')
      const parts = textParts(text)
      expect(parts.map((part) => part.text).join('')).toBe(text)
      for (const href of links(text)) expect(href).toMatch(/^(https?:\/\/|mailto:|tel:)/i)
    }),
  )
})

test('no file of the widget writes markup or code into a page', async () => {
  const root = join(import.meta.dirname, '..')
  const files = (await readdir(root, { recursive: true })).filter((name) => /(?<!\.test)\.(tsx?|js)$/.test(name))
  expect(files.length).toBeGreaterThan(8)
  for (const name of files)
    expect(await readFile(join(root, name), 'utf8'), name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|document\.cookie/,
    )
})

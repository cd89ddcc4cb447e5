import fc from 'fast-check'
import { expect, test } from 'vitest'
import { safeUrl } from './safe-url.ts'
import { checkUrl, fillUrl } from './url-checks.ts'

test('links lead to web, mail and phone; pictures come encrypted, or from one’s own machine', () => {
  const both = (address: string) => [safeUrl(address, 'link') !== null, safeUrl(address, 'image') !== null]
  expect(both('https://shop.example/a?b=1#c')).toEqual([true, true])
  expect(both('http://shop.example/')).toEqual([true, false])
  expect(both('http://localhost:8080/a.png')).toEqual([true, true])
  expect(both('http://127.0.0.1/a.png')).toEqual([true, true])
  expect(both('http://[::1]/a.png')).toEqual([true, true])
  expect(both('http://localhost.shop.example/a.png')).toEqual([true, false])
  expect(both('mailto:hi@shop.example')).toEqual([true, false])
  expect(both('tel:+8613800000000')).toEqual([true, false])
})

test.each([
  'javascript:alert(1)',
  ' JaVaScRiPt:alert(1)',
  'java\nscript:alert(1)',
  '\u0001javascript:alert(1)',
  'data:text/html,<script>alert(1)</script>',
  'data:image/svg+xml,<svg onload=alert(1)>',
  'vbscript:x',
  'file:///etc/passwd',
  'blob:https://shop.example/1',
  'ftp://shop.example/',
  '//shop.example/a.png',
  '/a.png',
  'shop.example/a.png',
  'https://',
  'https://bank.example@shop.example/',
  'https://a:b@shop.example/a.png',
  '',
])('"%s" is never used', (address) => {
  expect(safeUrl(address, 'link')).toBeNull()
  expect(safeUrl(address, 'image')).toBeNull()
})

test('whatever a value is, it stays a piece of the address that it is put into', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), fc.webUrl(), fc.constantFrom('../..', '\ud800')), (value) => {
      const filled = fillUrl('https://shop.example/orders/{{order}}?from=bot', 'link', () => value)
      if (filled === null) return
      const { origin, pathname, search } = new URL(filled)
      expect(origin).toBe('https://shop.example')
      expect(search).toBe('?from=bot')
      expect(pathname.startsWith('/orders/') || value === '.' || value === '..').toBe(true)
    }),
  )
})

test('a value cannot become the host, the scheme or an address of its own', () => {
  expect(fillUrl('https://{{x}}.shop.example/', 'link', () => 'evil.example/')).toBeNull()
  expect(fillUrl('{{x}}', 'link', () => 'javascript:alert(1)')).toBeNull()
  expect(fillUrl('{{x}}', 'link', () => 'https://shop.example/')).toBeNull()
  expect(fillUrl('mailto:{{x}}', 'link', () => 'a@b.example?bcc=c@d.example')).toBe(
    'mailto:a%40b.example%3Fbcc%3Dc%40d.example',
  )
  expect(fillUrl('https://shop.example/{{x}}', 'link', () => undefined)).toBe('https://shop.example/')
})

test('an address is checked as it would be filled', () => {
  const view = { languages: ['en'], names: ['order'] }
  const codes = (address: string, use: 'link' | 'image') => checkUrl('at', address, use, view).map(({ code }) => code)
  expect(codes('', 'link')).toEqual([])
  expect(codes(' https://shop.example/{{order}} ', 'link')).toEqual([])
  expect(codes('https://shop.example/{{nobody}}', 'image')).toEqual(['unknown-name'])
  expect(codes('{{order}}', 'link')).toEqual(['link-address'])
  expect(codes('http://shop.example/a.png', 'image')).toEqual(['image-address'])
})

import { expect, it } from 'vitest'
import { parseOrigin } from './parse-origin.ts'

it.each([
  ['https://shop.example', 'https://shop.example'],
  [' https://Shop.Example/ ', 'https://shop.example'],
  ['shop.example', 'https://shop.example'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['https://shop.example:443', 'https://shop.example'],
  ['https://商店.example', 'https://xn--czrs0t.example'],
])('takes %s as the site that browsers call %s', (typed, origin) => {
  expect(parseOrigin(typed)).toEqual({ issue: null, origin })
})

it.each(['https://shop.example/cart', 'shop.example/?from=mail', 'https://shop.example/#top'])(
  'takes no page for its site, and tells the site: %s',
  (typed) => {
    expect(parseOrigin(typed)).toEqual({ issue: 'path', origin: 'https://shop.example' })
  },
)

it.each([
  ['our shop', 'not-address'],
  ['ftp://shop.example', 'not-address'],
  ['javascript://x', 'not-address'],
  ['https://me:secret@shop.example', 'not-address'],
  ['https://*.shop.example', 'wildcard'],
])('refuses %s, since it is %s', (typed, issue) => {
  expect(parseOrigin(typed)).toEqual({ issue })
})

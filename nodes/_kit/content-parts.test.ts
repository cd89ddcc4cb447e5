import { expect, test } from 'vitest'
import { cardsIn, imageIn, paceOf } from './content-parts.ts'

test('a picture is read from a part, and nothing from one whose address may not be loaded', () => {
  const url = 'https://cdn.example/a.png'
  expect(imageIn({ type: 'image', url, text: 'A tote' })).toEqual({ url, text: 'A tote' })
  expect(imageIn({ type: 'image', url, text: 7 })).toEqual({ url, text: '' })
  for (const bad of ['javascript:alert(1)', 'data:image/svg+xml,x', 'http://cdn.example/a.png', '', null, {}])
    expect(imageIn({ type: 'image', url: bad, text: 'A tote' })).toBeNull()
  expect(imageIn({ type: 'text', url })).toBeNull()
})

test('cards are read whatever was sent: what is no card is left out, and what may not be opened is no link', () => {
  const link = { url: 'https://shop.example/', text: 'View' }
  expect(
    cardsIn({
      type: 'cards',
      cards: [
        { title: 'Tote', text: '¥129', image: 'https://cdn.example/a.png', link },
        { title: 'Mug', image: 'data:x', link: { ...link, url: 'javascript:alert(1)' } },
        { title: 'Call us', link: { url: 'tel:+8613800000000' } },
        { text: 'no title' },
        { title: { en: 'Tote' } },
        null,
        'Tote',
      ],
    }),
  ).toEqual([
    { title: 'Tote', text: '¥129', image: 'https://cdn.example/a.png', link },
    { title: 'Mug', text: '' },
    { title: 'Call us', text: '', link: { url: 'tel:+8613800000000', text: 'tel:+8613800000000' } },
  ])
  expect(cardsIn({ type: 'cards', cards: 'Tote' })).toEqual([])
  expect(cardsIn({ type: 'text', cards: [{ title: 'Tote' }] })).toEqual([])
})

test('longer words are typed longer, within what a reader bears', () => {
  expect([paceOf('Hi'), paceOf('x'.repeat(40)), paceOf('x'.repeat(4000))]).toEqual([400, 1000, 1500])
})

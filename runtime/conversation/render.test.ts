import { expect, test } from 'vitest'
import type { PartTemplate } from '#kit'
import { plainText, renderMessage } from './render.ts'

const view = { language: 'en', variables: { order: 'A/1', nothing: null }, parameters: { brand: 'Little Boat' } }
const render = (...parts: PartTemplate[]) => renderMessage(parts, 'block', view)
const text = (en: string) => ({ en })
const card = (rest: object = {}) => ({
  title: text('Tote'),
  text: {},
  image: '',
  link: { url: '', text: {} },
  ...rest,
})

test('places in texts and addresses are filled, in an address so that a value stays a piece of it', () => {
  expect(
    render(
      { type: 'text', text: text('{{brand}}: {{order}}') },
      { type: 'image', url: 'https://cdn.example/{{order}}.png', text: text('Order {{order}}') },
    )?.parts,
  ).toEqual([
    { type: 'text', text: 'Little Boat: A/1' },
    { type: 'image', url: 'https://cdn.example/A%2F1.png', text: 'Order A/1' },
  ])
})

test('what may not be shown is left out; a message of nothing else is none, however long it would have been typed', () => {
  expect(render({ type: 'image', url: 'javascript:alert(1)', text: text('A tote') })).toBeNull()
  expect(render({ type: 'cards', cards: [card({ title: text('{{nothing}}') })] }, { type: 'pace' })).toBeNull()
  expect(render({ type: 'cards', cards: [card({ image: 'http://cdn.example/a.png' })] })?.parts).toEqual([
    { type: 'cards', cards: [{ title: 'Tote', text: '' }], text: 'Tote' },
  ])
})

test('a channel without parts reads what pictures show, and cards with the addresses of their links', () => {
  const link = { url: 'https://shop.example/tote', text: text('View') }
  const message = render(
    { type: 'image', url: 'https://cdn.example/a.png', text: text('A tote bag') },
    { type: 'cards', cards: [card({ text: text('¥129'), link }), card({ link: { ...link, text: {} } })] },
    { type: 'pace' },
    { type: 'buttons', options: [{ value: 'a', text: text('Yes') }] },
  )
  expect(message?.text).toBe(
    'A tote bag\nTote\n¥129\nView: https://shop.example/tote\nTote\nhttps://shop.example/tote\n1. Yes',
  )
  expect(plainText(message!.parts)).toBe(message!.text)
  expect(message!.parts.at(-1)).toEqual({ type: 'pace', ms: 1500 })
})

test('a message that only tells how things stand is the system’s, with its time or without', () => {
  expect(render({ type: 'notice', text: text('Closed') }, { type: 'pace' })?.role).toBe('system')
})

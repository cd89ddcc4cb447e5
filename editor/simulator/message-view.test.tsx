import i18next from 'i18next'
import { renderToStaticMarkup } from 'react-dom/server'
import { initReactI18next } from 'react-i18next'
import { beforeAll, expect, test } from 'vitest'
import { loadTexts } from '#editor/app/i18n.ts'
import type { Part } from '#kit/define-step.ts'
import type { Message } from '#server/api/dto.ts'
import { MessageView } from './message-view.tsx'

beforeAll(async () => {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: false,
    keySeparator: false,
    resources: {},
    interpolation: { escapeValue: false },
    react: { useSuspense: false },
  })
  await loadTexts('en')
})

function draw(parts: Part[], text = ''): string {
  const message = { id: 'm1', seq: 1, role: 'bot', parts, text, language: 'en', at: '2026-11-24T04:00:00Z' } as Message
  return renderToStaticMarkup(
    <MessageView
      message={message}
      live
      open={false}
      onPick={() => {}}
      onRerun={null}
      onChoose={() => {}}
      onFile={() => {}}
      conversation="cnv"
    />,
  )
}
const why = (markup: string) => markup.match(/aria-label="[^"]*why this answer\?"/g) ?? []

test('a part without words, such as the pace, draws nothing', () => {
  expect(why(draw([{ type: 'text', text: 'Hi' }, { type: 'pace', ms: 400 }, { type: 'strange' }]))).toEqual([
    'aria-label="Hi — why this answer?"',
  ])
})

test('a picture says what it shows, tells its server nothing of the page, and can be asked why', () => {
  const markup = draw([{ type: 'image', url: 'https://cdn.example/a.png', text: 'A tote' }])
  expect(markup).toMatch(/<img(?=[^>]*loading="lazy")(?=[^>]*referrerPolicy="no-referrer")(?=[^>]*alt="A tote")/i)
  expect(why(markup)).toEqual(['aria-label="A tote — why this answer?"'])
})

test('a picture from an address that may not be loaded is its words', () => {
  const markup = draw([{ type: 'image', url: 'javascript:alert(1)', text: 'A tote' }])
  expect(markup).not.toContain('<img')
  expect(markup).not.toContain('javascript:')
  expect(markup).toContain('A tote')
})

test('links of cards open beside the studio and lead where they may; cards alone can still be asked why', () => {
  const cards = [
    { title: 'Tote', text: '', link: { url: 'https://shop.example/', text: 'View' } },
    { title: 'Mug', text: '', link: { url: 'javascript:alert(1)', text: 'View' } },
  ]
  const markup = draw([{ type: 'cards', cards, text: 'Tote\nMug' }], 'Tote\nMug')
  expect(markup.match(/<a [^>]*>/g)).toEqual([
    expect.stringMatching(
      /(?=.*href="https:\/\/shop\.example\/")(?=.*target="_blank")(?=.*rel="noopener noreferrer nofollow")/,
    ),
  ])
  expect(markup).toContain('1 / 2')
  expect(why(markup)).toHaveLength(1)
  expect(draw([{ type: 'cards', cards: cards.slice(0, 1), text: 'Tote' }])).not.toContain('1 / 1')
})

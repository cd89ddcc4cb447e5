import type { FoundPassage } from '#kit'
import { graphOf } from '../../drivers/chat.ts'
import { ask, judge, orderNumber, say, type TranscriptBot } from './parts.ts'

const passage = (id: string, score: number, answer: string, rest: Partial<FoundPassage> = {}): FoundPassage => ({
  id,
  source: { title: '读者手册', headings: ['借阅'], page: 3 },
  answer,
  score,
  similarity: score,
  words: score,
  ...rest,
})

const english = { title: 'Reader guide', headings: ['Lending'], page: 3, url: 'https://library.example/guide' }
const known: readonly (readonly [RegExp, FoundPassage])[] = [
  [/借多久|续借/, passage('zh', 0.8, '图书可以借三十天。', { more: '到期前三天内可以续借一次。' })],
  [
    /lend|keep|borrow/i,
    passage('en', 0.8, 'Books are lent for {{thirty}} days.', { source: english, more: 'They can be renewed once.' }),
  ],
  [
    /押金/,
    passage('faq', 0.9, '不需要押金。', { source: { title: '帮助中心', headings: [], question: '要交押金吗？' } }),
  ],
  [
    /deposit/i,
    passage('faq', 0.9, 'No deposit is needed.', {
      source: { title: '', headings: [], question: 'Is there a deposit?' },
    }),
  ],
]

/** A bot that answers from what a library has written down, and takes a card number for all else. */
export const library: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      k: { type: 'knowledge-answer' },
      card: ask('card', '借书证号多少？', 'What is the number of your card?', orderNumber),
      done: say('馆员会联系 {{card}}。', 'A librarian will write to {{card}}.'),
      person: { type: 'hand-over' },
    },
    ['s -> k', 'k/unknown -> card', 'card -> done', 'k/unhelpful -> person'],
  ),
  classify: judge([]),
  retrieve: (text) => {
    const found = known.find(([words]) => words.test(text))?.[1] ?? passage('other', 0.2, '闭馆时间另行通知。')
    return { result: { passages: [found], ms: 1 }, floor: 0.5 }
  },
}

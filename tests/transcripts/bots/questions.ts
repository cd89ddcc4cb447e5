import { graphOf } from '../../drivers/chat.ts'
import {
  again,
  ask,
  hours,
  judge,
  openingHours,
  option,
  orderNumber,
  say,
  ship,
  shipping,
  type TranscriptBot,
} from './parts.ts'

/**
 * A bot that asks for one thing and says what it understood. After two answers that do not fit, who listens behind `failed` reads the last
 * one as a question.
 */
function question(
  zh: string,
  en: string,
  config: Record<string, unknown>,
  blocks: Parameters<typeof graphOf>[0] = {},
  wires: readonly string[] = [],
): TranscriptBot {
  return {
    graph: graphOf(
      {
        s: { type: 'start' },
        q: ask('answer', zh, en, {
          tries: 2,
          ...again('没看懂，请再说一次。', 'I did not get that. Once more?'),
          ...config,
        }),
        done: say('记下了：{{answer}}', 'Noted: {{answer}}'),
        listen: { type: 'intent', config: { clarify: false } },
        hours: openingHours,
        ship: shipping,
        ...blocks,
      },
      ['s -> q', 'q -> done', 'q/failed -> listen', 'listen/lbl_hours -> hours', 'listen/lbl_ship -> ship', ...wires],
    ),
    classify: judge([hours, ship]),
  }
}

const sizes = [option('S', '小号', 'Small'), option('M', '中号', 'Medium'), option('L', '大号', 'Large')]
const extras = [option('box', '礼盒', 'Gift box'), option('card', '贺卡', 'Card'), option('bag', '手提袋', 'Bag')]

/** One for each kind of answer. */
export const questions = {
  'order-number': question('订单号多少？', 'What is your order number?', orderNumber),
  date: question('什么时候买的？', 'When did you buy it?', { kind: 'date', dates: 'past' }),
  'coming-date': question('哪天送？', 'Which day shall we come?', { kind: 'date', dates: 'future' }),
  time: question('几点方便接电话？', 'When may we call?', { kind: 'time', dates: 'future' }),
  money: question('退款多少钱？', 'How much do we owe you?', { kind: 'money', min: 1, max: 5000 }),
  phone: question('手机号多少？', 'What is your phone number?', { kind: 'phone' }),
  mail: question('发票寄到哪个邮箱？', 'Where shall the invoice go?', { kind: 'email' }),
  'yes-no': question(
    '要礼品包装吗？',
    'Shall we wrap it?',
    { kind: 'yes-no' },
    {
      done: {
        type: 'condition',
        config: { branches: [{ id: 'yes', rows: [{ id: '1', variable: 'answer', operator: 'is-true', value: '' }] }] },
      },
      wrapped: say('好的，包起来。', 'We wrap it.'),
      plain: say('好的，不包。', 'No paper, then.'),
    },
    ['done/branch:yes -> wrapped', 'done/else -> plain'],
  ),
  receipt: question('请发一下收据。', 'Please send the receipt.', { kind: 'file' }),
  rating: question('给这次服务打几分？', 'How did we do?', { kind: 'rating' }),
  size: question('要什么尺码？', 'Which size?', { kind: 'choice', choices: sizes }),
  extras: question('要加什么？', 'What shall we add?', { kind: 'choice', choices: extras, several: true }),
  number: question('要几件？', 'How many?', { kind: 'number', min: 1, max: 20 }),
  text: question('贺卡上写什么？', 'What shall the card say?', { kind: 'text', minLength: 2, maxLength: 20 }),
} satisfies Record<string, TranscriptBot>

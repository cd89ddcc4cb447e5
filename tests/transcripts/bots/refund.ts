import { graphOf } from '../../drivers/chat.ts'
import { ask, forget, hello, judge, say, type TranscriptBot } from './parts.ts'

/** What was bought within a week is paid back, more than 1000 by a person; what is older is not; misses are counted. */
export const refund: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false, ladder: false } },
      forget: forget('amount', 'bought'),
      amount: ask('amount', '退多少钱？', 'How much was it?', { kind: 'money' }),
      bought: ask('bought', '哪天买的？', 'When did you buy it?', { kind: 'date', dates: 'past' }),
      check: {
        type: 'condition',
        config: {
          branches: [
            { id: 'old', rows: [{ id: '1', variable: 'bought', operator: 'older-than-days', value: 7 }] },
            { id: 'much', rows: [{ id: '1', variable: 'amount', operator: 'greater', value: 1000 }] },
          ],
        },
      },
      old: say('{{bought}} 买的已经超过七天，不能退了。', '{{bought}} is more than a week ago, so it cannot go back.'),
      much: {
        type: 'hand-over',
        config: {
          message: {
            'zh-CN': '{{amount}} 元要人工审核，我转给同事。',
            en: '{{amount}} has to be looked at by a person.',
          },
        },
      },
      paid: say('{{amount}} 元三天内退给您。', '{{amount}} will be paid back within three days.'),
      missed: {
        type: 'condition',
        config: {
          branches: [{ id: 'twice', rows: [{ id: '1', variable: 'misses', operator: 'at-least', value: 2 }] }],
        },
      },
      first: say('没明白，换个说法？', 'I did not get that. In other words?'),
      menu: say('我只会办退款。', 'I can only pay money back.'),
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_refund -> forget',
      'forget -> amount',
      'amount -> bought',
      'bought -> check',
      'check/branch:old -> old',
      'check/branch:much -> much',
      'check/else -> paid',
      'listen/fallback -> missed',
      'missed/branch:twice -> menu',
      'missed/else -> first',
      'first -> listen',
      'menu -> listen',
    ],
  ),
  classify: judge([['refund', /退款|退钱|refund|money back/i]]),
}

import { graphOf } from '../../drivers/chat.ts'
import { ask, hello, hours, judge, openingHours, orderNumber, say, type TranscriptBot } from './parts.ts'

/** Four topics that each ask for something, one that hands over, one that says goodbye; two of them ask for the same order. */
export const counter: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false } },
      order: ask('order', '退哪一单？', 'Which order goes back?', orderNumber),
      why: ask('why', '为什么退？', 'Why does it go back?', {
        kind: 'choice',
        choices: [
          { id: 'broken', text: { 'zh-CN': '坏了', en: 'Broken' } },
          { id: 'small', text: { 'zh-CN': '太小', en: 'Too small' } },
        ],
      }),
      returned: say('{{order}} 的退货登记好了。', 'The return of {{order}} is noted.'),
      parcel: ask('order', '查哪一单？', 'Which order shall I look up?', orderNumber),
      underway: say('{{order}} 在路上了。', '{{order}} is on its way.'),
      mail: ask('mail', '发票寄到哪个邮箱？', 'Which address shall the invoice go to?', { kind: 'email' }),
      invoice: say('发票发到 {{mail}}。', 'The invoice goes to {{mail}}.'),
      phone: ask('phone', '电话多少？', 'What is your phone number?', { kind: 'phone' }),
      repair: say('师傅会打 {{phone}}。', 'Somebody will call {{phone}}.'),
      day: ask('day', '哪天来店里？', 'On which day will you come?', { kind: 'date', dates: 'future' }),
      visit: say('{{day}} 见。', 'See you on {{day}}.'),
      hours: openingHours,
      desk: {
        type: 'hand-over',
        config: { message: { 'zh-CN': '这件事请店长来谈。', en: 'The manager will talk to you about this.' } },
      },
      bye: { type: 'end', config: { text: { 'zh-CN': '再见！', en: 'Goodbye!' } } },
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_return -> order',
      'order -> why',
      'why -> returned',
      'listen/lbl_parcel -> parcel',
      'parcel -> underway',
      'listen/lbl_invoice -> mail',
      'mail -> invoice',
      'listen/lbl_repair -> phone',
      'phone -> repair',
      'listen/lbl_visit -> day',
      'day -> visit',
      'listen/lbl_hours -> hours',
      'listen/lbl_wholesale -> desk',
      'listen/lbl_bye -> bye',
    ],
  ),
  classify: judge([
    ['return', /退货|退了|return/i],
    ['parcel', /到哪|物流|where is|where's|track/i],
    ['invoice', /发票|invoice/i],
    ['repair', /修|repair|fix/i],
    ['visit', /去店里|到店|visit|come by/i],
    ['wholesale', /批发|wholesale|reseller/i],
    ['bye', /拜拜|再见|没事了|bye/i],
    hours,
  ]),
}

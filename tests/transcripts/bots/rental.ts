import { graphOf } from '../../drivers/chat.ts'
import { ask, forget, hello, judge, say, type TranscriptBot } from './parts.ts'

/** A bicycle is rented from a day to a day; the second phone number is always asked for, whatever was said before. */
export const rental: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false } },
      forget: forget('first', 'last', 'phone', 'second'),
      first: ask('first', '从哪天开始租？', 'From which day?', { kind: 'date', dates: 'future' }),
      last: ask('last', '租到哪天？', 'Until which day?', { kind: 'date', dates: 'future' }),
      phone: ask('phone', '您的电话？', 'What is your phone number?', { kind: 'phone' }),
      second: ask('second', '再留一个紧急联系电话。', 'And whom may we call in an emergency?', {
        kind: 'phone',
        prefill: false,
      }),
      done: say(
        '{{first}} 到 {{last}}，电话 {{phone}}，紧急联系 {{second}}。',
        'From {{first}} to {{last}}; {{phone}}, in an emergency {{second}}.',
      ),
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_rent -> forget',
      'forget -> first',
      'first -> last',
      'last -> phone',
      'phone -> second',
      'second -> done',
    ],
  ),
  classify: judge([['rent', /租|rent|bike/i]]),
}

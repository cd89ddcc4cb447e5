import { graphOf } from '../../drivers/chat.ts'
import {
  again,
  ask,
  forget,
  hello,
  judge,
  openingHours,
  orderNumber,
  redOrBlue,
  say,
  shipping,
  type TranscriptBot,
} from './parts.ts'

export const shopTopics = judge([
  ['return', /退货|退掉|return|send it back/i],
  ['ship', /发货|包邮|广州|ship|deliver/i],
  ['hours', /几点|开门|营业|open|hours/i],
  ['address', /地址|address/i],
])

/**
 * A shop: a return asks for an order, a day and a colour; shipping and hours are answered in a sentence; an address asks for a city in
 * free words.
 */
export const shop: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false } },
      order: ask('order', '请告诉我订单号。', 'What is your order number?', orderNumber),
      day: ask('day', '哪天收到的？', 'On which day did it arrive?', {
        kind: 'date',
        dates: 'past',
        ...again('请说一个日期，比如昨天。', 'Please name a day, such as yesterday.'),
      }),
      colour: ask('colour', '换成什么颜色？', 'Which colour would you like instead?', redOrBlue),
      done: say(
        '好的：{{order}}，{{day}} 收到，换成 {{colour}}。',
        'All right: {{order}}, arrived {{day}}, {{colour}} instead.',
      ),
      forget: forget('order', 'day', 'colour'),
      ship: shipping,
      hours: openingHours,
      city: ask('city', '寄到哪个城市？', 'Which city shall it go to?'),
      sent: say('寄到{{city}}。', 'It goes to {{city}}.'),
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_return -> forget',
      'forget -> order',
      'order -> day',
      'day -> colour',
      'colour -> done',
      'listen/lbl_ship -> ship',
      'ship -> listen',
      'listen/lbl_hours -> hours',
      'listen/lbl_address -> city',
      'city -> sent',
    ],
  ),
  classify: shopTopics,
}

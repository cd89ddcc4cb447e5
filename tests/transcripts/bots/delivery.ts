import { graphOf } from '../../drivers/chat.ts'
import {
  again,
  ask,
  forget,
  hello,
  hours,
  judge,
  openingHours,
  orderNumber,
  redOrBlue,
  say,
  type TranscriptBot,
} from './parts.ts'

/** A delivery needs an order, a day, a phone number and a colour. */
export const delivery: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false } },
      forget: forget('order', 'day', 'phone', 'colour'),
      order: ask('order', '请告诉我订单号。', 'What is your order number?', orderNumber),
      day: ask('day', '哪天送？', 'On which day?', {
        kind: 'date',
        dates: 'future',
        ...again('请说今天以后的某一天。', 'Please name a day from today on.'),
      }),
      phone: ask('phone', '电话多少？', 'What is your phone number?', { kind: 'phone' }),
      colour: ask('colour', '要什么颜色？', 'Which colour?', redOrBlue),
      done: say(
        '{{order}} {{day}} 送到，{{colour}}，电话 {{phone}}。',
        '{{order}} comes on {{day}} in {{colour}}; we call {{phone}}.',
      ),
      hours: openingHours,
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_deliver -> forget',
      'forget -> order',
      'order -> day',
      'day -> phone',
      'phone -> colour',
      'colour -> done',
      'listen/lbl_hours -> hours',
    ],
  ),
  classify: judge([['deliver', /送|deliver|bring/i], hours]),
}

import type { Classified } from '#runtime/conversation/run-turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { graphOf, verdict } from '../drivers/chat.ts'

/** A bot that transcripts are held with, and what its model makes of words. */
export interface TranscriptBot {
  graph: GraphDocument
  classify: (text: string) => Classified
}

const say = (zh: string, en: string, config: Record<string, unknown> = {}) => ({
  type: 'say',
  config: { text: { 'zh-CN': zh, en }, ...config },
})

/** Which label the first of these expressions that fits stands for; nothing that fits is like nothing learned well. */
function judge(topics: readonly (readonly [string, RegExp])[]): TranscriptBot['classify'] {
  return (text) => {
    const found = topics.find(([, words]) => words.test(text))?.[0]
    const rest = topics.map(([label]) => label).filter((label) => label !== found)
    return verdict({
      ...(found ? { [`lbl_${found}`]: 0.93 } : {}),
      ...Object.fromEntries(rest.map((label, index) => [`lbl_${label}`, found ? 0.01 : 0.3 - index * 0.05])),
    })
  }
}

const topics = judge([
  ['return', /退货|退掉|return|send it back/i],
  ['ship', /发货|包邮|广州|ship|deliver/i],
  ['hours', /几点|开门|营业|open|hours/i],
  ['address', /地址|address/i],
])

/**
 * A shop: a return asks for an order, a day and a colour; shipping and hours are answered in a sentence; an address asks for a city in
 * free words.
 */
const shop: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello: say('您好，我是小舟。', 'Hello, this is Little Boat.'),
      listen: { type: 'intent', config: { clarify: false } },
      order: {
        type: 'ask',
        config: {
          question: { 'zh-CN': '请告诉我订单号。', en: 'What is your order number?' },
          reprompt: { 'zh-CN': '订单号是 XZ 加四位数字。', en: 'It is XZ and four digits.' },
          variable: 'order',
          kind: 'pattern',
          pattern: 'XZ[0-9]{4}',
        },
      },
      day: {
        type: 'ask',
        config: {
          question: { 'zh-CN': '哪天收到的？', en: 'On which day did it arrive?' },
          reprompt: { 'zh-CN': '请说一个日期，比如昨天。', en: 'Please name a day, such as yesterday.' },
          variable: 'day',
          kind: 'date',
          dates: 'past',
        },
      },
      colour: {
        type: 'ask',
        config: {
          question: { 'zh-CN': '换成什么颜色？', en: 'Which colour would you like instead?' },
          reprompt: { 'zh-CN': '只有红色和蓝色。', en: 'There are red and blue.' },
          variable: 'colour',
          kind: 'choice',
          choices: [
            { id: 'red', text: { 'zh-CN': '红色', en: 'Red' }, value: 'red' },
            { id: 'blue', text: { 'zh-CN': '蓝色', en: 'Blue' }, value: 'blue' },
          ],
        },
      },
      done: say(
        '好的：{{order}}，{{day}} 收到，换成 {{colour}}。',
        'All right: {{order}}, arrived {{day}}, {{colour}} instead.',
      ),
      forget: {
        type: 'set',
        config: {
          assignments: ['order', 'day', 'colour'].map((variable) => ({ id: variable, variable, kind: 'clear' })),
        },
      },
      ship: say('全国都发货，三天到。', 'We ship everywhere, in three days.'),
      hours: say('每天 9 点到 21 点。', 'From nine to nine, every day.'),
      city: {
        type: 'ask',
        config: { question: { 'zh-CN': '寄到哪个城市？', en: 'Which city shall it go to?' }, variable: 'city' },
      },
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
  classify: topics,
}

/** The same shop with a block of its own that hands over. */
const staffed: TranscriptBot = {
  graph: {
    ...shop.graph,
    nodes: {
      ...shop.graph.nodes,
      desk: graphOf(
        {
          desk: {
            type: 'hand-over',
            config: {
              message: { 'zh-CN': '我请小王来接待您。', en: 'Let me get Wang for you.' },
              reason: 'order {{order}}',
            },
          },
        },
        [],
      ).nodes.desk!,
    },
    edges: {
      ...shop.graph.edges,
      desk: { id: 'desk', from: { node: 'listen', port: 'fallback' }, to: { node: 'desk', port: 'in' } },
    },
  },
  classify: topics,
}

/** Its buttons say what would otherwise be commands. */
const stop: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      ask: say('要继续吗？', 'Shall I go on?', {
        buttons: [
          { id: 'on', text: { 'zh-CN': '继续', en: 'Go on' } },
          { id: 'stop', text: { 'zh-CN': '停止', en: 'Stop' } },
        ],
      }),
      on: { type: 'ask', config: { question: { 'zh-CN': '说点什么？', en: 'Say something?' }, variable: 'word' } },
      here: say('到此为止。', 'I stop here.'),
      listen: { type: 'intent' },
    },
    ['s -> ask', 'ask/button:on -> on', 'ask/button:stop -> here', 'on -> listen', 'here -> listen'],
  ),
  classify: topics,
}

export const bots: Readonly<Record<string, TranscriptBot>> = { shop, staffed, stop }

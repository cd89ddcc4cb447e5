import type { Classified, Retrieved } from '#runtime/conversation/turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { verdict } from '../../drivers/chat.ts'

/** A bot that transcripts are held with, and what its model makes of words. */
export interface TranscriptBot {
  graph: GraphDocument
  classify: (text: string) => Classified
  /** What its knowledge holds about words, where it has one. */
  retrieve?: (text: string) => Retrieved
}

const both = (zh: string, en: string) => ({ 'zh-CN': zh, en })

export const say = (zh: string, en: string, config: Record<string, unknown> = {}) => ({
  type: 'say',
  config: { text: both(zh, en), ...config },
})

export const ask = (variable: string, zh: string, en: string, config: Record<string, unknown> = {}) => ({
  type: 'ask',
  config: { question: both(zh, en), variable, ...config },
})

/** A button, or a choice that is kept as its id. */
export const option = (id: string, zh: string, en: string) => ({ id, text: both(zh, en), value: id })

export const again = (zh: string, en: string) => ({ reprompt: both(zh, en) })

export const forget = (...variables: string[]) => ({
  type: 'set',
  config: { assignments: variables.map((variable) => ({ id: variable, variable, kind: 'clear' })) },
})

/** Which label the first of these expressions that fits stands for; nothing that fits is like nothing learned well. */
export function judge(topics: readonly (readonly [string, RegExp])[]): TranscriptBot['classify'] {
  return (text) => {
    const found = topics.find(([, words]) => words.test(text))?.[0]
    const rest = topics.map(([label]) => label).filter((label) => label !== found)
    return verdict({
      ...(found ? { [`lbl_${found}`]: 0.93 } : {}),
      ...Object.fromEntries(rest.map((label, index) => [`lbl_${label}`, found ? 0.01 : 0.3 - index * 0.05])),
    })
  }
}

export const hours = ['hours', /几点|开门|营业|open|hours/i] as const
export const ship = ['ship', /发货|包邮|广州|快递|ship/i] as const
export const openingHours = say('每天 9 点到 21 点。', 'From nine to nine, every day.')
export const shipping = say('全国都发货，三天到。', 'We ship everywhere, in three days.')
export const hello = say('您好，我是小舟。', 'Hello, this is Little Boat.')
/** Four digits behind two letters. */
export const orderNumber = {
  kind: 'pattern',
  pattern: 'XZ[0-9]{4}',
  ...again('订单号是 XZ 加四位数字。', 'It is XZ and four digits.'),
}
export const redOrBlue = {
  kind: 'choice',
  choices: [option('red', '红色', 'Red'), option('blue', '蓝色', 'Blue')],
  ...again('只有红色和蓝色。', 'There are red and blue.'),
}

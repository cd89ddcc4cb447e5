import { graphOf } from '../../drivers/chat.ts'
import { ask, judge, redOrBlue, say, type TranscriptBot } from './parts.ts'

/** Lamps are ordered: a colour, how many, and where to write to. */
export const lamps: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      colour: ask('colour', '要什么颜色的灯？', 'Which colour shall the lamp have?', redOrBlue),
      count: ask('count', '要几盏？', 'How many?', { kind: 'number' }),
      mail: ask('mail', '发到哪个邮箱？', 'Where may we write to?', { kind: 'email' }),
      done: say('{{colour}}，{{count}} 盏，发到 {{mail}}。', '{{count}} in {{colour}}, and we write to {{mail}}.'),
    },
    ['s -> colour', 'colour -> count', 'count -> mail', 'mail -> done'],
  ),
  classify: judge([]),
}

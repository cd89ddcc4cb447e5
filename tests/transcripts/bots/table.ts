import { graphOf } from '../../drivers/chat.ts'
import { ask, hello, hours, judge, openingHours, say, type TranscriptBot } from './parts.ts'

/** A table in a tea house is booked for so many people at a time, inside or outside; a visit is rated. */
export const table: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      hello,
      listen: { type: 'intent', config: { clarify: false } },
      people: ask('people', '几位？', 'For how many?', { kind: 'number', min: 1, max: 12 }),
      when: ask('when', '什么时间到？', 'At what time?', { kind: 'time', dates: 'future' }),
      outside: ask('outside', '坐外面吗？', 'Outside?', { kind: 'yes-no' }),
      name: ask('name', '怎么称呼？', 'In which name?'),
      booked: say('{{name}}，{{people}} 位，{{when}}。', '{{name}}, {{people}} people, {{when}}.'),
      stars: ask('stars', '打几分？', 'How many stars?', { kind: 'rating' }),
      thanks: say('谢谢，{{stars}} 分。', '{{stars}} stars, thank you.'),
      hours: openingHours,
    },
    [
      's -> hello',
      'hello -> listen',
      'listen/lbl_book -> people',
      'people -> when',
      'when -> outside',
      'outside -> name',
      'name -> booked',
      'listen/lbl_rate -> stars',
      'stars -> thanks',
      'listen/lbl_hours -> hours',
    ],
  ),
  classify: judge([['book', /订位|订个|订一|book|table/i], ['rate', /评价|评分|rate|review/i], hours]),
}

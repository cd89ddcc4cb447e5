import { graphOf } from '../../drivers/chat.ts'
import { ask, forget, hours, judge, openingHours, say, type TranscriptBot } from './parts.ts'

/** Things are put into a basket one by one, three at most; two or more travel for free. */
export const basket: TranscriptBot = {
  graph: graphOf(
    {
      s: { type: 'start' },
      thing: ask('thing', '想买哪一样？', 'What would you like?', {
        kind: 'choice',
        choices: [
          { id: 'tea', text: { 'zh-CN': '茶叶', en: 'Tea' }, value: 'T100' },
          { id: 'mug', text: { 'zh-CN': '杯子', en: 'Mug' }, value: 'M200' },
          { id: 'pot', text: { 'zh-CN': '茶壶', en: 'Pot' }, value: 'P300' },
        ],
      }),
      add: {
        type: 'set',
        config: {
          assignments: [
            { id: '1', variable: 'count', kind: 'increment', by: 1 },
            {
              id: '2',
              variable: 'list',
              kind: 'text',
              text: { 'zh-CN': '{{list}}【{{thing}}】', en: '{{list}} {{thing}}' },
            },
            { id: '3', variable: 'last', kind: 'copy', from: 'thing' },
          ],
        },
      },
      full: {
        type: 'condition',
        config: { branches: [{ id: 'full', rows: [{ id: '1', variable: 'count', operator: 'at-least', value: 3 }] }] },
      },
      more: ask('more', '{{last}} 放好了，还要别的吗？', '{{last}} is in the basket. Anything else?', {
        kind: 'yes-no',
      }),
      goesOn: {
        type: 'condition',
        config: { branches: [{ id: 'yes', rows: [{ id: '1', variable: 'more', operator: 'is-true', value: '' }] }] },
      },
      forget: forget('thing', 'more'),
      freight: {
        type: 'condition',
        config: { branches: [{ id: 'free', kind: 'expression', expression: 'count >= 2' }] },
      },
      free: say('一共 {{count}} 样：{{list}}，包邮。', '{{count}} things:{{list}}. They travel for free.'),
      paid: say('一共 {{count}} 样：{{list}}，运费 8 元。', '{{count}} thing:{{list}}. It travels for 8 yuan.'),
      e: { type: 'end' },
      listen: { type: 'intent' },
      hours: openingHours,
    },
    [
      's -> thing',
      'thing -> add',
      'thing/failed -> listen',
      'add -> full',
      'full/branch:full -> freight',
      'full/else -> more',
      'more -> goesOn',
      'goesOn/branch:yes -> forget',
      'forget -> thing',
      'goesOn/else -> freight',
      'freight/branch:free -> free',
      'freight/else -> paid',
      'free -> e',
      'paid -> e',
      'listen/lbl_hours -> hours',
    ],
  ),
  classify: judge([hours]),
}

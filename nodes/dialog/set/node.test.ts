import { expect, test } from 'vitest'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { set } from './node.ts'

describeBlock(set, import.meta.url)

test('remembers, copies, counts, forgets and writes texts, each seeing the ones before it', async () => {
  const chat = new ChatDriver(
    graphOf(
      {
        s: { type: 'start' },
        x: {
          type: 'set',
          config: {
            assignments: [
              { id: '1', variable: 'city', kind: 'value', value: '上海' },
              { id: '2', variable: 'place', kind: 'copy', from: 'city' },
              { id: '3', variable: 'count', kind: 'increment', by: 2 },
              { id: '4', variable: 'count', kind: 'increment', by: 3 },
              {
                id: '5',
                variable: 'line',
                kind: 'text',
                text: { 'zh-CN': '{{place}} 第 {{count}} 次', en: '{{place}} {{count}}' },
              },
              { id: '6', variable: 'city', kind: 'clear' },
              { id: '7', variable: 'paid', kind: 'value', value: true },
            ],
          },
        },
        e: { type: 'end' },
      },
      ['s -> x', 'x -> e'],
    ),
  )
  await chat.start()
  expect(chat.session?.variables).toEqual({ place: '上海', count: 5, line: '上海 第 5 次', paid: true })
})

test('problems: nothing to do, no variable, a copy of nothing', () => {
  const codes = (config: unknown) =>
    set.check?.(set.config.parse(config), { languages: ['en'], names: ['a'] }).map(({ code }) => code)
  expect(codes({})).toEqual(['assignments-empty'])
  expect(codes({ assignments: [{ id: '1' }] })).toEqual(['variable-missing'])
  expect(codes({ assignments: [{ id: '1', variable: 'a', kind: 'copy', from: 'b' }] })).toEqual(['unknown-name'])
})

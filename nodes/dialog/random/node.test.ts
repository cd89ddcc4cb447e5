import { describe, expect, test } from 'vitest'
import { outputPorts } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { ChatDriver, graphOf } from '../../../tests/drivers/chat.ts'
import { lotOf } from './lot.ts'
import { random } from './node.ts'
import { branchAt } from './shares.ts'

describeBlock(random, import.meta.url)

const many = Array.from({ length: 10_000 }, (_, index) => `cnv_${index.toString(36).padStart(16, '0')}`)
const counted = (names: readonly (string | undefined)[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const name of names) counts[String(name)] = (counts[String(name)] ?? 0) + 1
  return counts
}
/** Pearson's chi square against the shares that were asked for. */
function chiSquare(counts: Record<string, number>, expected: Record<string, number>): number {
  return Object.entries(expected).reduce((sum, [name, count]) => sum + ((counts[name] ?? 0) - count) ** 2 / count, 0)
}
// Of 1,000 honest draws one lies beyond it, at one and at three degrees of freedom.
const bound = { 1: 10.83, 3: 16.27 }

describe('shares', () => {
  const branches = (shares: Record<string, number>) =>
    Object.entries(shares).map(([id, share]) => ({ id, name: id, share }))
  const drawn = (shares: Record<string, number>, node = 'n_1') =>
    many.map((seed) => branchAt(branches(shares), lotOf(`${seed} ${node} 0`))?.id)

  test('come out over 10,000 conversations as they were asked for', () => {
    expect(chiSquare(counted(drawn({ a: 50, b: 50 })), { a: 5000, b: 5000 })).toBeLessThan(bound[1])
    expect(chiSquare(counted(drawn({ a: 90, b: 10 })), { a: 9000, b: 1000 })).toBeLessThan(bound[1])
    const four = { a: 10, b: 20, c: 30, d: 40 }
    expect(chiSquare(counted(drawn(four)), { a: 1000, b: 2000, c: 3000, d: 4000 })).toBeLessThan(bound[3])
  })

  test('need not add up to a hundred', () => {
    expect(chiSquare(counted(drawn({ a: 1, b: 3 })), { a: 2500, b: 7500 })).toBeLessThan(bound[1])
  })

  test('of zero are never drawn; where all are zero the first is', () => {
    expect(counted(drawn({ a: 0, b: 5, c: 0 }))).toEqual({ b: 10_000 })
    expect(counted(drawn({ a: 0, b: 0 }))).toEqual({ a: 10_000 })
    expect(branchAt([], 0.5)).toBeNull()
  })

  test('of two blocks do not depend on each other', () => {
    const [one, two] = [drawn({ a: 50, b: 50 }, 'n_1'), drawn({ a: 50, b: 50 }, 'n_2')]
    const pairs = counted(one.map((name, at) => `${name}${two[at]}`))
    expect(chiSquare(pairs, { aa: 2500, ab: 2500, ba: 2500, bb: 2500 })).toBeLessThan(bound[3])
  })

  test('move no more visitors than they must when they are changed', () => {
    const [before, after] = [drawn({ a: 50, b: 50 }), drawn({ a: 60, b: 40 })]
    expect(before.filter((name, at) => name === 'a' && after[at] === 'b')).toEqual([])
  })
})

const branches = [
  { id: 'old', name: '老话术', share: 50 },
  { id: 'new', name: '新话术', share: 50 },
]
const ask = (zh: string, en: string) => ({
  type: 'ask',
  config: { question: { 'zh-CN': zh, en }, variable: 'said', skipIfSet: false },
})
/** Each message comes by the block again. */
const talk = (config: Record<string, unknown>, seed: string) =>
  new ChatDriver(
    graphOf(
      {
        s: { type: 'start' },
        r: { type: 'random', config: { branches, ...config } },
        old: ask('有什么可以帮您？', 'How can I help?'),
        new: ask('嗨，想办点什么？', 'Hi, what is up?'),
      },
      ['s -> r', 'r/branch:old -> old', 'r/branch:new -> new', 'old -> r', 'new -> r'],
    ),
    { seed },
  )

describe('a conversation', () => {
  test('gets the same branch at every visit, and keeps its name', async () => {
    for (const seed of many.slice(0, 20)) {
      const chat = talk({ variable: 'group' }, seed)
      const first = await chat.start('zh-CN')
      for (const words of ['你好', '在吗', '喂']) expect(await chat.says(words)).toEqual(first)
      expect(chat.session?.variables).toMatchObject({
        group: first[0] === '有什么可以帮您？' ? '老话术' : '新话术',
      })
      expect(await talk({}, seed).start('en')).toEqual([
        first[0] === '有什么可以帮您？' ? 'How can I help?' : 'Hi, what is up?',
      ])
    }
  })

  test('draws anew at each visit where it is told to, across turns', async () => {
    const names: (string | undefined)[] = []
    for (const seed of many.slice(0, 25)) {
      const chat = talk({ sticky: false }, seed)
      await chat.start('en')
      for (let visit = 0; visit < 8; visit++) {
        names.push(chat.session?.at)
        await chat.says('again')
      }
    }
    expect(chiSquare(counted(names), { old: 100, new: 100 })).toBeLessThan(bound[1])
  })

  test('tells in the trace which way the lot fell', async () => {
    const chat = talk({ branches: [{ id: 'old', name: '', share: 1 }] }, 'x')
    await chat.start('en')
    expect(chat.last?.trace.path[1]).toMatchObject({
      port: 'branch:old',
      note: { key: 'random.note.drawn', params: { name: '1' } },
    })
  })

  test('goes on as behind a port without a wire where there is no branch', async () => {
    const chat = talk({ branches: [] }, 'x')
    expect(await chat.start('en')).toEqual([])
    expect(chat.session?.status).toBe('ended')
  })
})

test('a port shows the branch’s name and what it really gets', () => {
  const ports = (config: unknown) =>
    Object.entries(outputPorts(random, random.config.parse(config), { labels: [], rows: 0 })).map(([id, { text }]) => [
      id,
      text?.en,
    ])
  expect(ports({})).toEqual([
    ['branch:a', 'A 50 %'],
    ['branch:b', 'B 50 %'],
  ])
  expect(
    ports({
      branches: [
        { id: 'x', share: 1 },
        { id: 'y', name: '新', share: 3 },
      ],
    }),
  ).toEqual([
    ['branch:x', '1 25 %'],
    ['branch:y', '新 75 %'],
  ])
})

test('problems: no branch, all shares zero, two of the same name', () => {
  const codes = (config: unknown) =>
    random.check?.(random.config.parse(config), { languages: ['en'], names: [] }).map(({ code }) => code)
  expect(codes({})).toEqual([])
  expect(codes({ branches: [] })).toEqual(['branches-empty'])
  expect(codes({ branches: [{ id: 'a', share: 0 }] })).toEqual(['shares-zero'])
  expect(
    codes({
      branches: [
        { id: 'a', name: 'A' },
        { id: 'b', name: 'A' },
      ],
    }),
  ).toEqual(['name-twice'])
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DatasetRow } from '#kit'
import { describeBlock } from '#kit/harness.ts'
import { runBlock } from '../../../tests/drivers/run-block.ts'
import { dealRows } from './deal-rows.ts'
import { split } from './node.ts'
import run from './run.ts'

describeBlock(split, import.meta.url)

const shares = { validation: 10, test: 20, stratify: true, seed: 1 }
const rows = (counts: Record<string, number>): DatasetRow[] =>
  Object.entries(counts).flatMap(([label, count]) =>
    Array.from({ length: count }, (_, i) => ({ id: `${label}${i}`, text: `${label} ${i}`, label })),
  )
const count = (list: DatasetRow[], label: string) => list.filter((row) => row.label === label).length

test('a split keeps the second text of each row', async () => {
  const faq = Array.from({ length: 10 }, (_, i): DatasetRow => ({ id: `${i}`, text: `q${i}`, pair: `a${i}` }))
  const { outputs, read } = await runBlock(run, {
    config: { validation: 0, test: 20 },
    datasets: { data: { labels: [], rows: faq } },
  })
  const test = await read(outputs.test)
  expect(test).toHaveLength(2)
  for (const row of test) expect(row.pair).toBe(`a${row.id}`)
})

test('each label gives its share, and nothing is lost or doubled', () => {
  const all = rows({ a: 100, b: 50 })
  const dealt = dealRows(all, shares)
  expect([count(dealt.test, 'a'), count(dealt.validation, 'a'), count(dealt.train, 'a')]).toEqual([20, 10, 70])
  expect([count(dealt.test, 'b'), count(dealt.validation, 'b'), count(dealt.train, 'b')]).toEqual([10, 5, 35])
  const ids = [...dealt.train, ...dealt.validation, ...dealt.test].map((row) => row.id)
  expect(ids.sort()).toEqual(all.map((row) => row.id).sort())
})

test('whatever the labels are, each one is learned and every row lands in one split', () => {
  fc.assert(
    fc.property(
      fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.integer({ min: 1, max: 12 }), { minKeys: 1 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 40 }),
      fc.integer({ min: 0, max: 1000 }),
      (counts, validation, testShare, seed) => {
        const all = rows(counts)
        const dealt = dealRows(all, { validation, test: testShare, stratify: true, seed })
        for (const label of Object.keys(counts)) expect(count(dealt.train, label)).toBeGreaterThan(0)
        const ids = [...dealt.train, ...dealt.validation, ...dealt.test].map((row) => row.id)
        expect(new Set(ids).size).toBe(all.length)
        expect(ids.length).toBe(all.length)
      },
    ),
  )
})

test('many small labels together still give their share', () => {
  const counts = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`l${i}`, 4]))
  expect(dealRows(rows(counts), shares).test).toHaveLength(40)
  expect(dealRows(rows(counts), shares).validation).toHaveLength(20)
})

test('the same seed deals the same way, another one differently', () => {
  const all = rows({ a: 40, b: 40 })
  expect(dealRows(all, shares)).toEqual(dealRows(all, shares))
  expect(dealRows(all, { ...shares, seed: 2 })).not.toEqual(dealRows(all, shares))
})

test('a given test split is used as it is and validation stays empty', () => {
  const all = rows({ a: 10, b: 10 }).map((row, i): DatasetRow => ({ ...row, split: i % 2 === 0 ? 'train' : 'test' }))
  const dealt = dealRows(all, shares)
  expect(dealt.validation).toEqual([])
  expect(dealt.test.map((row) => row.id)).toEqual(all.filter((row) => row.split === 'test').map((row) => row.id))
  expect(dealt.train).toHaveLength(10)
})

test('out-of-scope rows never teach: they go to test and, by share, to validation', () => {
  const outside = Array.from({ length: 30 }, (_, i): DatasetRow => ({ id: `o${i}`, text: `o${i}`, outOfScope: true }))
  const dealt = dealRows([...rows({ a: 30, b: 30 }), ...outside], shares)
  expect(dealt.train.some((row) => row.outOfScope)).toBe(false)
  expect(dealt.validation.filter((row) => row.outOfScope)).toHaveLength(10)
  expect(dealt.test.filter((row) => row.outOfScope)).toHaveLength(20)
})

test('rows of one group stay together', () => {
  const all = rows({ a: 40 }).map((row, i) => ({ ...row, group: `g${i % 10}` }))
  const dealt = dealRows(all, shares)
  const groups = (list: DatasetRow[]) => new Set(list.map((row) => row.group))
  for (const group of groups(dealt.test)) expect(groups(dealt.train).has(group)).toBe(false)
})

test('a made row is learned with its source or not at all, and changes nothing of how the others are dealt', async () => {
  const genuine = rows({ a: 40, b: 40 })
  const made = genuine.flatMap(({ id, text, label }): DatasetRow[] =>
    [1, 2].map((n) => ({ id: `${id}-${n}`, text: `${text} ${n}`, label, origin: { row: id, way: 'keyboard' } })),
  )
  const dealt = dealRows([...made, ...genuine], shares)
  const plain = dealRows(genuine, shares)
  expect([dealt.validation, dealt.test]).toEqual([plain.validation, plain.test])
  const learned = new Set(plain.train.map((row) => row.id))
  expect(dealt.train.filter((row) => row.origin)).toEqual(made.filter((row) => learned.has(row.origin!.row)))
  expect(dealt.leftOut).toHaveLength(2 * (80 - learned.size))

  const { outputs, read, notes } = await runBlock(run, {
    config: {},
    datasets: { data: { labels: ['a', 'b'].map((id) => ({ id, name: id })), rows: [...genuine, ...made] } },
  })
  for (const part of [outputs.validation, outputs.test])
    expect((await read(part)).filter((row) => row.origin)).toEqual([])
  expect(notes).toEqual([{ code: 'made-rows-left-out', params: { rows: dealt.leftOut.length } }])
})

test('a made row says nothing of splits: marked for the test it is not tested with, and without its source it is learned', () => {
  const genuine = rows({ a: 10, b: 10 })
  const lost: DatasetRow = { id: 'm', text: 'm', label: 'a', split: 'test', origin: { row: 'gone', way: 'keyboard' } }
  const dealt = dealRows([...genuine, lost], shares)
  expect(dealt.train).toContain(lost)
  expect(dealt.test.length).toBe(4)
})

test('one-label data are refused with words', async () => {
  await expect(
    runBlock(run, {
      config: {},
      datasets: { data: { labels: [{ id: 'a', name: 'refund' }], rows: rows({ a: 5 }) } },
    }),
  ).rejects.toMatchObject({ code: 'data-one-label', params: { label: 'refund' } })
})

test('the block writes three datasets whose label counts are their own', async () => {
  const { outputs } = await runBlock(run, {
    config: {},
    datasets: {
      data: {
        labels: [
          { id: 'a', name: 'A' },
          { id: 'b', name: 'B' },
        ],
        rows: rows({ a: 10, b: 1 }),
      },
    },
  })
  expect(outputs.train.labels).toEqual([
    { id: 'a', name: 'A', rows: 7 },
    { id: 'b', name: 'B', rows: 1 },
  ])
  expect(outputs.test.rows + outputs.validation.rows).toBe(3)
})

test('a row that is added, mended or taken out deals the others no differently', () => {
  const all = rows({ a: 200, b: 100, c: 50 })
  const before = new Set(dealRows(all, shares).test.map((row) => row.id))
  const edited = all.flatMap((row) => {
    if (row.id === 'a3' || row.id === 'b7') return []
    return row.id === 'a9' ? { ...row, label: 'c' } : row
  })
  const after = dealRows([...edited, { id: 'new', text: 'another one', label: 'a' }], shares).test
  const others = after.filter((row) => !before.has(row.id))
  // No more than the shares themselves ask for.
  expect(others.length).toBeLessThanOrEqual(4)
  expect(after.length).toBe(before.size)
})

test('rows that somebody wants to be learned are never asked in the test, their group comes along, and the others keep their places', () => {
  const all = rows({ a: 100, b: 50 })
  const before = dealRows(all, shares)
  const moved = before.test[0]!.id
  const pinned = all.map((row) => (row.id === moved ? { ...row, split: 'train' as const } : row))
  const after = dealRows(pinned, shares)
  expect(after.train.map((row) => row.id)).toContain(moved)
  const stayed = new Set(after.test.map((row) => row.id))
  expect(before.test.filter((row) => row.id !== moved && !stayed.has(row.id))).toEqual([])

  const grouped = all.map((row, i) => ({ ...row, group: `g${Math.floor(i / 2)}` }))
  const first = dealRows(grouped, shares).test[0]!
  const together = grouped.map((row) => (row.id === first.id ? { ...row, split: 'train' as const } : row))
  const learned = dealRows(together, shares).train.filter((row) => row.group === first.group)
  expect(learned).toHaveLength(2)
})

test('whichever rows are wanted in train, none of them is tested and none is lost', () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.boolean()), { minLength: 1 }), (given) => {
      const all = given.map(
        ([label, pin], i): DatasetRow => ({ id: `${i}`, text: label, label, ...(pin ? { split: 'train' } : {}) }),
      )
      const dealt = dealRows(all, shares)
      const ids = [...dealt.train, ...dealt.validation, ...dealt.test].map((row) => row.id)
      expect(ids.sort()).toEqual(all.map((row) => row.id).sort())
      if (given.some(([, pin]) => !pin))
        for (const row of [...dealt.test, ...dealt.validation]) expect(row.split).toBeUndefined()
    }),
  )
})

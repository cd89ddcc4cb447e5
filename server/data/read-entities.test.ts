import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EntitySpan } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { carryEntities } from './carry-entities.ts'
import { parseRecords, withEntities } from './parse-records.ts'
import { toDatasetRows } from './to-rows.ts'

const rowsOfFile = (bytes: Uint8Array, file: string, columns: Parameters<typeof toDatasetRows>[2]) =>
  toDatasetRows(parseRecords(bytes, file), file, columns)
const utf8 = (records: readonly unknown[]) =>
  new TextEncoder().encode(records.map((record) => `${JSON.stringify(record)}\n`).join(''))
const rowsOf = (...records: unknown[]) => rowsOfFile(utf8(records), 'a.jsonl', {}).rows
const shown = (row: { text: string; entities?: EntitySpan[] }) =>
  row.entities?.map(({ start, end, type }) => [row.text.slice(start, end), type])

describe('tokens with tags', () => {
  test('BIO and BIOES become the same parts of the text, in English and in Chinese', () => {
    const rows = rowsOf(
      {
        text: 'play let it be',
        intent: 'p',
        tokens: ['play', 'let', 'it', 'be'],
        slots: ['O', 'B-song', 'I-song', 'I-song'],
      },
      {
        text: '我要听周杰伦😀的歌',
        intent: 'p',
        tokens: [...'我要听周杰伦😀的歌'],
        tags: ['O', 'O', 'O', 'B-人', 'I-人', 'E-人', 'S-脸', 'O', 'O'],
      },
      { text: 'a b', intent: 'q', tokens: ['a', 'b'], slots: ['B-x', 'B-x'] },
    )
    expect(rows.map(shown)).toEqual([
      [['let it be', 'song']],
      [
        ['周杰伦', '人'],
        ['😀', '脸'],
      ],
      [
        ['a', 'x'],
        ['b', 'x'],
      ],
    ])
  })

  test('an I or E without a beginning begins, as conlleval has it', () => {
    const [row] = rowsOf({ text: 'a b c', intent: 'q', tokens: ['a', 'b', 'c'], slots: ['I-x', 'I-y', 'E-y'] })
    expect(shown(row!)).toEqual([
      ['a', 'x'],
      ['b c', 'y'],
    ])
  })

  test('a row without entities says so, and a row that says nothing has no list', () => {
    expect(rowsOf({ text: 'a', intent: 'q', tokens: ['a'], slots: ['O'] }, { text: 'b', intent: 'q' })).toMatchObject([
      { entities: [] },
      { id: '2' },
    ])
    expect(rowsOf({ text: 'b', intent: 'q' })[0]).not.toHaveProperty('entities')
  })

  test.each([
    ['entity-tags', { text: 'a b', intent: 'q', tokens: ['a', 'b'], slots: ['O'] }],
    ['entity-tags', { text: 'a', intent: 'q', tokens: ['a'], slots: ['X-y'] }],
    ['entity-tags', { text: 'a', intent: 'q', tokens: ['a'], slots: ['B-'] }],
    ['entity-tokens', { text: 'a b c', intent: 'q', tokens: ['a', 'c'], slots: ['O', 'O'] }],
    ['entity-tokens', { text: 'a b', intent: 'q', tokens: ['b', 'a'], slots: ['O', 'O'] }],
    ['entity-tokens', { text: 'a b', intent: 'q', tokens: ['a'], slots: ['O'] }],
    ['entity-spans', { text: 'ab', intent: 'q', entities: [{ start: 0, end: 3, type: 'x' }] }],
    ['entity-spans', { text: 'ab', intent: 'q', entities: [{ start: 1, end: 1, type: 'x' }] }],
    ['entity-spans', { text: 'ab', intent: 'q', entities: [{ start: 0, end: 1 }] }],
    ['entity-spans', { text: '😀', intent: 'q', entities: [{ start: 0, end: 1, type: 'x' }] }],
    [
      'entity-spans',
      {
        text: 'abc',
        intent: 'q',
        spans: [
          { start: 0, end: 2, type: 'x' },
          { start: 1, end: 3, type: 'y' },
        ],
      },
    ],
  ] as const)('%s: a row whose marks do not fit its text is named by its line, others come in', (reason, record) => {
    const good = { text: 'fine', intent: 'q', entities: [] }
    const bytes = utf8([good, record])
    expect(withEntities(parseRecords(bytes, 'a.jsonl'), 'text')).toMatchObject({
      records: [{ values: { text: 'fine' } }],
      broken: [{ line: 2, reason }],
    })
    expect(() => rowsOfFile(bytes, 'a.jsonl', {})).toThrow(
      expect.objectContaining({ code: 'data-entities', params: expect.objectContaining({ line: 2, count: 1 }) }),
    )
  })
})

describe('parts of a text', () => {
  test('are read with the names that others give the type, sorted, and follow the text when spaces around it go', () => {
    const [row] = rowsOf({
      text: '  send 2 cakes to Berlin ',
      intent: 'q',
      entities: [
        { start: 18, end: 24, entity: 'city' },
        { start: 7, end: 8, label: 'number' },
      ],
    })
    expect(row!.text).toBe('send 2 cakes to Berlin')
    expect(shown(row!)).toEqual([
      ['2', 'number'],
      ['Berlin', 'city'],
    ])
  })

  test('parts of a text survive a change beside them with the same words, and those that it touched are gone', () => {
    const words = fc.array(fc.constantFrom('a', 'bb', '中', '😀', ' '), { maxLength: 8 }).map((list) => list.join(''))
    fc.assert(
      fc.property(words, words, words, words, words, (head, entity, middle, other, tail) => {
        fc.pre(entity !== '')
        const before = head + entity + middle + tail
        const after = head + entity + other + tail
        const start = head.length
        const kept = carryEntities(before, after, [{ start, end: start + entity.length, type: 'x' }])
        for (const span of kept) expect(after.slice(span.start, span.end)).toBe(entity)
        expect(kept).toHaveLength(1)
      }),
    )
    expect(carryEntities('to Berlin', 'to Bonn', [{ start: 3, end: 9, type: 'city' }])).toEqual([])
  })
})

const shared = join(projectRoot, '..', 'shared', 'data')

describe.skipIf(!existsSync(shared))('published sets (skipped where ../shared is absent)', () => {
  test.each(['snips', 'cais'])('%s comes in whole, with each entity that its tags begin', async (name) => {
    const bytes = await readFile(join(shared, name, 'test.jsonl'))
    const lines = bytes.toString('utf8').trim().split('\n')
    const begun = lines
      .flatMap((line) => (JSON.parse(line) as { slots: string[] }).slots)
      .filter((tag) => /^[BS]/.test(tag))
    const { rows } = rowsOfFile(bytes, 'test.jsonl', {})
    expect(rows).toHaveLength(lines.length)
    expect(rows.flatMap((row) => row.entities!)).toHaveLength(begun.length)
  })
})

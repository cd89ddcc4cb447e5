import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { GraphDiff } from './diff.ts'
import { applyDiff, findClashes, invertDiff, makeDiff, mergeDiffs, removedShare } from './diff-apply.ts'
import { emptyDocument, type GraphDocument, graphDocument, type NodeRecord } from './document.ts'
import { draftHash } from './hash.ts'
import { parseDocument } from './parse.ts'
import { fromRecords, toRecords } from './records.ts'

const node = (id: string, config: Record<string, unknown> = {}): NodeRecord => ({
  id,
  type: 'say',
  version: 1,
  dialog: 'main',
  config,
})
const config = fc.dictionary(
  fc.constantFrom('text', 'epochs', 'list', 'a/b', 'a~c'),
  fc.oneof(
    fc.integer(),
    fc.string(),
    fc.array(fc.integer(), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('en', 'zh-CN'), fc.string(), { noNullPrototype: true }),
  ),
  { noNullPrototype: true },
)
const document = fc
  .record({
    nodes: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), config, { noNullPrototype: true }),
    at: fc.dictionary(
      fc.constantFrom('a', 'b', 'c'),
      fc.record({ x: fc.integer(), y: fc.integer() }, { noNullPrototype: true }),
      {
        noNullPrototype: true,
      },
    ),
  })
  .map(({ nodes, at }): GraphDocument => {
    const empty = emptyDocument('bot_1')
    return {
      ...empty,
      nodes: Object.fromEntries(Object.entries(nodes).map(([id, value]) => [id, node(id, value)])),
      view: { ...empty.view, positions: at },
    }
  })

test('the record table holds the whole document', () => {
  fc.assert(
    fc.property(document, (doc) => {
      expect(fromRecords(toRecords(doc))).toEqual(doc)
    }),
  )
})

test('a diff leads from the one document to the other, its inverse back, and twice is once', () => {
  fc.assert(
    fc.property(document, document, (a, b) => {
      const diff = makeDiff(a, b, 'diff_0001')
      const there = applyDiff(a, JSON.parse(JSON.stringify(diff)))
      expect(there).toEqual(b)
      expect(applyDiff(there, diff)).toEqual(b)
      expect(applyDiff(b, invertDiff(diff, 'diff_0002'))).toEqual(a)
    }),
  )
})

test('merged diffs do what the two do one after the other, and undo both', () => {
  fc.assert(
    fc.property(document, document, document, (a, b, c) => {
      const merged = mergeDiffs(makeDiff(a, b, 'diff_0001'), makeDiff(b, c, 'diff_0002'))
      expect(applyDiff(a, merged)).toEqual(c)
      expect(applyDiff(c, invertDiff(merged, 'diff_0003'))).toEqual(a)
    }),
    { numRuns: 500 },
  )
})

test('two people on one field: the later value stands and the other one is named', () => {
  const base = { ...emptyDocument('bot_1'), nodes: { a: node('a', { epochs: 3, rate: 1 }) } }
  const mine = makeDiff(base, { ...base, nodes: { a: node('a', { epochs: 5, rate: 1 }) } }, 'diff_mine')
  const theirs = makeDiff(base, { ...base, nodes: { a: node('a', { epochs: 9, rate: 2 }) } }, 'diff_theirs')
  expect(applyDiff(applyDiff(base, theirs), mine).nodes.a?.config).toEqual({ epochs: 5, rate: 2 })
  expect(findClashes(mine, [theirs])).toEqual([
    { record: 'nodes/a', path: '/config/epochs', kept: 5, other: 9, diff: 'diff_theirs' },
  ])
})

test('an edit of a block that somebody deleted does not bring it back, and says so', () => {
  const base = { ...emptyDocument('bot_1'), nodes: { a: node('a', { epochs: 3 }) } }
  const mine = makeDiff(base, { ...base, nodes: { a: node('a', { epochs: 5 }) } }, 'diff_mine')
  const theirs = makeDiff(base, { ...base, nodes: {} }, 'diff_theirs')
  expect(applyDiff(applyDiff(base, theirs), mine).nodes).toEqual({})
  expect(findClashes(mine, [theirs])).toHaveLength(1)
})

test('a clash names the deeper path, so that either value can be put there', () => {
  const base = { ...emptyDocument('bot_1'), nodes: { a: node('a', { text: 'plain' }) } }
  const whole = makeDiff(base, { ...base, nodes: { a: node('a', { text: { en: 'a', fr: 'c' } }) } }, 'diff_whole')
  const part: GraphDiff = {
    id: 'diff_part',
    added: {},
    removed: {},
    updated: { 'nodes/a': { '/config/text/en': [null, 'b'] } },
  }
  const clash = { record: 'nodes/a', path: '/config/text/en' }
  expect(findClashes(whole, [part])).toEqual([{ ...clash, kept: 'a', other: 'b', diff: 'diff_part' }])
  expect(findClashes(part, [whole])).toEqual([{ ...clash, kept: 'b', other: 'a', diff: 'diff_whole' }])
})

test('of a word that somebody typed only what they came to is named, not its beginnings', () => {
  const saying = (text: string) => ({ ...emptyDocument('bot_1'), nodes: { a: node('a', { text }) } })
  const [base, one, two] = [saying(''), saying('H'), saying('Hi')]
  const mine = makeDiff(base, { ...base, nodes: { a: node('a', { text: 'Yo' }) } }, 'diff_mine')
  const typed = [makeDiff(base, one, 'diff_0001'), makeDiff(one, two, 'diff_0002')]
  expect(findClashes(mine, typed)).toMatchObject([{ kept: 'Yo', other: 'Hi', diff: 'diff_0002' }])
})

test('changes of others that cancel each other out are no clash, unless they went over a value that was not theirs', () => {
  const saying = (text: string) => ({ ...emptyDocument('bot_1'), nodes: { a: node('a', { text }) } })
  const change = (from: string, to: string, id: string) => makeDiff(saying(from), saying(to), id)
  const typedAndDeleted = [change('', 'H', 'diff_0001'), change('H', '', 'diff_0002')]
  const mine = [change('', 'Y', 'diff_0003'), change('Y', 'Yo', 'diff_0004')]
  expect(mine.flatMap((diff, place) => findClashes(diff, typedAndDeleted, mine.slice(0, place)))).toEqual([])
  // They began where the text was still empty, and overrode the Y that is known here.
  expect(findClashes(change('Y', 'Yo', 'diff_0005'), typedAndDeleted)).toMatchObject([{ kept: 'Yo', other: '' }])
})

test('a block that is put back while somebody changed it keeps both values', () => {
  const base = { ...emptyDocument('bot_1'), nodes: { a: node('a', { epochs: 3 }) } }
  const back: GraphDiff = { id: 'diff_back', added: { 'nodes/a': base.nodes.a }, removed: {}, updated: {} }
  const theirs = makeDiff(base, { ...base, nodes: { a: node('a', { epochs: 9 }) } }, 'diff_theirs')
  expect(findClashes(back, [theirs])).toMatchObject([{ path: '/config/epochs', kept: 3, other: 9 }])
})

test('the share of removed blocks is known before it is done', () => {
  const base = { ...emptyDocument('bot_1'), nodes: { a: node('a'), b: node('b'), c: node('c') } }
  expect(removedShare(base, makeDiff(base, { ...base, nodes: { a: node('a') } }, 'diff_0001'))).toBeCloseTo(2 / 3)
})

test('hashes do not depend on the order of keys', () => {
  const a = { ...emptyDocument('bot_1'), nodes: { a: node('a', { x: 1, y: 2 }) } }
  expect(draftHash({ ...a, nodes: { a: node('a', { y: 2, x: 1 }) } })).toBe(draftHash(a))
  expect(draftHash({ ...a, nodes: { a: node('a', { x: 1, y: 3 }) } })).not.toBe(draftHash(a))
})

test('a document with a __proto__ key anywhere is refused', () => {
  const text = JSON.stringify({ ...emptyDocument('bot_1'), nodes: { a: node('a', { deep: { list: [{ zz: 1 }] } }) } })
  expect(graphDocument.safeParse(JSON.parse(text)).success).toBe(true)
  expect(graphDocument.safeParse(JSON.parse(text.replace('"zz"', '"__proto__"'))).success).toBe(false)
})

test('a graph from a newer version is refused with its remedy and not touched', () => {
  expect(() => parseDocument({ ...emptyDocument('bot_1'), format: 99 })).toThrow(/newer Botloom/)
  expect(() => parseDocument([1, 2])).toThrow(/not a Botloom bot file/)
  expect(() => parseDocument({ ...emptyDocument('bot_1'), nodes: { a: { id: 'a' } } })).toThrow(/nodes\.a/)
})

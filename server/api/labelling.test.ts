import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenDatabase } from '#server/db/client.ts'
import { additionOf, graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import type {
  ChatTestView,
  DraftView,
  LabelQueue,
  LabelStepView,
  LabelsView,
  Me,
  RevisionView,
  RowMoment,
  RowsChange,
  RowsPage,
  RowView,
  SetSummary,
  SimilarRows,
  StatesDifference,
  SuggestionsAnswer,
} from './dto.ts'

describeOnEachDatabase('labelling', (open) => {
  let database: OpenDatabase
  let studio: Studio
  beforeAll(async () => {
    database = await open()
    studio = await openStudio(database, { compute: noCompute })
  })
  afterAll(async () => {
    await studio.close()
    await database.close()
  })

  const get = async <T>(path: string) => (await studio.call<T>('GET', path)).body
  const send = async <T>(path: string, body: unknown = {}, method = 'POST') => {
    const answer = await studio.call<T>(method, path, body)
    expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(300)
    return answer.body
  }

  /** A bot with a set of these lines, `text` or `text,label`. */
  async function botWith(lines: readonly string[]) {
    const bot = (await send<{ id: string }>('/api/bots', { name: 'Shop', template: null })).id
    const set = (await send<SetSummary>(`/api/bots/${bot}/sets`, { name: 'Questions' })).id
    await add(set, lines)
    const labels = async () =>
      new Map((await get<SetSummary>(`/api/sets/${set}`)).labels.map((label) => [label.name, label]))
    const rows = async (query = '') => (await get<RowsPage>(`/api/sets/${set}/rows?${query}`)).rows
    const row = async (text: string) => (await rows(`search=${encodeURIComponent(text)}`))[0]!
    return { bot, set, at: `/api/sets/${set}`, labels, rows, row }
  }
  async function add(set: string, lines: readonly string[]) {
    const csv = ['text,label', ...lines.map((line) => (line.includes(',') ? line : `${line},`))].join('\n')
    const { file } = (await studio.upload('rows.csv', new TextEncoder().encode(csv))).body
    const request = { file, textColumn: 'text', labelColumn: 'label', label: null }
    return (await studio.call<{ added: number; duplicates: number }>('POST', `/api/sets/${set}/import`, request)).body
  }
  const draft = (bot: string) => get<DraftView>(`/api/bots/${bot}/draft`)

  /** A dialog that names the labels of a set in every way that there is, and a kept test that clicks one. */
  async function talking({ bot, set, labels }: Awaited<ReturnType<typeof botWith>>) {
    const known = await labels()
    const [refund, ship] = [known.get('refund')!.id, known.get('ship')!.id]
    const graph = graphOf(
      {
        data: { type: 'data-source', config: { set, outOfScope: ['Refund'] } },
        start: { type: 'start' },
        understand: { type: 'intent', config: { topics: [{ id: refund, text: { en: 'Money back' } }] } },
        money: { type: 'say', config: { text: { en: 'Money' } } },
        parcel: { type: 'say', config: { text: { en: 'Parcel' } } },
        which: {
          type: 'condition',
          config: {
            branches: [
              { id: 'a', rows: [{ id: 'r', variable: 'intent', operator: 'is', value: 'refund' }] },
              { id: 'b', kind: 'expression', expression: 'vars["intent"] == "refund" || vars["other"] == "x"' },
              { id: 'c', rows: [{ id: 'r', variable: 'misses', operator: 'is', value: 'refund' }] },
            ],
          },
        },
      },
      ['start -> understand', `understand/${refund} -> money`, `understand/${ship} -> parcel`, 'money -> which'],
    )
    const diffs = [{ id: `diff_${bot}`, added: additionOf(graph), removed: {}, updated: {} }]
    await send(`/api/bots/${bot}/draft/diffs`, { base: 0, diffs })
    await send(
      `/api/bots/${bot}/tests/tst_${bot.slice(4)}`,
      {
        name: 'refund',
        language: 'en',
        now: '2026-11-24T04:00:00Z',
        turns: [
          {
            user: { text: 'refund', choice: { block: 'understand', value: refund } },
            set: { intent: 'refund', city: 'Berlin' },
            replies: [],
          },
        ],
      },
      'PUT',
    )
    return { refund, ship }
  }
  const turn = async (bot: string) => (await get<ChatTestView[]>(`/api/bots/${bot}/tests`))[0]!.turns[0]!

  test('a new name reaches conditions, data blocks and kept tests, wires hold, and one step takes all of it back', async () => {
    const house = await botWith(['money back,refund', 'where is it,ship'])
    const { refund } = await talking(house)
    const before = (await draft(house.bot)).document
    const step = await send<LabelStepView>(`${house.at}/labels/${refund}`, { name: 'Rückgeld' }, 'PATCH')
    expect(step).toMatchObject({ did: 'rename', from: 'refund', to: 'Rückgeld', rows: 0, blocks: 2, tests: 1 })
    const { nodes, edges } = (await draft(house.bot)).document
    expect(nodes.data!.config.outOfScope).toEqual(['Rückgeld'])
    expect(nodes.which!.config.branches).toMatchObject([
      { rows: [{ value: 'Rückgeld' }] },
      { expression: 'vars["intent"] == "Rückgeld" || vars["other"] == "x"' },
      { rows: [{ value: 'refund' }] },
    ])
    expect(edges).toEqual(before.edges)
    expect(await turn(house.bot)).toMatchObject({
      user: { text: 'Rückgeld', choice: { value: refund } },
      set: { intent: 'Rückgeld', city: 'Berlin' },
    })
    expect((await house.row('money back')).labelName).toBe('Rückgeld')

    await send(`${house.at}/label-steps/${step.id}/undo`)
    expect((await draft(house.bot)).document).toEqual(before)
    expect((await turn(house.bot)).user?.text).toBe('refund')
    expect((await house.labels()).has('refund')).toBe(true)
    expect((await get<LabelsView>(`${house.at}/labels`)).steps).toEqual([])
    const again = await studio.call('POST', `${house.at}/label-steps/${step.id}/undo`, {})
    expect(again).toMatchObject({ status: 409, body: { code: 'label-step-undone' } })
    const taken = await studio.call('PATCH', `${house.at}/labels/${refund}`, { name: 'ship' })
    expect(taken).toMatchObject({ status: 409, body: { code: 'label-name-taken' } })
  })

  test('merged labels are one: rows, wires, settings and clicks; undo leaves what somebody changed since', async () => {
    const house = await botWith(['money back,refund', 'cash back,refund', 'where is it,ship', 'hello,greet'])
    const { refund, ship } = await talking(house)
    const before = (await draft(house.bot)).document
    const step = await send<LabelStepView>(`${house.at}/labels/${ship}/merge`, { labels: [refund] })
    expect(step).toMatchObject({ did: 'merge', rows: 2, tests: 1 })
    expect([...(await house.labels()).keys()]).toEqual(['ship', 'greet'])
    expect((await house.row('cash back')).label).toBe(ship)
    const { nodes, edges } = (await draft(house.bot)).document
    // The label that stays has a wire of its own.
    expect(Object.values(edges).map(({ from }) => from.port)).not.toContain(refund)
    expect(Object.values(edges).filter(({ from }) => from.port === ship)).toHaveLength(1)
    expect(nodes.understand!.config.topics).toMatchObject([{ id: ship, text: { en: 'Money back' } }])
    expect((await turn(house.bot)).user?.choice?.value).toBe(ship)

    // The name is free: an import makes a label of its own, and the old one cannot come back under it.
    await add(house.set, ['third,refund'])
    const clash = await studio.call('POST', `${house.at}/label-steps/${step.id}/undo`, {})
    expect(clash).toMatchObject({ status: 409, body: { code: 'label-name-taken' } })
    await send(`${house.at}/labels/${(await house.labels()).get('refund')!.id}`, { name: 'third' }, 'PATCH')
    await send(`${house.at}/rows/${(await house.row('cash back')).id}`, { label: 'greet' }, 'PATCH')
    await send(`${house.at}/label-steps/${step.id}/undo`)
    expect((await house.row('money back')).label).toBe(refund)
    expect((await house.row('cash back')).labelName).toBe('greet')
    expect((await draft(house.bot)).document.edges).toEqual(before.edges)

    const itself = await studio.call('POST', `${house.at}/labels/${ship}/merge`, { labels: [ship] })
    expect(itself).toMatchObject({ status: 422, body: { code: 'label-merge-itself' } })
  })

  test('a split gives rows a label of their own, which leads where the old one does', async () => {
    const house = await botWith(['money back,refund', 'cash back,refund', 'where is it,ship'])
    const { refund } = await talking(house)
    const rows = [(await house.row('cash back')).id, (await house.row('where is it')).id]
    const step = await send<LabelStepView>(`${house.at}/labels/${refund}/split`, { name: 'cash', rows })
    expect(step).toMatchObject({ did: 'split', rows: 1, blocks: 1 })
    const cash = (await house.labels()).get('cash')!
    expect(cash.rows).toBe(1)
    const ways = Object.values((await draft(house.bot)).document.edges)
    expect(ways.filter(({ from }) => [refund, cash.id].includes(from.port)).map(({ to }) => to.node)).toEqual([
      'money',
      'money',
    ])
    await send(`${house.at}/label-steps/${step.id}/undo`)
    expect((await house.labels()).has('cash')).toBe(false)
    expect((await house.row('cash back')).label).toBe(refund)
    const none = await studio.call('POST', `${house.at}/labels/${refund}/split`, { name: 'new', rows: ['row_x'] })
    expect(none).toMatchObject({ status: 422, body: { code: 'label-split-empty' } })
  })

  test('a guide is kept with its label, and its examples are the rows as they are now', async () => {
    const house = await botWith(['money back,refund', 'where is it,ship'])
    const { id } = (await house.labels()).get('refund')!
    const example = await house.row('money back')
    await send(
      `${house.at}/labels/${id}/guide`,
      { belongs: ' wants money ', not: 'exchange', examples: [example.id, 'row_never'] },
      'PUT',
    )
    await send(`${house.at}/rows/${example.id}`, { text: 'my money back' }, 'PATCH')
    const of = async () => (await get<LabelsView>(`${house.at}/labels`)).labels.find((label) => label.id === id)!.guide
    expect(await of()).toMatchObject({
      belongs: 'wants money',
      not: 'exchange',
      examples: [{ id: example.id, text: 'my money back' }],
    })
    await send(`${house.at}/labels/${id}/guide`, {}, 'PUT')
    expect(await of()).toBeNull()
  })

  test('rows without a topic are no foreign ones: they wait in a queue, and words that have a topic do not come again', async () => {
    const house = await botWith(['where is my parcel,ship', 'money back,refund', 'parcel?', '退款', 'weather,'])
    expect(await get<SetSummary>(house.at)).toMatchObject({ rows: 5, unlabelledRows: 3, outOfScopeRows: 0 })
    expect(await add(house.set, ['money back', 'parcel?', 'new one'])).toMatchObject({ added: 1, duplicates: 2 })
    await send(`${house.at}/rows/${(await house.row('weather')).id}`, { outOfScope: true, label: null }, 'PATCH')
    const queue = await get<LabelQueue>(`${house.at}/queue?limit=2`)
    expect(queue).toMatchObject({ total: 3, rows: [{ text: 'parcel?' }, { text: '退款' }] })
    expect(await get<SetSummary>(house.at)).toMatchObject({ unlabelledRows: 3, outOfScopeRows: 1 })

    const rows = queue.rows.map(({ id }) => id)
    const told = await send<SuggestionsAnswer>(`${house.at}/suggestions`, { rows })
    expect(told.by).toBe('words')
    expect(told.rows[0]!.labels[0]!.label).toBe((await house.labels()).get('ship')!.id)
    expect(await get<LabelQueue>(`${house.at}/queue?kind=doubtful`)).toMatchObject({ unchecked: true, rows: [] })

    await send(`${house.at}/rows/mark`, { rows, marked: true })
    expect((await house.rows('marked=true')).map(({ text }) => text).sort()).toEqual(['parcel?', '退款'])
    await send(`${house.at}/rows/mark`, { rows: rows.slice(0, 1), marked: false })
    expect(await get<LabelQueue>(`${house.at}/queue?kind=marked`)).toMatchObject({ total: 1 })
  })

  test('the table is sorted, searched in both languages and filtered by language and source', async () => {
    const house = await botWith(['Where is my Parcel,ship', 'ＡＢＣ快递在哪里,ship', 'money back,refund'])
    const texts = async (query: string) => (await house.rows(query)).map(({ text }) => text)
    expect(await texts('search=parcel%20where')).toEqual(['Where is my Parcel'])
    expect(await texts(`search=${encodeURIComponent('abc 快递')}`)).toEqual(['ＡＢＣ快递在哪里'])
    expect(await texts('search=100%25')).toEqual([])
    expect(await texts('sort=text&language=en')).toEqual(['money back', 'Where is my Parcel'].sort())
    expect((await house.rows('sort=label&descending=true'))[0]!.labelName).toBe('ship')
    const sources = await get<{ source: string; rows: number }[]>(`${house.at}/origins`)
    expect(sources).toEqual([{ source: expect.stringContaining('rows.csv'), rows: 3 }])
    expect(await texts(`source=${encodeURIComponent(sources[0]!.source)}`)).toHaveLength(3)
    expect(await texts('source=other')).toEqual([])
  })

  test('a row has a history, states can be compared, and what was deleted comes back', async () => {
    const house = await botWith(['a,x', 'b,x', 'c,y'])
    const { name } = (await get<Me>('/api/me')).user
    const [a, b] = [await house.row('a'), await house.row('b')]
    await send(`${house.at}/rows/${a.id}`, { text: 'a!' }, 'PATCH')
    await send(`${house.at}/rows/${a.id}`, { label: 'y' }, 'PATCH')
    const gone = await send<RowsChange>(`${house.at}/rows/delete`, { rows: [a.id, b.id] })
    expect(await get<RowMoment[]>(`${house.at}/rows/${a.id}/history`)).toMatchObject([
      { did: 'delete', by: name, row: null },
      { did: 'relabel', row: { text: 'a!', labelName: 'y' } },
      { did: 'edit', row: { text: 'a!', labelName: 'x' } },
      { did: 'import', row: { text: 'a', labelName: 'x' } },
    ])
    await add(house.set, ['d,y'])
    await send(`${house.at}/states/${gone.revision}/undo`)
    expect((await house.rows('sort=text')).map(({ text }) => text)).toEqual(['a!', 'b', 'c', 'd'])

    const { states } = await get<{ states: RevisionView[] }>(`${house.at}/states`)
    expect(states.map(({ did, added, removed, changed }) => [did, added, removed, changed])).toEqual([
      ['undo', 2, 0, 0],
      ['import', 1, 0, 0],
      ['delete', 0, 2, 0],
      ['relabel', 0, 0, 1],
      ['edit', 0, 0, 1],
      ['import', 3, 0, 0],
      [null, 0, 0, 0],
    ])
    expect(await get<StatesDifference>(`${house.at}/difference?from=1&to=6`)).toMatchObject({
      added: 1,
      removed: 0,
      changed: 1,
      rows: [
        { before: { text: 'a', labelName: 'x' }, after: { text: 'a!', labelName: 'y' } },
        { before: null, after: { text: 'd' } },
      ],
    })
    const hash = states.at(-2)!.hash
    await send(`${house.at}/states/1/restore`)
    expect((await get<SetSummary>(house.at)).revision).toBe(hash)
    for (const path of ['states/99/undo', 'states/99/restore', 'states/x/undo'])
      expect(await studio.call('POST', `${house.at}/${path}`, {})).toMatchObject({ status: 404 })
    expect(await studio.call('GET', `${house.at}/rows/row_never/history`)).toMatchObject({ status: 404 })
  })

  test('entities are marked in characters of any language; what overlaps or lies outside is refused with words', async () => {
    const house = await botWith(['我要去北京看😀长城,trip'])
    const row = await house.row('北京')
    const mark = (entities: unknown) => studio.call<RowView>('PATCH', `${house.at}/rows/${row.id}`, { entities })
    const marked = await mark([
      { start: 8, end: 10, type: '景点' },
      { start: 3, end: 5, type: '城市' },
    ])
    expect(marked.body.entities).toEqual([
      { start: 3, end: 5, type: '城市' },
      { start: 8, end: 10, type: '景点' },
    ])
    const overlap = await mark([
      { start: 3, end: 5, type: '城市' },
      { start: 4, end: 6, type: '城市' },
    ])
    expect(overlap).toMatchObject({ status: 422, body: { code: 'entity-overlap' } })
    expect(await mark([{ start: 3, end: 99, type: '城市' }])).toMatchObject({ body: { code: 'entity-outside' } })
    expect(await mark([{ start: 6, end: 7, type: '表情' }])).toMatchObject({ body: { code: 'entity-outside' } })
    expect(await get<string[]>(`${house.at}/entity-types`)).toEqual(['城市', '景点'].sort())
    expect((await mark([])).body.entities).toEqual([])
    expect((await get<RowMoment[]>(`${house.at}/rows/${row.id}/history`))[0]).toMatchObject({ did: 'entities' })
  })

  test('rows like others are found by what they mean, those that have a topic left out', async () => {
    const house = await botWith(['我要退款', '把钱退给我', '快递到哪了', '今天天气怎么样', '钱怎么还没退,refund'])
    const row = await house.row('我要退款')
    const found = await send<SimilarRows>(`${house.at}/similar`, { rows: [row.id], count: 3 })
    expect(found.rows.map(({ row }) => row.text)).toHaveLength(3)
    expect(found.rows[0]!.row.text).toBe('把钱退给我')
    expect(found.rows.map(({ row }) => row.text)).not.toContain('钱怎么还没退')
    const all = await send<SimilarRows>(`${house.at}/similar`, { rows: [row.id], among: 'all', count: 4 })
    expect(all.rows.map(({ row }) => row.text)).toContain('钱怎么还没退')
  }, 60_000)
})

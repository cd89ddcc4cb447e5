import { eq } from 'drizzle-orm'
import { expect, test } from 'vitest'
import type { OpenDatabase } from '#server/db/client.ts'
import { bots } from '#server/db/schema/bots.ts'
import { setRows, sets as setTable } from '#server/db/schema/sets.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { createSetStore, type IncomingRow } from './set-store.ts'

const workspace = 'wsp_main'
const row = (text: string, label: string | null): IncomingRow => ({ text, label })

async function house(open: () => Promise<OpenDatabase>) {
  const database = await open()
  await database.db.insert(bots).values({ id: 'bot_1', workspaceId: workspace, slug: 'bot', name: 'Bot' })
  const sets = createSetStore({ db: database.db })
  const id = await sets.create(workspace, 'bot_1', 'questions')
  return { database, sets, id }
}

describeOnEachDatabase('sets', (open) => {
  test('an import shows its rows at once, counts copies, and gives a label one id for ever', async () => {
    const { database, sets, id } = await house(open)
    const first = await sets.importRows(
      workspace,
      id,
      [row('hi', 'greet'), row('hi', 'greet'), row('bye', 'leave')],
      'a',
    )
    expect(first).toMatchObject({ added: 2, duplicates: 1, set: { rows: 2 } })
    const second = await sets.importRows(workspace, id, [row('ｈｉ', 'greet'), row('hello', 'greet')], 'b')
    expect(second).toMatchObject({ added: 1, duplicates: 1, newLabels: [] })
    const labelIds = (answer: typeof first) => answer.set.labels.map((label) => label.id)
    expect(labelIds(second)).toEqual(labelIds(first))
    await sets.renameLabel(workspace, id, labelIds(first)[0]!, 'greeting')
    expect((await sets.summary(workspace, id)).labels[0]).toMatchObject({ id: labelIds(first)[0], name: 'greeting' })
    await database.close()
  })

  test('what a block learns from is another content once a label has another name, and the difference says which', async () => {
    const { database, sets, id } = await house(open)
    const { set } = await sets.importRows(workspace, id, [row('hi', 'greet'), row('bye', 'leave')], 'a')
    const [greet] = set.labels.map((label) => label.id)
    const known = set.labels.map(({ id: label, name }) => ({ id: label, name }))
    const before = await sets.contentHash(workspace, id)
    await sets.renameLabel(workspace, id, greet!, 'welcome')
    const after = await sets.contentHash(workspace, id)
    expect(after).not.toBe(before)
    await sets.importRows(workspace, id, [row('hello', 'welcome')], 'b')
    const more = await sets.contentHash(workspace, id)
    expect(await sets.difference(workspace, id, before, more, known)).toEqual({
      added: 1,
      removed: 0,
      changed: 0,
      renamed: [{ from: 'greet', to: 'welcome' }],
    })
    await sets.renameLabel(workspace, id, greet!, 'greet')
    const [newest] = (await sets.page(workspace, id, { offset: 0, limit: 1 })).rows
    await sets.deleteRows(workspace, id, [newest!.id])
    expect(await sets.contentHash(workspace, id)).toBe(before)
    await database.close()
  })

  test('more than one batch arrives whole', async () => {
    const { database, sets, id } = await house(open)
    const many = Array.from({ length: 2_345 }, (_, i) => row(`question ${i}`, `label ${i % 7}`))
    expect(await sets.importRows(workspace, id, many, 'many')).toMatchObject({ added: 2_345 })
    const records = await sets.records(workspace, id)
    expect(records.rows.map((r) => r.text)).toEqual(many.map((r) => r.text))
    expect((await sets.page(workspace, id, { offset: 0, limit: 2 })).total).toBe(2_345)
    await database.close()
  })

  test('a second text is kept, found, edited and taken away, and makes a row another one', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('how long?', null)], 'a')
    const without = await sets.revisionHash(workspace, id)
    const faq = (pair: string) => ({ ...row('how long?', null), pair })
    const put = await sets.importRows(workspace, id, [faq(' two days '), faq('two days'), faq('a week')], 'b')
    expect(put).toMatchObject({ added: 2, duplicates: 1, set: { rows: 3 } })
    const found = await sets.page(workspace, id, { offset: 0, limit: 10, search: 'DAYS' })
    expect(found.rows).toMatchObject([{ text: 'how long?', pair: 'two days', labelName: null }])
    const [, two, week] = (await sets.records(workspace, id)).rows
    expect(await sets.facts(workspace, id)).toEqual({ labels: [], rows: 2, pairs: true })
    expect(await sets.editRow(workspace, id, two!.id, { pair: 'three days' })).toMatchObject({ pair: 'three days' })
    expect(await sets.editRow(workspace, id, two!.id, { pair: null })).not.toHaveProperty('pair')
    await sets.deleteRows(workspace, id, [two!.id, week!.id])
    expect(await sets.revisionHash(workspace, id)).toBe(without)
    expect(await sets.facts(workspace, id)).toEqual({ labels: [], rows: 0, pairs: false })
    await database.close()
  })

  test('entities are kept, count in the hash, and follow an edit of the text', async () => {
    const { database, sets, id } = await house(open)
    const entities = [{ start: 2, end: 4, type: '城市' }]
    await sets.importRows(workspace, id, [row('bye', 'x')], 'a')
    const before = await sets.revisionHash(workspace, id)
    await sets.importRows(
      workspace,
      id,
      [
        { ...row('我去北京', 'x'), entities },
        { ...row('none', 'x'), entities: [] },
      ],
      'b',
    )
    const rows = (await sets.records(workspace, id)).rows
    expect(rows.map((r) => r.entities)).toEqual([undefined, entities, []])
    expect(await sets.editRow(workspace, id, rows[1]!.id, { text: '我要去北京' })).toMatchObject({
      entities: [{ start: 3, end: 5, type: '城市' }],
    })
    const edited = await sets.revisionHash(workspace, id)
    await sets.editRow(workspace, id, rows[1]!.id, { text: '我要去南京' })
    expect((await sets.records(workspace, id)).rows[1]!.entities).toEqual([])
    expect(await sets.revisionHash(workspace, id)).not.toBe(edited)
    await sets.deleteRows(workspace, id, [rows[1]!.id, rows[2]!.id])
    expect(await sets.revisionHash(workspace, id)).toBe(before)
    await database.close()
  })

  test('the same rows have the same hash, however they came about', async () => {
    const { database, sets, id } = await house(open)
    const empty = await sets.revisionHash(workspace, id)
    await sets.importRows(workspace, id, [row('a', 'x'), row('b', 'x')], '')
    const before = await sets.revisionHash(workspace, id)
    const [last] = (await sets.page(workspace, id, { offset: 0, limit: 1 })).rows
    await sets.editRow(workspace, id, last!.id, { text: 'c' })
    const after = await sets.revisionHash(workspace, id)
    expect(after).not.toBe(before)
    expect(await sets.difference(workspace, id, before, after, [])).toEqual({
      added: 0,
      removed: 0,
      changed: 1,
      renamed: [],
    })
    await sets.editRow(workspace, id, last!.id, { text: 'b' })
    expect(await sets.revisionHash(workspace, id)).toBe(before)
    const ids = (await sets.page(workspace, id, { offset: 0, limit: 9 })).rows.map((r) => r.id)
    expect(await sets.deleteRows(workspace, id, ids)).toMatchObject({ before, changed: 2 })
    expect(await sets.revisionHash(workspace, id)).toBe(empty)
    await database.close()
  })

  test('rows are changed alike by one revision, and what they were comes back by another', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('a', 'x'), row('b', 'x'), row('c', 'y')], '')
    const start = await sets.revisionHash(workspace, id)
    const ids = (await sets.records(workspace, id)).rows.map((r) => r.id)
    const [a, b, c] = ids as [string, string, string]
    // One of them has this label already, so nothing is written for it.
    const moved = await sets.changeRows(workspace, id, ids, { label: 'y' })
    expect(moved).toEqual({ before: start, changed: 2, revision: 2 })
    const pinned = await sets.changeRows(workspace, id, [a], { split: 'train' })
    const gone = await sets.deleteRows(workspace, id, [b])
    expect((await sets.changedSince(workspace, id, start)).sort()).toEqual([a, b].sort())
    expect(await sets.whatBecameOf(workspace, id, start, [a, b, 'row_never'])).toEqual(
      new Map([
        [a, expect.objectContaining({ labelName: 'y', split: 'train' })],
        [b, null],
      ]),
    )
    expect((await sets.records(workspace, id)).rows.map((r) => r.split)).toEqual(['train', undefined])

    expect(await sets.restoreRows(workspace, id, [b], gone.before)).toMatchObject({ changed: 1 })
    expect(await sets.restoreRows(workspace, id, [a], pinned.before)).toMatchObject({ changed: 1 })
    expect(await sets.changedSince(workspace, id, start)).toHaveLength(2)
    expect(await sets.restoreRows(workspace, id, [a, b, c], start)).toMatchObject({ changed: 2 })
    expect(await sets.revisionHash(workspace, id)).toBe(start)
    expect(await sets.changedSince(workspace, id, start)).toEqual([])
    expect((await sets.records(workspace, id)).rows.map((r) => r.text)).toEqual(['a', 'b', 'c'])
    await expect(sets.restoreRows(workspace, id, [a], 'f'.repeat(64))).rejects.toMatchObject({ code: 'not-found' })
    await database.close()
  })

  test('what an import left when it was killed is seen by nobody and swept away by the next write', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('a', 'x')], '')
    const { db } = database
    await db
      .update(setTable)
      .set({ staging: 2, stagingAt: new Date(Date.now() - 60_000) })
      .where(eq(setTable.id, id))
    await db.insert(setRows).values({
      setId: id,
      workspaceId: workspace,
      id: 'row_half',
      position: 9,
      since: 2,
      text: 'half',
      origin: '',
      createdAt: new Date(),
    })
    expect((await sets.records(workspace, id)).rows.map((r) => r.text)).toEqual(['a'])
    await sets.importRows(workspace, id, [row('b', 'x')], '')
    expect((await sets.records(workspace, id)).rows.map((r) => r.text)).toEqual(['a', 'b'])
    await database.close()
  })

  test('an import that fails leaves the set as it was, and another one may follow', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('a', 'x')], '')
    await expect(sets.importRows(workspace, id, [row('b'.repeat(20_000), 'x')], '')).rejects.toMatchObject({
      code: 'data-row-too-long',
    })
    expect(await sets.importRows(workspace, id, [row('c', 'x')], '')).toMatchObject({ added: 1, set: { rows: 2 } })
    await database.close()
  })

  test('characters that the database cannot hold cost a row nothing else', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('a\u0000b \ud83d', 'x'), row('"quoted\\" 🙂', 'x')], '')
    expect((await sets.records(workspace, id)).rows.map((r) => r.text)).toEqual(['ab \ufffd', '"quoted\\" 🙂'])
    await database.close()
  })

  test('a rewrite that died half way is seen by nobody, and the next write clears it away', async () => {
    const { database, sets, id } = await house(open)
    await sets.importRows(workspace, id, [row('a', 'x'), row('b', 'x')], '')
    const { revision } = await sets.summary(workspace, id)
    // As a killed process leaves it: the claim is old, and a row is closed for a revision that never came.
    await database.db
      .update(setTable)
      .set({ staging: 2, stagingAt: new Date(0) })
      .where(eq(setTable.id, id))
    await database.db.update(setRows).set({ until: 2 }).where(eq(setRows.text, 'a'))
    expect((await sets.records(workspace, id)).rows).toHaveLength(2)
    const [b] = (await sets.page(workspace, id, { offset: 0, limit: 1 })).rows
    const { before } = await sets.mendRows(workspace, id, revision, new Map([[b!.id, { do: 'text', text: 'c' }]]))
    expect(before).toBe(revision)
    expect((await sets.records(workspace, id)).rows.map(({ text }) => text)).toEqual(['a', 'c'])
    await database.close()
  })

  test('two writers at once come one after the other', async () => {
    const { database, sets, id } = await house(open)
    await Promise.all(['a', 'b', 'c', 'd'].map((text) => sets.importRows(workspace, id, [row(text, 'x')], '')))
    expect((await sets.summary(workspace, id)).rows).toBe(4)
    await database.close()
  })

  test('another workspace finds no set', async () => {
    const { database, sets, id } = await house(open)
    await expect(sets.summary('wsp_other', id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(sets.records('wsp_other', id)).rejects.toMatchObject({ code: 'not-found' })
    await expect(sets.deleteRows('wsp_other', id, ['row_1'])).rejects.toMatchObject({ code: 'not-found' })
    await database.close()
  })
})

import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findingKinds } from '#runtime/doctor/finding.ts'
import type { CasesPage, CheckView, FixAnswer, RowsChange, RowsPage, SetSummary } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

/** A set with one fault of some kinds, and a way to look at it as the studio does. */
async function house(open: () => Promise<OpenDatabase>, rows: [text: string, label: string][]) {
  const database = await open()
  const studio = await openStudio(database, { compute: noCompute })
  const bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body.id
  const { id } = (await studio.call<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: 'Questions' })).body
  const { workspace } = (await studio.call<{ workspace: { id: string } }>('GET', '/api/me')).body
  await studio.services.sets.importRows(
    workspace.id,
    id,
    rows.map(([text, label]) => ({ text, label })),
    'test',
  )
  const path = `/api/sets/${id}`
  return {
    studio,
    path,
    id,
    workspace: workspace.id,
    check: () => checked(studio, path),
    hash: async () => (await studio.call<SetSummary>('GET', path)).body.revision,
    async close() {
      await studio.close()
      await database.close()
    },
  }
}

async function checked(studio: Studio, path: string): Promise<CheckView> {
  await studio.call('POST', `${path}/check`)
  return expect
    .poll(async () => (await studio.call<CheckView>('GET', `${path}/check`)).body, { timeout: 60_000, interval: 100 })
    .toMatchObject({ state: 'done' })
    .then(async () => (await studio.call<CheckView>('GET', `${path}/check`)).body)
}

const rows: [string, string][] = [
  ['我要退货', '退货'],
  ['我要  退货', '退货'],
  ['我要退货', '查物流'],
  ['my number is +1 415-555-0123', '退货'],
  ['打 13800138000 找我', '查物流'],
  ['到哪了', '查物流。'],
  ['where is my cafÃ© order', '查物流'],
]

describeOnEachDatabase('the data doctor', (open) => {
  test('a check tells what is wrong, the most harmful first, and is known at once when it is asked for again', async () => {
    const { studio, path, check, close } = await house(open, rows)
    expect((await studio.call<CheckView>('GET', `${path}/check`)).body).toMatchObject({ state: 'none', check: null })
    const { check: found, hash } = await check()
    const kinds = found!.findings.map(({ kind }) => kind)
    expect(kinds).toEqual(
      expect.arrayContaining(['encoding', 'personal-phone', 'conflicts', 'label-variants', 'copies']),
    )
    expect(kinds).toEqual([...kinds].sort((a, b) => findingKinds.indexOf(a) - findingKinds.indexOf(b)))
    const again = await studio.call<CheckView>('POST', `${path}/check`)
    expect(again.body).toMatchObject({ state: 'done', hash, check: { checkedAt: found!.checkedAt } })
    await close()
  })

  test('a fix is one revision that says how many rows it changed, leaves out what was unticked, and undo gives the first content', async () => {
    const { studio, path, check, hash, close } = await house(open, rows)
    const first = await hash()
    const seen = await check()
    const at = `${path}/check/${seen.hash}/personal-phone`
    const { cases, total } = (await studio.call<CasesPage>('GET', `${at}?limit=10`)).body
    expect(total).toBe(2)
    const left = cases.find(({ row }) => row?.text.startsWith('打'))!
    const fix = await studio.call<FixAnswer>('POST', `${at}/fix`, { way: 'suggested', except: [left.id] })
    expect(fix.body).toMatchObject({ before: first, changed: 1 })
    const page = (await studio.call<RowsPage>('GET', `${path}/rows`)).body
    expect(page.rows.map(({ text }) => text)).toEqual(
      expect.arrayContaining(['my number is [phone]', '打 13800138000 找我']),
    )
    // It is another content now: what was found in the first one is not said of it.
    expect((await studio.call<CheckView>('GET', `${path}/check`)).body).toMatchObject({ state: 'none' })
    await studio.call<RowsChange>('POST', `${path}/rows/restore`, { rows: fix.body.rows, to: fix.body.before })
    expect(await hash()).toBe(first)
    expect((await studio.call<CheckView>('GET', `${path}/check`)).body).toMatchObject({ state: 'done' })
    await close()
  })

  test('findings of a former content mend only rows that are as they were, and no copy goes without the row that stays', async () => {
    const { studio, path, check, close } = await house(open, rows)
    const { hash } = await check()
    const { cases } = (await studio.call<CasesPage>('GET', `${path}/check/${hash}/copies`)).body
    const fix = cases[0]!.fix
    expect(fix).toMatchObject({ do: 'remove' })
    if (fix?.do === 'remove') await studio.call('POST', `${path}/rows/delete`, { rows: [fix.keeper!] })
    const answer = await studio.call<FixAnswer>('POST', `${path}/check/${hash}/copies/fix`, {
      way: 'suggested',
      except: [],
    })
    expect(answer.body).toMatchObject({ changed: 0, rows: [] })
    await close()
  })

  test('a way that a finding has not, a label of another set and a finding that there is not are refused', async () => {
    const { studio, path, check, close } = await house(open, rows)
    const { hash } = await check()
    const ask = (kind: string, how: object) =>
      studio.call('POST', `${path}/check/${hash}/${kind}/fix`, { except: [], ...how })
    expect((await ask('copies', { way: 'label', label: 'lbl_x' })).status).toBe(400)
    expect((await ask('few-rows', { way: 'label' })).status).toBe(400)
    expect((await ask('few-rows', { way: 'label', label: 'lbl_x' })).status).toBe(404)
    expect((await ask('nothing', { way: 'remove' })).status).toBe(404)
    expect((await studio.call('GET', '/api/sets/set_x/check')).status).toBe(404)
    await close()
  })

  test('an empty set is healthy', async () => {
    const { check, close } = await house(open, [])
    expect((await check()).check!.findings).toEqual([])
    await close()
  })

  test('whatever is mended, in whatever order, taking it back last first gives the hash of the first revision', async () => {
    const { studio, workspace, id, hash, check, close } = await house(open, rows)
    const first = await hash()
    const { hash: content, check: found } = await check()
    const { sets, doctor } = studio.services
    const kinds = found!.findings.map(({ kind, ways }) => ({ kind, way: ways.find((way) => way !== 'label')! }))
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(kinds, { minLength: 1 }), async (order) => {
        const done: FixAnswer[] = []
        for (const { kind, way } of order)
          done.push(await doctor.fix(workspace, id, { hash: content, kind }, { way, except: [] }))
        for (const { rows: changed, before } of done.reverse())
          if (changed.length > 0) await sets.restoreRows(workspace, id, changed, before)
        expect(await hash()).toBe(first)
      }),
      { numRuns: 8 },
    )
    await close()
  })
})

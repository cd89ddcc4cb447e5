import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, entitySpan } from '#kit'
import { textEncodings } from '#runtime/language/decode-text.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { importFile } from '#server/data/preview.ts'
import { maxRowLength } from '#server/data/set-store.ts'
import type { Services } from '#server/services.ts'
import type { ColumnChoice } from './dto.ts'
import { valid } from './validate.ts'

const name = z.string().trim().min(1).max(200)
const page = z.strictObject({
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  label: z.string().max(80).optional(),
  search: z.string().max(200).optional(),
  outOfScope: z.stringbool().optional(),
  unlabelled: z.stringbool().optional(),
  language: z.string().max(35).optional(),
  source: z.string().max(400).optional(),
  marked: z.stringbool().optional(),
  sort: z.enum(['added', 'changed', 'text', 'label', 'language']).optional(),
  descending: z.stringbool().optional(),
})
const edit = z.strictObject({
  text: z.string().min(1).max(maxRowLength).optional(),
  pair: z.string().max(maxRowLength).nullable().optional(),
  label: name.nullable().optional(),
  outOfScope: z.boolean().optional(),
  split: z.literal('train').nullable().optional(),
  entities: z.array(entitySpan).max(500).nullable().optional(),
})
const rows = z.array(z.string().max(64)).min(1).max(10_000)
const several = z.strictObject({ rows, change: edit.omit({ text: true, pair: true, entities: true }) })
const marks = z.strictObject({ rows, marked: z.boolean() })
const doomed = z.strictObject({ rows })
const restored = z.strictObject({
  rows: z.array(z.string().max(64)).min(1).max(200_000),
  to: z.string().regex(/^[0-9a-f]{64}$/),
})
const casesPage = page.pick({ offset: true, limit: true })
const fix = z.strictObject({
  way: z.enum(['suggested', 'remove', 'label']),
  label: z.string().max(80).optional(),
  except: z.array(z.string().max(64)).max(200_000),
})
const importRequest = z.strictObject({
  file: z.string().max(64),
  textColumn: z.string().max(200),
  pairColumn: z.string().max(200).nullable().optional(),
  labelColumn: z.string().max(200).nullable(),
  label: name.nullable(),
  outOfScope: z.boolean().optional(),
  encoding: z.enum(textEncodings).optional(),
  heading: z.boolean().optional(),
  part: z.string().max(200).optional(),
})

/** A column is one thing only. Throws `invalid-request`. */
export function oneColumnEach({ textColumn, pairColumn = null, labelColumn }: ColumnChoice): void {
  if (labelColumn !== null && (labelColumn === textColumn || labelColumn === pairColumn))
    throw new BotloomError('invalid-request', { at: 'labelColumn', issue: 'same-column' })
  if (pairColumn === textColumn) throw new BotloomError('invalid-request', { at: 'pairColumn', issue: 'same-column' })
}

/** `/api/bots/:bot/sets`. */
export function botSetRoutes({ bots, sets }: Services) {
  return new Hono<StudioEnv>()
    .get('/:bot/sets', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json(await sets.list(workspace, c.req.param('bot')))
    })
    .post('/:bot/sets', valid('json', z.strictObject({ name })), async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      const id = await sets.create(workspace, c.req.param('bot'), c.req.valid('json').name)
      return c.json(await sets.summary(workspace, id), 201)
    })
}

/** `/api/sets`. */
export function setRoutes(services: Services) {
  const { sets, files, drafts, doctor, tellFacts: tell } = services

  return new Hono<StudioEnv>()
    .get('/:set', async (c) => c.json(await sets.summary(c.get('signedIn').workspace, c.req.param('set'))))
    .get('/:set/rows', valid('query', page), async (c) =>
      c.json(await sets.page(c.get('signedIn').workspace, c.req.param('set'), c.req.valid('query'))),
    )
    .patch('/:set/rows/:row', valid('json', edit), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const set = c.req.param('set')
      const row = await sets.editRow(workspace, set, c.req.param('row'), c.req.valid('json'), user.id)
      await tell(workspace, set)
      return c.json(row)
    })
    .post('/:set/rows/change', valid('json', several), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const set = c.req.param('set')
      const { rows, change } = c.req.valid('json')
      const answer = await sets.changeRows(workspace, set, rows, change, user.id)
      await tell(workspace, set)
      return c.json(answer)
    })
    .post('/:set/rows/delete', valid('json', doomed), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const set = c.req.param('set')
      const answer = await sets.deleteRows(workspace, set, c.req.valid('json').rows, user.id)
      await tell(workspace, set)
      return c.json(answer)
    })
    .post('/:set/rows/restore', valid('json', restored), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const set = c.req.param('set')
      const { rows, to } = c.req.valid('json')
      const answer = await sets.restoreRows(workspace, set, rows, to, user.id)
      await tell(workspace, set)
      return c.json(answer)
    })
    .get('/:set/origins', async (c) => c.json(await sets.sources(c.get('signedIn').workspace, c.req.param('set'))))
    .get('/:set/entity-types', async (c) =>
      c.json(await sets.entityTypes(c.get('signedIn').workspace, c.req.param('set'))),
    )
    .post('/:set/rows/mark', valid('json', marks), async (c) => {
      const { rows, marked } = c.req.valid('json')
      return c.json({ marked: await sets.mark(c.get('signedIn').workspace, c.req.param('set'), rows, marked) })
    })
    .get('/:set/check', async (c) => c.json(await doctor.view(c.get('signedIn').workspace, c.req.param('set'))))
    .post('/:set/check', async (c) => c.json(await doctor.start(c.get('signedIn').workspace, c.req.param('set')), 202))
    .delete('/:set/check', async (c) => {
      const { workspace } = c.get('signedIn')
      await doctor.cancel(workspace, c.req.param('set'))
      return c.json(await doctor.view(workspace, c.req.param('set')))
    })
    .get('/:set/check/:hash/:kind', valid('query', casesPage), async (c) => {
      const { set, ...finding } = c.req.param()
      return c.json(await doctor.cases(c.get('signedIn').workspace, set, finding, c.req.valid('query')))
    })
    .post('/:set/check/:hash/:kind/fix', valid('json', fix), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { set, ...finding } = c.req.param()
      const answer = await doctor.fix(workspace, set, finding, c.req.valid('json'), user.id)
      await tell(workspace, set)
      return c.json(answer)
    })
    .post('/:set/import', valid('json', importRequest), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const set = c.req.param('set')
      const request = c.req.valid('json')
      oneColumnEach(request)
      const { document } = await drafts.load(workspace, await sets.botOf(workspace, set))
      const answer = await importFile({ files, sets }, workspace, set, request, document.languages, user.id)
      await tell(workspace, set)
      return c.json(answer)
    })
}

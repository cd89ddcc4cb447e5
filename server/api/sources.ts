import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { connectionRequest, sourceQuery, sourceRequest } from '#server/sources/source-shapes.ts'
import { oneColumnEach } from './sets.ts'
import { valid } from './validate.ts'

/** `/api/bots/:bot/connections`: how a bot's records reach other databases and services. */
export function connectionRoutes({ bots, sources }: Services) {
  const { connections } = sources
  return new Hono<StudioEnv>()
    .get('/:bot/connections', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json(await connections.list(workspace, c.req.param('bot')))
    })
    .post('/:bot/connections', valid('json', connectionRequest), async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json(await sources.connect(workspace, c.req.param('bot'), c.req.valid('json')), 201)
    })
    .get('/:bot/connections/:connection/tables', async (c) =>
      c.json(await sources.tables(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('connection'))),
    )
    .post('/:bot/connections/:connection/preview', valid('json', z.strictObject({ query: sourceQuery })), async (c) => {
      const { bot, connection } = c.req.param()
      return c.json(await sources.preview(c.get('signedIn').workspace, bot, connection, c.req.valid('json').query))
    })
    .delete('/:bot/connections/:connection', async (c) => {
      await connections.remove(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('connection'))
      return c.body(null, 204)
    })
}

/** `/api/sets/:set/sources`: kept sources of a set and their imports. */
export function sourceRoutes({ sets, sources }: Services) {
  return new Hono<StudioEnv>()
    .get('/:set/sources', async (c) => {
      const { workspace } = c.get('signedIn')
      await sets.botOf(workspace, c.req.param('set'))
      return c.json(await sources.list(workspace, c.req.param('set'), localeOf(c)))
    })
    .post('/:set/sources', valid('json', sourceRequest), async (c) => {
      const request = c.req.valid('json')
      oneColumnEach(request.mapping)
      return c.json(await sources.create(c.get('signedIn').workspace, c.req.param('set'), request, localeOf(c)), 202)
    })
    .get('/:set/sources/:source', async (c) => {
      const { set, source } = c.req.param()
      return c.json(await sources.view(c.get('signedIn').workspace, set, source, localeOf(c)))
    })
    .delete('/:set/sources/:source', async (c) => {
      const { set, source } = c.req.param()
      await sources.remove(c.get('signedIn').workspace, set, source)
      return c.body(null, 204)
    })
    .post('/:set/sources/:source/import', async (c) => {
      const { set, source } = c.req.param()
      return c.json(await sources.importNew(c.get('signedIn').workspace, set, source, localeOf(c)), 202)
    })
    .delete('/:set/sources/:source/import', async (c) => {
      const { set, source } = c.req.param()
      return c.json(await sources.stopImport(c.get('signedIn').workspace, set, source, localeOf(c)))
    })
}

import { Hono } from 'hono'
import { z } from 'zod'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { LabelsView } from './dto.ts'
import { valid } from './validate.ts'

const name = z.string().trim().min(1).max(200)
const id = z.string().max(80)
const someRows = z.array(z.string().max(64)).min(1)
const words = z.string().max(2_000).default('')
const guide = z.strictObject({ belongs: words, not: words, examples: z.array(z.string().max(64)).max(20).default([]) })
const page = {
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(200).default(50),
}
const queue = z.strictObject({ ...page, kind: z.enum(['unlabelled', 'doubtful', 'marked']).default('unlabelled') })
const revision = z.coerce.number().int().min(0).max(2_147_483_647)
const states = z.strictObject(page)
const two = z.strictObject({ ...page, from: revision.default(0), to: revision.optional() })
const like = z.strictObject({
  rows: someRows.max(50),
  among: z.enum(['unlabelled', 'all']).default('unlabelled'),
  count: z.number().int().min(1).max(200).default(50),
})

/** `/api/sets`: labels, the work of giving them, and what became of rows. */
export function labellingRoutes(services: Services) {
  const { bots, sets, labelSteps, labelGuides, labelQueues, findSimilar, history, tellFacts: tell } = services
  const view = async (workspace: string, set: string): Promise<LabelsView> => ({
    labels: await labelGuides.list(workspace, set),
    steps: await labelSteps.list(workspace, set),
  })
  const changed = async (workspace: string, set: string) => {
    await bots.touch(workspace, await sets.botOf(workspace, set))
    await tell(workspace, set)
  }

  return new Hono<StudioEnv>()
    .get('/:set/labels', async (c) => c.json(await view(c.get('signedIn').workspace, c.req.param('set'))))
    .patch('/:set/labels/:label', valid('json', z.strictObject({ name })), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { set, label } = c.req.param()
      const step = await labelSteps.rename(workspace, set, label, c.req.valid('json').name, user.id)
      await changed(workspace, set)
      return c.json(step)
    })
    .put('/:set/labels/:label/guide', valid('json', guide), async (c) => {
      const { workspace } = c.get('signedIn')
      const { set, label } = c.req.param()
      await labelGuides.put(workspace, set, label, c.req.valid('json'))
      return c.json(await view(workspace, set))
    })
    .post(
      '/:set/labels/:label/merge',
      valid('json', z.strictObject({ labels: z.array(id).min(1).max(500) })),
      async (c) => {
        const { workspace, user } = c.get('signedIn')
        const { set, label } = c.req.param()
        const step = await labelSteps.merge(workspace, set, c.req.valid('json').labels, label, user.id)
        await changed(workspace, set)
        return c.json(step)
      },
    )
    .post(
      '/:set/labels/:label/split',
      valid('json', z.strictObject({ name, rows: someRows.max(10_000) })),
      async (c) => {
        const { workspace, user } = c.get('signedIn')
        const { set, label } = c.req.param()
        const step = await labelSteps.split(workspace, set, label, c.req.valid('json'), user.id)
        await changed(workspace, set)
        return c.json(step)
      },
    )
    .post('/:set/label-steps/:step/undo', async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { set, step } = c.req.param()
      const answer = await labelSteps.undo(workspace, set, step, user.id)
      await changed(workspace, set)
      return c.json(answer)
    })
    .get('/:set/queue', valid('query', queue), async (c) => {
      const { kind, ...range } = c.req.valid('query')
      return c.json(await labelQueues.queue(c.get('signedIn').workspace, c.req.param('set'), kind, range))
    })
    .post('/:set/suggestions', valid('json', z.strictObject({ rows: someRows.max(100) })), async (c) =>
      c.json(await labelQueues.suggest(c.get('signedIn').workspace, c.req.param('set'), c.req.valid('json').rows)),
    )
    .post('/:set/similar', valid('json', like), async (c) =>
      c.json(await findSimilar(c.get('signedIn').workspace, c.req.param('set'), c.req.valid('json'))),
    )
    .get('/:set/states', valid('query', states), async (c) =>
      c.json(await history.states(c.get('signedIn').workspace, c.req.param('set'), c.req.valid('query'))),
    )
    .get('/:set/difference', valid('query', two), async (c) =>
      c.json(await history.compare(c.get('signedIn').workspace, c.req.param('set'), c.req.valid('query'))),
    )
    .post('/:set/states/:revision/undo', async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { set, revision: at } = c.req.param()
      const answer = await history.undo(workspace, set, revision.catch(-1).parse(at), user.id)
      await changed(workspace, set)
      return c.json(answer)
    })
    .post('/:set/states/:revision/restore', async (c) => {
      const { workspace, user } = c.get('signedIn')
      const { set, revision: at } = c.req.param()
      const answer = await history.restore(workspace, set, revision.catch(-1).parse(at), user.id)
      await changed(workspace, set)
      return c.json(answer)
    })
    .get('/:set/rows/:row/history', async (c) => {
      const { set, row } = c.req.param()
      return c.json(await history.ofRow(c.get('signedIn').workspace, set, row))
    })
}

import { Hono } from 'hono'
import { z } from 'zod'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import * as shapes from './caller-schemas.ts'
import type { CallerEnv, Callers } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import * as examples from './examples.ts'

const publish = z.strictObject({
  note: z.string().max(500),
  keepOldModel: z.boolean().optional(),
  open: z.enum(['stay', 'finish', 'move']).optional(),
})
// Beyond this no database column holds it.
const number = z.strictObject({ bot: z.string(), version: z.coerce.number().int().min(1).max(2_147_483_647) })
const refused = [400, 401, 403, 404, 429]

/** Publishing for other servers. */
export function callerVersionRoutes({ versions, warmPublished, log }: Services, callers: Callers) {
  const read = callers.needs('bots:read')
  const publishes = callers.needs('publish')
  const warm = (workspace: string): void => {
    warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded ahead'))
  }

  return new Hono<CallerEnv>()
    .get(
      '/:bot/publish',
      operation({
        tag: 'versions',
        summary: { 'zh-CN': '现在发布会带来什么', en: 'What publishing would do now' },
        doors: ['publish'],
        answers: { 200: answers(shapes.preview, 'The preview', examples.preview) },
        refused,
      }),
      publishes,
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json(await versions.preview(bot.workspaceId, bot.id))
      },
    )
    .post(
      '/:bot/publish',
      operation({
        tag: 'versions',
        summary: { 'zh-CN': '把草稿发布为新版本', en: 'Publish the draft as the next version' },
        doors: ['publish'],
        request: { note: 'Returns are answered', keepOldModel: true },
        answers: { 201: answers(shapes.version, 'The version', examples.version) },
        refused: [...refused, 409, 422],
      }),
      publishes,
      callers.once,
      checked('json', publish),
      async (c) => {
        const caller = c.get('caller')
        const bot = await callers.bot(caller, c.req.param('bot'))
        const made = await versions.publish(
          bot.workspaceId,
          bot.id,
          c.req.valid('json'),
          callers.person(caller),
          localeOf(c),
        )
        warm(bot.workspaceId)
        return c.json(made, 201)
      },
    )
    .get(
      '/:bot/versions',
      operation({
        tag: 'versions',
        summary: { 'zh-CN': '列出已发布的版本', en: 'List the published versions' },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.versionList, 'Versions, the newest first', { versions: [examples.version] }) },
        refused,
      }),
      read,
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json({ versions: await versions.list(bot.workspaceId, bot.id) })
      },
    )
    .post(
      '/:bot/versions/:version/current',
      operation({
        tag: 'versions',
        summary: {
          'zh-CN': '切换到某个版本，也就是回滚',
          en: 'Make a version the current one: roll back, or forward',
        },
        doors: ['publish'],
        answers: { 200: answers(shapes.version, 'The version', examples.version) },
        refused: [...refused, 409],
      }),
      publishes,
      checked('param', number),
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        const made = await versions.activate(
          bot.workspaceId,
          bot.id,
          c.req.valid('param').version,
          {},
          {
            ...{ id: c.get('caller').key, name: c.get('caller').name },
          },
        )
        warm(bot.workspaceId)
        return c.json(made)
      },
    )
}

import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, type SessionView } from '#kit'
import { definitions, steps } from '#nodes/registry.gen.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { storableText } from '#server/data/storable-text.ts'
import { newId } from '#server/new-id.ts'
import type { Services } from '#server/services.ts'
import type { CallTry } from './dto.ts'
import { valid } from './validate.ts'

const secretName = z.string().regex(/^[\p{L}\p{N}_.-]{1,60}$/u)
const secret = z.strictObject({
  /** `api.shop.example` or `api.shop.example:8443`. */
  host: z
    .string()
    .trim()
    .toLowerCase()
    .max(253)
    .refine(
      (host) => URL.canParse(`https://${host}`) && new URL(`https://${host}`).pathname === '/' && !/[/@?#]/.test(host),
    ),
  value: z.string().min(1).max(8_000).transform(storableText),
})
const value = z.union([z.string().max(4_000), z.number(), z.boolean()])
const values = z.record(z.string().max(64), value)
const tried = z.strictObject({
  type: z.string().max(40),
  config: z.record(z.string(), z.unknown()),
  variables: values,
  parameters: values,
})
/** Characters of an answer that a person is shown. */
const mostShown = 20_000

/** Secrets of a bot, and one request of a block as it would be made, for who is drawing it. */
export function apiCallRoutes({ bots, secrets, calls }: Services) {
  return new Hono<StudioEnv>()
    .get('/:bot/secrets', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json(await secrets.list(workspace, c.req.param('bot')))
    })
    .put(
      '/:bot/secrets/:name',
      valid('param', z.object({ bot: z.string(), name: secretName })),
      valid('json', secret),
      async (c) => {
        const { bot, name } = c.req.valid('param')
        await secrets.put(c.get('signedIn').workspace, bot, name, c.req.valid('json'))
        return c.body(null, 204)
      },
    )
    .delete('/:bot/secrets/:name', async (c) => {
      await secrets.remove(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('name'))
      return c.body(null, 204)
    })
    .post('/:bot/calls', valid('json', tried), async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      await bots.get(workspace, bot)
      const request = requestOf(c.req.valid('json'))
      const answer = await calls.once(workspace, bot, newId('out'), request)
      const text = answer.body.toString('utf8')
      return c.json({
        method: request.method,
        url: request.url,
        status: answer.status,
        ms: answer.ms,
        text: text.slice(0, mostShown),
        cut: text.length > mostShown,
      } satisfies CallTry)
    })
}

/** What a block would ask with these values. Throws `not-found`, `outbound-address`, and `invalid-request` for a config that does not parse. */
function requestOf({ type, config, variables, parameters }: z.output<typeof tried>) {
  const definition = Object.hasOwn(definitions, type) ? definitions[type] : undefined
  const step = Object.hasOwn(steps, type) ? steps[type] : undefined
  if (!definition || !step) throw new BotloomError('not-found', { what: 'block' })
  const parsed = definition.config.safeParse(config)
  if (!parsed.success) throw new BotloomError('invalid-request', { detail: 'config' })
  const { effect } = step.step.enter(parsed.data, viewOf(variables, parameters))
  if (effect?.type !== 'call')
    throw new BotloomError('outbound-address', { url: String(config.url ?? '').slice(0, 200) })
  return effect.request
}

function viewOf(variables: Record<string, unknown>, parameters: Record<string, unknown>): SessionView {
  return {
    node: 'tried',
    variables,
    parameters,
    language: 'en',
    languages: ['en'],
    pending: null,
    lastMessage: null,
    entities: [],
    taken: [],
    memory: {},
    counters: {},
    seed: 'tried',
    connected: () => false,
    aside: false,
    now: new Date().toISOString(),
    timeZone: 'UTC',
  }
}

import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { parseBotFile } from '#server/bots/bot-file.ts'
import { toBotDetails, toBotSummary } from '#server/bots/bot-views.ts'
import { newIdentitySecret } from '#server/conversations/visitor-identity.ts'
import { firstFile } from '#server/data/multipart.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import { botChange } from './bot-change.ts'
import type { BotDetail, BotSummary } from './dto.ts'
import { valid } from './validate.ts'

const name = z.string().trim().min(1).max(80)
const newBot = z.strictObject({
  name,
  template: z.string().max(64).nullable(),
  parameters: z.record(z.string(), z.unknown()).optional(),
})
export function botRoutes({ bots, removeBot, carrier, templates, database, identities, warmPublished, log }: Services) {
  const detail = async (workspace: string, id: string): Promise<BotDetail> => {
    const [found] = await toBotDetails(database.db, workspace, [await bots.get(workspace, id)])
    return found!
  }
  return (
    new Hono<StudioEnv>()
      .get('/', async (c) => {
        const { workspace } = c.get('signedIn')
        const details = await toBotDetails(database.db, workspace, await bots.list(workspace))
        return c.json(details.map(toBotSummary) satisfies BotSummary[])
      })
      .post('/', valid('json', newBot), async (c) => {
        const { workspace } = c.get('signedIn')
        const { name, template, parameters } = c.req.valid('json')
        const bot =
          template === null
            ? await bots.create(workspace, { name })
            : await templates.instantiate(workspace, template, { name, parameters, locale: localeOf(c) })
        return c.json(toBotSummary(await detail(workspace, bot.id)), 201)
      })
      .post('/import', async (c) => {
        const { workspace } = c.get('signedIn')
        const { content } = await firstFile(c.req.header('content-type'), c.req.raw.body)
        const bot = await carrier.fromFile(workspace, parseBotFile(await readUpTo(content, largestBotFile)))
        return c.json(toBotSummary(await detail(workspace, bot.id)), 201)
      })
      .get('/:bot/export', async (c) => {
        const { workspace } = c.get('signedIn')
        const { slug } = await bots.get(workspace, c.req.param('bot'))
        const file = await carrier.toFile(workspace, c.req.param('bot'))
        return c.body(JSON.stringify(file), 200, {
          'content-type': 'application/json; charset=utf-8',
          'content-disposition': `attachment; filename="${slug}.botloom.json"`,
        })
      })
      .get('/:bot', async (c) => c.json(await detail(c.get('signedIn').workspace, c.req.param('bot'))))
      .patch('/:bot', valid('json', botChange), async (c) => {
        const { workspace } = c.get('signedIn')
        await bots.change(workspace, c.req.param('bot'), c.req.valid('json'))
        return c.json(await detail(workspace, c.req.param('bot')))
      })
      /** A new secret, told this once; what was signed with the one before counts no more. */
      .post('/:bot/identity-secret', async (c) => {
        const { workspace } = c.get('signedIn')
        const secret = newIdentitySecret()
        await bots.change(workspace, c.req.param('bot'), { identitySecret: identities.seal(secret) })
        return c.json({ secret, bot: await detail(workspace, c.req.param('bot')) }, 201)
      })
      .delete('/:bot/identity-secret', async (c) => {
        const { workspace } = c.get('signedIn')
        // Whoever asks for vouched visitors and takes no word for them would talk to nobody.
        await bots.change(workspace, c.req.param('bot'), { identitySecret: null, verifiedOnly: false })
        return c.json(await detail(workspace, c.req.param('bot')))
      })
      .delete('/:bot', async (c) => {
        const { workspace } = c.get('signedIn')
        await removeBot(workspace, c.req.param('bot'))
        // Its model is let go; nobody waits for that.
        warmPublished(workspace).catch((error) => log.warn({ err: error }, 'models could not be loaded anew'))
        return c.body(null, 204)
      })
  )
}

/** Bytes that a bot file may have: it is held in memory while it is checked. */
const largestBotFile = 64 * 1_048_576

async function readUpTo(content: ReadableStream<Uint8Array>, most: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  let bytes = 0
  for await (const chunk of content) {
    bytes += chunk.length
    if (bytes > most) throw new BotloomError('bot-file-too-large', { limit: most / 1_048_576 })
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}

import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { firstFile } from '#server/data/multipart.ts'
import { previewFile } from '#server/data/preview.ts'
import type { Services } from '#server/services.ts'
import { valid } from './validate.ts'

const paste = z.strictObject({ text: z.string().min(1).max(2_000_000) })

export function fileRoutes({ files }: Services) {
  return new Hono<StudioEnv>()
    .post('/', async (c) => {
      const { workspace } = c.get('signedIn')
      // The client's own word saves it from sending what would be refused; `save` counts for itself.
      if (Number(c.req.header('content-length') ?? 0) > files.limit + 65_536)
        throw new BotloomError('data-too-large', { limit: Math.floor(files.limit / 1_048_576) })
      const { name, content } = await firstFile(c.req.header('content-type'), c.req.raw.body)
      return c.json(await previewFile(files, workspace, await files.save(workspace, name, content)), 201)
    })
    .post('/paste', valid('json', paste), async (c) => {
      const { workspace } = c.get('signedIn')
      const id = await files.save(workspace, 'pasted', Buffer.from(c.req.valid('json').text, 'utf8'))
      return c.json(await previewFile(files, workspace, id), 201)
    })
}

import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import { textEncodings } from '#runtime/language/decode-text.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { firstFile } from '#server/data/multipart.ts'
import { previewFile } from '#server/data/preview.ts'
import type { Services } from '#server/services.ts'
import type { RecordsPreview, UploadView } from './dto.ts'
import { valid } from './validate.ts'

const readAs = z.strictObject({
  encoding: z.enum(textEncodings).optional(),
  heading: z.stringbool().optional(),
  part: z.string().max(200).optional(),
})
const paste = z.strictObject({ text: z.string().min(1).max(2_000_000) })

const documentNames = /\.(?:txt|text|md|markdown|html?|xhtml|docx?|pdf)$/iu

/** The client's own word saves it from sending what would be refused; `save` counts for itself. */
function refuseLarge(length: string | undefined, limit: number): void {
  if (Number(length ?? 0) > limit + 65_536)
    throw new BotloomError('data-too-large', { limit: Math.floor(limit / 1_048_576) })
}

export function fileRoutes({ files }: Services) {
  /** The preview of a fresh upload; one that cannot be read is of no use to anybody and does not stay. */
  async function look(workspace: string, id: string): Promise<RecordsPreview> {
    try {
      return await previewFile(files, workspace, id)
    } catch (error) {
      await files.remove(workspace, id)
      throw error
    }
  }

  return (
    new Hono<StudioEnv>()
      .post('/', async (c) => {
        const { workspace } = c.get('signedIn')
        refuseLarge(c.req.header('content-length'), files.limit)
        const { name, content } = await firstFile(c.req.header('content-type'), c.req.raw.body)
        return c.json(await look(workspace, await files.save(workspace, name, content)), 201)
      })
      .get('/:file', valid('query', readAs), async (c) =>
        c.json(
          (await previewFile(
            files,
            c.get('signedIn').workspace,
            c.req.param('file'),
            c.req.valid('query'),
          )) satisfies RecordsPreview,
        ),
      )
      /** Documents are read by the block that they are for: here they are only kept. */
      .post('/documents', async (c) => {
        const { workspace } = c.get('signedIn')
        refuseLarge(c.req.header('content-length'), files.limit)
        const { name, content } = await firstFile(c.req.header('content-type'), c.req.raw.body)
        if (!documentNames.test(name)) throw new BotloomError('document-kind', { file: name })
        const file = await files.save(workspace, name, content)
        return c.json((await files.about(workspace, file)) satisfies UploadView, 201)
      })
      .get('/:file/about', async (c) =>
        c.json((await files.about(c.get('signedIn').workspace, c.req.param('file'))) satisfies UploadView),
      )
      .post('/paste', valid('json', paste), async (c) => {
        const { workspace } = c.get('signedIn')
        const id = await files.save(workspace, 'pasted', Buffer.from(c.req.valid('json').text, 'utf8'))
        return c.json(await look(workspace, id), 201)
      })
  )
}

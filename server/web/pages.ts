import { join } from 'node:path'
import { Hono } from 'hono'
import { compress } from 'hono/compress'
import { BotloomError } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { fileResponse } from './static-files.ts'

const dist = (part: string): string => join(projectRoot, 'dist', part)
const demo = join(projectRoot, 'editor', 'widget', 'demo')
const tryPage = join(projectRoot, 'editor', 'widget', 'try')
const crossOrigin = { 'cross-origin-resource-policy': 'cross-origin', 'access-control-allow-origin': '*' }

/** The studio's page and scripts, the widget's bundle, the demo shop and the page of the test environment. They hold no data. */
export function createPages() {
  const app = new Hono()
  app.use(compress())
  app.get('/demo', async () => found(await fileResponse(demo, 'index.html')))
  app.get('/demo/:file', async (c) => found(await fileResponse(demo, c.req.param('file'))))
  // Whether the key of its address opens anything is decided where a conversation begins.
  app.get('/try/:slug', async () => found(await fileResponse(tryPage, 'index.html')))
  app.get('/try-page/:file', async (c) => found(await fileResponse(tryPage, c.req.param('file'))))
  app.get('/:file{widget[-A-Za-z0-9_.]*\\.js(\\.map)?}', async (c) =>
    found(await fileResponse(dist('widget'), c.req.param('file'), crossOrigin)),
  )
  app.get('*', async (c) => {
    const path = c.req.path.slice(1)
    const file = path === '' ? null : await fileResponse(dist('editor'), path)
    if (file) return file
    // A name with an ending is a file that is not there; every other address is a view of the studio, such as `…/1..draft`.
    if (/(?<!\.)\.[a-z0-9]+$/i.test(path)) throw new BotloomError('not-found', { what: path.slice(0, 100) })
    return found(await fileResponse(dist('editor'), 'index.html'))
  })
  return app
}

function found(response: Response | null): Response {
  if (!response) throw new BotloomError('not-found', { what: 'page' })
  return response
}

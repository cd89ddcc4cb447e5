import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { definitions, steps } from '#nodes/registry.gen.ts'
import { createPublicApi } from '#server/api/public/public-api.ts'
import { createConversationService } from '#server/conversations/conversation-service.ts'
import { createVisitorFiles } from '#server/conversations/visitor-files.ts'
import { createVisitorIdentities } from '#server/conversations/visitor-identity.ts'
import { graphOf } from '../tests/drivers/chat.ts'
import { addBot, embeddedDatabase } from '../tests/drivers/database.ts'
import { buildClient } from './build-client.ts'

const run = promisify(execFile)
const graph = graphOf(
  {
    s: { type: 'start' },
    q: { type: 'ask', config: { question: { en: 'Who is there?' }, variable: 'name' } },
    ok: { type: 'end', config: { text: { en: 'Hello, {{name}}' } } },
  },
  ['s -> q', 'q -> ok'],
  { languages: ['en'] },
)

test('the package, packed and installed into a bare project, talks to a server and can be imported without a page', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-package-'))
  const database = await embeddedDatabase()
  await addBot(database, 'ws', 'bot_1')
  const log = pino({ level: 'silent' })
  const conversations = await createConversationService({
    database,
    classifier: { retrieve: () => Promise.reject(new Error('this bot has no knowledge')), classify: async () => [] },
    calls: { perform: () => Promise.reject(new Error('this bot asks no other server')) },
    versions: {
      load: async () => ({ document: graph, classifiers: {} }),
      choose: async () => ({ version: 1, drawn: null }),
    },
    registry: { nodes: definitions },
    steps,
    log,
  })
  const bot = {
    ...{ id: 'bot_1', workspaceId: 'ws', slug: 'shop', origins: [], allowServerCallers: true, testKeySerial: 1 },
    ...{ look: {}, identitySecret: null, verifiedOnly: false },
  }
  const app = new Hono().route(
    '/v1',
    createPublicApi({
      conversations,
      bots: { findBySlug: async () => bot, get: async () => bot },
      files: createVisitorFiles({ db: database.db, folder: join(folder, 'files'), limit: 1_000 }),
      identities: createVisitorIdentities('a secret of at least thirty-two characters'),
      secret: 'a secret of at least thirty-two characters',
      limits: { conversationsPerMinute: 30, messagesPerMinute: 30 },
      addressOf: () => '127.0.0.1',
      log,
    }),
  )
  const server = serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' })
  await new Promise((resolve) => server.once('listening', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
  try {
    const built = join(folder, 'built')
    await buildClient(built)
    const shell = process.platform === 'win32'
    const { stdout } = await run('npm', ['pack', '--silent', '--pack-destination', folder], { cwd: built, shell })
    await writeFile(join(folder, 'package.json'), '{"type":"module","private":true}')
    const offline = ['install', '--offline', '--no-audit', '--no-fund', '--silent', `./${stdout.trim()}`]
    await run('npm', offline, { cwd: folder, shell })
    await writeFile(
      join(folder, 'talk.js'),
      `import { createChatClient } from 'botloom-client'
       import * as widget from 'botloom-client/widget'
       const chat = createChatClient({ server: process.argv[2], bot: 'shop', language: 'en' })
       chat.subscribe(() => {
         const { text } = chat.getState().messages.at(-1) ?? {}
         if (text !== 'Hello, Ada') return
         chat.close()
         console.log(text, typeof widget.createWidget)
         process.exit(0)
       })
       await chat.open()
       chat.send({ text: 'Ada' })`,
    )
    const talk = await run(process.execPath, ['talk.js', url], { cwd: folder, timeout: 60_000 })
    expect(talk.stdout.trim()).toBe('Hello, Ada function')
    const types = await readFile(join(folder, 'node_modules', 'botloom-client', 'client', 'client.d.ts'), 'utf8')
    expect(types).toContain('export declare function createChatClient')
    expect(types).not.toMatch(/\.ts'/)
  } finally {
    await conversations.close()
    await new Promise((resolve) => server.close(resolve))
    await database.close()
    await rm(folder, { recursive: true, force: true })
  }
}, 240_000)

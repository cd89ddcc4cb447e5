import { eq } from 'drizzle-orm'
import { type Context, Hono } from 'hono'
import { stream, streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { BotloomError, firstIssue } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { PersonAct } from '#server/conversations/person-acts.ts'
import { storableText } from '#server/data/storable-text.ts'
import { users } from '#server/db/schema/auth.ts'
import { chatColumns, chatRows, toCsv } from '#server/inbox/chat-csv.ts'
import { inboxTopic } from '#server/inbox/inbox-bell.ts'
import type { InboxFilter } from '#server/inbox/inbox-store.ts'
import { newId } from '#server/new-id.ts'
import type { Services } from '#server/services.ts'
import type { ChatFilter, InboxEvent, Person, WhisperNote } from './dto.ts'
import { insightChats } from './insights.ts'
import { valid } from './validate.ts'

const words = (most: number) => z.string().trim().min(1).max(most).transform(storableText)
const filter = z.strictObject({
  status: z.enum(['open', 'waiting', 'agent', 'ended', 'all']).optional(),
  bot: z.string().max(64).optional(),
  assignee: z.string().max(64).optional(),
  tag: z.string().max(40).optional(),
  search: z.string().max(200).transform(storableText).optional(),
  figure: z.string().max(1_000).optional(),
  after: z.string().max(120).optional(),
})
const reply = z.strictObject({ id: z.string().min(1).max(64).transform(storableText), text: words(4_000) })
const note = z.strictObject({ text: words(4_000) })
const change = z.strictObject({
  tags: z.array(words(40)).max(20).optional(),
  assignee: z.string().max(64).nullable().optional(),
})
const canned = z.strictObject({ title: words(80), text: words(4_000) })

const keepAlive = 15_000

/** The inbox: what people see of conversations and do in them. */
export function inboxRoutes(services: Services) {
  const { inbox, canned: replies, conversations, insights, insightCounter, events, database, bell, log } = services
  const { db } = database
  const personOf = (c: Context<StudioEnv>): Person => {
    const { id, name } = c.get('signedIn').user
    return { id, name }
  }

  /** The chats behind a figure take its place. Throws `invalid-request` where it is none. */
  async function withIds(workspace: string, { figure, ...filter }: ChatFilter): Promise<InboxFilter> {
    if (figure === undefined) return filter
    const asked = insightChats.safeParse(Object.fromEntries(new URLSearchParams(figure)))
    if (!asked.success || !filter.bot)
      throw new BotloomError('invalid-request', { at: 'figure', ...(asked.error && firstIssue(asked.error).params) })
    await insightCounter.catchUp()
    return { ...filter, ids: (await insights.chats(workspace, filter.bot, asked.data)).ids }
  }

  function detail(workspace: string, chat: string) {
    return inbox.detail(workspace, chat, (id, after, most) => conversations.history(id, after, most))
  }

  /** Refuses what belongs to another workspace or is a try, before anything is done. */
  async function act(c: Context<StudioEnv>, chat: string, what: PersonAct) {
    await inbox.check(c.get('signedIn').workspace, chat)
    return conversations.act(chat, what, personOf(c))
  }

  async function acted(c: Context<StudioEnv>, chat: string, what: PersonAct) {
    await act(c, chat, what)
    return detail(c.get('signedIn').workspace, chat)
  }

  return new Hono<StudioEnv>()
    .get('/chats', valid('query', filter), async (c) => {
      const { workspace, user } = c.get('signedIn')
      return c.json(await inbox.page(workspace, user.id, await withIds(workspace, c.req.valid('query'))))
    })
    .get('/chats/:chat', async (c) => c.json(await detail(c.get('signedIn').workspace, c.req.param('chat'))))
    .post('/chats/:chat/take', async (c) => c.json(await acted(c, c.req.param('chat'), { kind: 'take' })))
    .post('/chats/:chat/give-back', async (c) => c.json(await acted(c, c.req.param('chat'), { kind: 'give-back' })))
    .post('/chats/:chat/close', async (c) => c.json(await acted(c, c.req.param('chat'), { kind: 'close' })))
    .post('/chats/:chat/messages', valid('json', reply), async (c) => {
      const said = await act(c, c.req.param('chat'), { kind: 'reply', ...c.req.valid('json') })
      return c.json({ message: said.at(-1)! }, 201)
    })
    .post('/chats/:chat/notes', valid('json', note), async (c) => {
      const { workspace } = c.get('signedIn')
      const chat = c.req.param('chat')
      const kept: WhisperNote = {
        id: newId('note'),
        author: personOf(c),
        text: c.req.valid('json').text,
        at: new Date().toISOString(),
      }
      await inbox.note(workspace, chat, kept)
      bell.ring(workspace, chat, 'agent')
      return c.json(kept, 201)
    })
    .patch('/chats/:chat', valid('json', change), async (c) => {
      const { workspace } = c.get('signedIn')
      const chat = c.req.param('chat')
      const { tags, assignee } = c.req.valid('json')
      if (assignee && !(await people(workspace)).some(({ id }) => id === assignee))
        throw new BotloomError('not-found', { what: 'person' })
      await inbox.change(workspace, chat, { ...(tags ? { tags: [...new Set(tags)] } : {}), assignee })
      bell.ring(workspace, chat, 'agent')
      return c.json(await detail(workspace, chat))
    })
    .get('/people', async (c) => c.json(await people(c.get('signedIn').workspace)))
    .get('/tags', async (c) => c.json(await inbox.tags(c.get('signedIn').workspace)))
    .get('/canned', async (c) => c.json(await replies.list(c.get('signedIn').workspace)))
    .post('/canned', valid('json', canned), async (c) =>
      c.json(await replies.add(c.get('signedIn').workspace, c.req.valid('json')), 201),
    )
    .put('/canned/:id', valid('json', canned), async (c) =>
      c.json(await replies.change(c.get('signedIn').workspace, c.req.param('id'), c.req.valid('json'))),
    )
    .delete('/canned/:id', async (c) => {
      await replies.remove(c.get('signedIn').workspace, c.req.param('id'))
      return c.body(null, 204)
    })
    .get('/export', valid('query', filter), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const wanted = await withIds(workspace, c.req.valid('query'))
      c.header('content-type', 'text/csv; charset=utf-8')
      c.header('content-disposition', 'attachment; filename="chats.csv"')
      return stream(c, async (out) => {
        // A byte order mark: without it spreadsheets take Chinese for something else.
        await out.write(`\ufeff${toCsv([chatColumns])}`)
        const all = inbox.transcripts(workspace, user.id, wanted, conversations.whole)
        for await (const { chat, messages } of all) await out.write(toCsv(chatRows(chat, messages)))
      })
    })
    .get('/events', (c) => {
      const { workspace } = c.get('signedIn')
      return streamSSE(c, async (out) => {
        let ended = (): void => {}
        const end = new Promise<void>((resolve) => {
          ended = resolve
        })
        out.onAbort(ended)
        const stop = await events.subscribe<InboxEvent>(inboxTopic(workspace), null, ({ event }) =>
          out.writeSSE({ data: JSON.stringify(event) }),
        )
        const beat = setInterval(() => void out.write(': still here\n\n').catch(ended), keepAlive)
        try {
          await out.write('retry: 1000\n\n')
          await end
        } catch (error) {
          log.warn({ err: error }, 'inbox stream')
        } finally {
          clearInterval(beat)
          stop()
        }
      })
    })

  function people(workspace: string): Promise<Person[]> {
    return db.select({ id: users.id, name: users.name }).from(users).where(eq(users.workspaceId, workspace)).limit(500)
  }
}

import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import type { WhisperNote } from '#server/api/dto.ts'
import type { PersonAct } from '#server/conversations/person-acts.ts'
import { chatColumns, chatRows, toCsv } from '#server/inbox/chat-csv.ts'
import { newId } from '#server/new-id.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import * as shapes from './caller-schemas.ts'
import type { CallerEnv, Callers } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import * as examples from './examples.ts'

const format = z.strictObject({ format: z.enum(['json', 'text', 'csv']).default('json') })
const refused = [400, 401, 403, 404, 429]

/** Conversations for other servers: the same acts as in the inbox. */
export function callerConversationRoutes({ inbox, conversations, bell }: Services, callers: Callers) {
  const read = callers.needs('conversations:read')
  const write = callers.needs('conversations:write')

  async function detail(c: Context<CallerEnv>, id: string) {
    const { workspace } = c.get('caller')
    return inbox.detail(workspace, id, (chat, after, most) => conversations.history(chat, after, most))
  }

  async function acted(c: Context<CallerEnv>, id: string, act: PersonAct, author?: string) {
    await callers.conversation(c.get('caller'), id)
    await conversations.act(id, act, callers.person(c.get('caller'), author))
    return detail(c, id)
  }

  const whole = (description: string) => answers(shapes.conversationDetail, description, examples.detail)

  return new Hono<CallerEnv>()
    .get(
      '/',
      operation({
        tag: 'conversations',
        summary: {
          'zh-CN': '列出会话，最新的在前，每页最多 50 个；等待人工的则最早的在前',
          en: 'List conversations, the newest first, at most 50 a page; those that wait for a person the oldest first',
        },
        doors: ['conversations:read'],
        answers: {
          200: answers(shapes.conversationPage, 'A page', { conversations: [examples.conversation], next: null }),
        },
        refused: [400, 401, 403, 429],
      }),
      read,
      checked('query', shapes.conversationFilter),
      async (c) => {
        const caller = c.get('caller')
        const { bot, ...filter } = c.req.valid('query')
        const bots = bot ? [(await callers.bot(caller, bot)).id] : (caller.bots ?? undefined)
        const { chats, next } = await inbox.page(caller.workspace, caller.key, { ...filter, bots })
        return c.json({ conversations: chats, next })
      },
    )
    .post(
      '/',
      operation({
        tag: 'conversations',
        summary: {
          'zh-CN': '以服务器身份替一位访客开始会话；访客编号由您决定',
          en: 'Start a conversation for a visitor who has an id of your own',
        },
        doors: ['conversations:write'],
        request: {
          bot: 'little-boat-shop',
          language: 'en',
          visitor: { id: 'customer-1042', attributes: { plan: 'gold' } },
        },
        answers: {
          201: answers(shapes.started, 'What the bot says first', {
            conversationId: examples.conversation.id,
            messages: [examples.message],
          }),
        },
        refused: [...refused, 409, 422],
      }),
      write,
      callers.once,
      checked('json', shapes.newConversation),
      async (c) => {
        const caller = c.get('caller')
        const { bot: name, language, visitor } = c.req.valid('json')
        const bot = await callers.bot(caller, name)
        const { conversationId, messages } = await conversations.start({
          workspace: caller.workspace,
          bot: bot.id,
          language: language ?? (c.req.header('accept-language') ? localeOf(c) : undefined),
          attributes: visitor?.attributes,
          visitorId: visitor?.id,
          channel: 'api',
        })
        return c.json({ conversationId, messages }, 201)
      },
    )
    .get(
      '/:id',
      operation({
        tag: 'conversations',
        summary: {
          'zh-CN': '一个会话的全部内容：消息、备注、变量',
          en: 'One conversation whole: messages, notes, variables',
        },
        doors: ['conversations:read'],
        answers: { 200: whole('The conversation') },
        refused,
      }),
      read,
      async (c) => {
        await callers.conversation(c.get('caller'), c.req.param('id'))
        return c.json(await detail(c, c.req.param('id')))
      },
    )
    .patch(
      '/:id',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '设置会话的标签', en: 'Set the tags of a conversation' },
        doors: ['conversations:write'],
        request: { tags: ['delivery', 'vip'] },
        answers: { 200: whole('The conversation') },
        refused,
      }),
      write,
      checked('json', shapes.conversationChange),
      async (c) => {
        const caller = c.get('caller')
        const id = c.req.param('id')
        await callers.conversation(caller, id)
        await inbox.change(caller.workspace, id, { tags: [...new Set(c.req.valid('json').tags)] })
        bell.ring(caller.workspace, id, 'agent')
        return c.json(await detail(c, id))
      },
    )
    .get(
      '/:id/transcript',
      operation({
        tag: 'conversations',
        summary: {
          'zh-CN': '会话记录：JSON、纯文本或 CSV',
          en: 'The transcript as JSON, plain text or CSV',
        },
        doors: ['conversations:read'],
        answers: {
          200: {
            description: 'All messages in order',
            content: {
              ...answers(shapes.transcript, '', {
                conversation: examples.conversation,
                messages: [examples.message],
              }).content,
              'text/plain': { schema: { type: 'string' }, example: 'bot: Sure. What is your order number?\n' },
              'text/csv': { schema: { type: 'string' }, example: toCsv([chatColumns]) },
            },
          },
        },
        refused,
      }),
      read,
      checked('query', format),
      async (c) => {
        const id = c.req.param('id')
        await callers.conversation(c.get('caller'), id)
        const about = await inbox.summary(c.get('caller').workspace, id)
        const messages = await conversations.whole(id)
        switch (c.req.valid('query').format) {
          case 'json':
            return c.json({ conversation: about, messages })
          case 'text':
            return c.text(messages.map(({ role, author, text }) => `${author ?? role}: ${text}\n`).join(''))
          case 'csv':
            return c.body(`\ufeff${toCsv([chatColumns])}${toCsv(chatRows(about, messages))}`, 200, {
              'content-type': 'text/csv; charset=utf-8',
            })
        }
      },
    )
    .get(
      '/:id/messages/:message/trace',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '机器人为什么这样回答', en: 'Why the bot said this message' },
        doors: ['conversations:read'],
        answers: { 200: answers(shapes.trace, 'The way of the turn', examples.trace) },
        refused,
      }),
      read,
      async (c) => {
        const id = c.req.param('id')
        const caller = c.get('caller')
        await callers.conversation(caller, id)
        const trace = await conversations.trace(caller.workspace, id, c.req.param('message'))
        if (!trace) throw new BotloomError('not-found', { what: 'message' })
        return c.json(trace)
      },
    )
    .post(
      '/:id/take',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '接手会话，机器人不再作答', en: 'Take a conversation over: the bot falls silent' },
        doors: ['conversations:write'],
        request: { author: 'Mei' },
        answers: { 200: whole('The conversation') },
        refused,
      }),
      write,
      checked('json', shapes.act),
      async (c) => c.json(await acted(c, c.req.param('id'), { kind: 'take' }, c.req.valid('json').author)),
    )
    .post(
      '/:id/replies',
      operation({
        tag: 'conversations',
        summary: {
          'zh-CN': '以人工身份回复访客；同一个 id 只说一次',
          en: 'Answer the visitor as a person; the same id is said once',
        },
        doors: ['conversations:write'],
        request: { id: 'ticket-77-1', text: 'Your parcel arrives tomorrow.', author: 'Mei' },
        answers: {
          201: answers(shapes.replied, 'What was said', {
            message: { ...examples.message, role: 'agent', author: 'Mei' },
          }),
        },
        refused: [...refused, 409],
      }),
      write,
      checked('json', shapes.reply),
      async (c) => {
        const id = c.req.param('id')
        const { author, ...said } = c.req.valid('json')
        await callers.conversation(c.get('caller'), id)
        const person = callers.person(c.get('caller'), author)
        const messages = await conversations.act(id, { kind: 'reply', ...said }, person)
        return c.json({ message: messages.at(-1)! }, 201)
      },
    )
    .post(
      '/:id/give-back',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '把会话交还给机器人', en: 'Give a conversation back to the bot' },
        doors: ['conversations:write'],
        request: {},
        answers: { 200: whole('The conversation') },
        refused,
      }),
      write,
      checked('json', shapes.act),
      async (c) => c.json(await acted(c, c.req.param('id'), { kind: 'give-back' }, c.req.valid('json').author)),
    )
    .post(
      '/:id/close',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '结束会话', en: 'Close a conversation' },
        doors: ['conversations:write'],
        request: {},
        answers: { 200: whole('The conversation') },
        refused,
      }),
      write,
      checked('json', shapes.act),
      async (c) => c.json(await acted(c, c.req.param('id'), { kind: 'close' }, c.req.valid('json').author)),
    )
    .post(
      '/:id/notes',
      operation({
        tag: 'conversations',
        summary: { 'zh-CN': '写一条访客看不到的备注', en: 'Write a note that the visitor never sees' },
        doors: ['conversations:write'],
        request: { text: 'Called back on Tuesday.' },
        answers: { 201: answers(shapes.note, 'The note', examples.note) },
        refused: [...refused, 409, 422],
      }),
      write,
      callers.once,
      checked('json', shapes.newNote),
      async (c) => {
        const caller = c.get('caller')
        const id = c.req.param('id')
        await callers.conversation(caller, id)
        const { text, author } = c.req.valid('json')
        const kept: WhisperNote = {
          id: newId('note'),
          author: callers.person(caller, author),
          text,
          at: new Date().toISOString(),
        }
        await inbox.note(caller.workspace, id, kept)
        bell.ring(caller.workspace, id, 'agent')
        return c.json(kept, 201)
      },
    )
}

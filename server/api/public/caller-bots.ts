import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { BotloomError } from '#kit'
import { botChange } from '#server/api/bot-change.ts'
import { parseBotFile } from '#server/bots/bot-file.ts'
import type { BotRow } from '#server/bots/bot-store.ts'
import { toBotDetails } from '#server/bots/bot-views.ts'
import type { Services } from '#server/services.ts'
import * as shapes from './caller-schemas.ts'
import type { CallerEnv, Callers } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import * as examples from './examples.ts'

const newBot = z.strictObject({ name: z.string().trim().min(1).max(80) })
const refused = [400, 401, 403, 404, 429]
const exampleFile = {
  botloom: 'bot',
  format: 1,
  name: 'Little Boat',
  template: null,
  document: examples.document,
  sets: [],
  files: [],
}

/** Bots for other servers. A key for some bots makes no others. */
export function callerBotRoutes(
  { bots, carrier, removeBot, database, warmPublished, log }: Services,
  callers: Callers,
) {
  const read = callers.needs('bots:read')
  const write = callers.needs('bots:write')
  const about = async (row: BotRow) => (await toBotDetails(database.db, row.workspaceId, [row]))[0]!

  function refuseOneOfSome(c: Context<CallerEnv>): void {
    if (c.get('caller').bots !== null) throw new BotloomError('scope-missing', { scope: 'bots:write' })
  }

  return new Hono<CallerEnv>()
    .get(
      '/',
      operation({
        tag: 'bots',
        summary: { 'zh-CN': '列出这个密钥能用的机器人', en: 'List the bots that the key opens' },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.botList, 'Bots', { bots: [examples.bot] }) },
        refused: [401, 403, 429],
      }),
      read,
      async (c) => {
        const caller = c.get('caller')
        const rows = (await bots.list(caller.workspace)).filter(({ id }) => callers.opens(caller, id))
        return c.json({ bots: await toBotDetails(database.db, caller.workspace, rows) })
      },
    )
    .post(
      '/',
      operation({
        tag: 'bots',
        summary: { 'zh-CN': '新建一个空的机器人', en: 'Make an empty bot' },
        doors: ['bots:write'],
        request: { name: 'Little Boat' },
        answers: { 201: answers(shapes.bot, 'The bot', examples.bot) },
        refused: [400, 401, 403, 409, 422, 429],
      }),
      write,
      callers.once,
      checked('json', newBot),
      async (c) => {
        refuseOneOfSome(c)
        return c.json(await about(await bots.create(c.get('caller').workspace, c.req.valid('json'))), 201)
      },
    )
    .post(
      '/import',
      operation({
        tag: 'bots',
        summary: { 'zh-CN': '用导出的文件新建机器人', en: 'Make a bot of an exported file' },
        doors: ['bots:write'],
        request: exampleFile,
        answers: { 201: answers(shapes.bot, 'The bot', examples.bot) },
        refused: [400, 401, 403, 409, 422, 429],
      }),
      write,
      callers.once,
      checked('json', z.looseObject({})),
      async (c) => {
        refuseOneOfSome(c)
        const file = parseBotFile(new Uint8Array(await c.req.arrayBuffer()))
        return c.json(await about(await carrier.fromFile(c.get('caller').workspace, file)), 201)
      },
    )
    .get(
      '/:bot',
      operation({
        tag: 'bots',
        summary: { 'zh-CN': '一个机器人', en: 'One bot' },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.bot, 'The bot', examples.bot) },
        refused,
      }),
      read,
      async (c) => c.json(await about(await callers.bot(c.get('caller'), c.req.param('bot')))),
    )
    .get(
      '/:bot/export',
      operation({
        tag: 'bots',
        summary: { 'zh-CN': '导出机器人和它的语料', en: 'Export a bot with its records' },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.botFile, 'The file', exampleFile) },
        refused,
      }),
      read,
      async (c) => {
        const { workspaceId, id } = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json(await carrier.toFile(workspaceId, id))
      },
    )
    .patch(
      '/:bot',
      operation({
        tag: 'bots',
        summary: {
          'zh-CN': '改名，或设置允许的网站',
          en: 'Rename a bot, or set the sites that may talk to it',
        },
        doors: ['bots:write'],
        request: { name: 'Little Boat', origins: ['https://shop.example'] },
        answers: { 200: answers(shapes.bot, 'The bot', examples.bot) },
        refused,
      }),
      write,
      checked('json', botChange),
      async (c) => {
        const { workspaceId, id } = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json(await about(await bots.change(workspaceId, id, c.req.valid('json'))))
      },
    )
    .delete(
      '/:bot',
      operation({
        tag: 'bots',
        summary: {
          'zh-CN': '删除机器人和它的全部会话，不能恢复',
          en: 'Delete a bot with all its conversations, for good',
        },
        doors: ['bots:write'],
        answers: { 204: { description: 'It is gone' } },
        refused,
      }),
      write,
      async (c) => {
        const { workspaceId, id } = await callers.bot(c.get('caller'), c.req.param('bot'))
        await removeBot(workspaceId, id)
        warmPublished(workspaceId).catch((error) => log.warn({ err: error }, 'models could not be loaded anew'))
        return c.body(null, 204)
      },
    )
}

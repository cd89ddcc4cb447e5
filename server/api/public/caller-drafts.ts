import { Hono } from 'hono'
import { z } from 'zod'
import { graphDiff } from '#runtime/graph/diff.ts'
import { isEmptyDiff, makeDiff } from '#runtime/graph/diff-apply.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { PushDiffs } from '#server/api/dto.ts'
import type { ApiCaller } from '#server/keys/api-keys.ts'
import { newId } from '#server/new-id.ts'
import type { Services } from '#server/services.ts'
import * as shapes from './caller-schemas.ts'
import type { CallerEnv, Callers } from './callers.ts'
import { answers, checked, operation } from './describe.ts'
import * as examples from './examples.ts'

const push = z.strictObject({
  base: z.number().int().min(0).meta({ description: 'The revision that the diffs were made on' }),
  diffs: z.array(z.unknown().pipe(graphDiff)).max(500),
  allowLargeRemoval: z.boolean().optional(),
})
const replacement = z.strictObject({
  document: z.looseObject({}).meta({ description: 'The whole graph' }),
  ifHash: z.string().max(100).meta({ description: 'The `draftHash` that you read' }),
  allowLargeRemoval: z.boolean().optional(),
})
const refused = [400, 401, 403, 404, 429]

/** Drafts for other servers: the studio's own store, so that who has the bot open sees each change at once. */
export function callerDraftRoutes({ bots, drafts, viewer }: Services, callers: Callers) {
  const read = callers.needs('bots:read')
  const write = callers.needs('bots:write')

  async function save(caller: ApiCaller, bot: string, pushed: PushDiffs) {
    const { draft, clashes, applied } = await drafts.push(caller.workspace, bot, pushed, caller.key)
    if (applied.length > 0) await bots.touch(caller.workspace, bot)
    const { problems } = await viewer.about(caller.workspace, bot, draft.document)
    return { ...draft, problems, clashes }
  }

  return new Hono<CallerEnv>()
    .get(
      '/:bot/draft',
      operation({
        tag: 'drafts',
        summary: {
          'zh-CN': '读取草稿：画布上的整张图和它的问题',
          en: 'Read the draft: the whole graph and its problems',
        },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.draft, 'The draft', examples.draft) },
        refused,
      }),
      read,
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        const { facts: _, states: __, ...draft } = await viewer.read(bot.workspaceId, bot.id)
        return c.json(draft)
      },
    )
    .get(
      '/:bot/draft/problems',
      operation({
        tag: 'drafts',
        summary: { 'zh-CN': '草稿里的问题', en: 'The problems of the draft' },
        doors: ['bots:read'],
        answers: { 200: answers(shapes.problemList, 'Problems', { problems: [] }) },
        refused,
      }),
      read,
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json({ problems: (await viewer.read(bot.workspaceId, bot.id)).problems })
      },
    )
    .post(
      '/:bot/draft/diffs',
      operation({
        tag: 'drafts',
        summary: {
          'zh-CN': '把改动应用到草稿；同一个改动发两次只应用一次',
          en: 'Apply diffs to the draft; a diff that is sent twice is applied once',
        },
        doors: ['bots:write'],
        request: {
          base: 1,
          diffs: [
            {
              id: 'from-crm-0001',
              added: {
                'nodes/hello': {
                  id: 'hello',
                  type: 'say',
                  version: 1,
                  dialog: 'main',
                  config: { text: { en: 'Hello', 'zh-CN': '您好' } },
                },
              },
              removed: {},
              updated: {},
            },
          ],
        },
        answers: { 200: answers(shapes.draftSaved, 'The draft as it is now', { ...examples.draft, clashes: [] }) },
        refused: [...refused, 409],
      }),
      write,
      checked('json', push),
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        return c.json(await save(c.get('caller'), bot.id, c.req.valid('json')))
      },
    )
    .put(
      '/:bot/draft',
      operation({
        tag: 'drafts',
        summary: {
          'zh-CN': '整体替换草稿；草稿在读取之后有改动则拒绝',
          en: 'Replace the draft as a whole; refused where it has changed since it was read',
        },
        doors: ['bots:write'],
        request: { document: examples.document, ifHash: examples.draft.draftHash },
        answers: { 200: answers(shapes.draftSaved, 'The draft as it is now', { ...examples.draft, clashes: [] }) },
        refused: [...refused, 409, 412],
      }),
      write,
      checked('json', replacement),
      async (c) => {
        const bot = await callers.bot(c.get('caller'), c.req.param('bot'))
        const { document, ifHash, allowLargeRemoval } = c.req.valid('json')
        const before = await drafts.load(bot.workspaceId, bot.id)
        const diff = makeDiff(before.document, parseDocument({ ...document, id: bot.id }), newId('dif'))
        const pushed: PushDiffs = {
          base: before.revision,
          diffs: isEmptyDiff(diff) ? [] : [diff],
          ifHash,
          ...(allowLargeRemoval === undefined ? {} : { allowLargeRemoval }),
        }
        return c.json(await save(c.get('caller'), bot.id, pushed))
      },
    )
}

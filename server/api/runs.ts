import { Readable } from 'node:stream'
import { Hono } from 'hono'
import { createMiddleware } from 'hono/factory'
import { z } from 'zod'
import { BotloomError, isErrorCode, translated } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import { refuseProblems } from '#server/bots/problem-words.ts'
import { mostCompared } from '#server/bots/run-comparison.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { RunView } from './dto.ts'
import { valid } from './validate.ts'

const rowsQuery = z.strictObject({
  truth: z.string().max(80).optional(),
  predicted: z.string().max(80).optional(),
  order: z.literal('hardest').optional(),
  offset: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(500).default(500),
})

const compared = z.strictObject({
  runs: z
    .string()
    .max(400)
    .transform((text) => [...new Set(text.split(','))])
    .pipe(z.array(z.string().min(1)).min(2).max(mostCompared)),
})

export function runRoutes({ bots, drafts, viewer, runs, reports, comparisons }: Services) {
  const find = async (workspace: string, bot: string, id: string): Promise<RunView> => {
    const run = await runs.get(workspace, id)
    if (run.bot !== bot) throw new BotloomError('not-found', { what: 'run' })
    return run
  }
  /** A bot that is not there is said first, whatever is asked of it. */
  const ownBot = createMiddleware<StudioEnv>(async (c, next) => {
    await bots.get(c.get('signedIn').workspace, c.req.param('bot') ?? '')
    await next()
  })
  return new Hono<StudioEnv>()
    .get('/:bot/runs', async (c) => {
      const { workspace } = c.get('signedIn')
      await bots.get(workspace, c.req.param('bot'))
      return c.json((await runs.list(workspace, c.req.param('bot'))).map((run) => inWords(run, localeOf(c))))
    })
    .post('/:bot/runs', async (c) => {
      const { workspace } = c.get('signedIn')
      const bot = c.req.param('bot')
      const { document, revision } = await drafts.load(workspace, bot)
      const { problems } = await viewer.about(workspace, bot, document)
      const errors = problems.filter((problem) => problem.severity === 'error' && problem.half === 'learn')
      // A cycle and a wrong setting have errors of their own, with their names; the run service throws those.
      if (!errors.some((problem) => isErrorCode(problem.code))) refuseProblems(errors, document, localeOf(c))
      return c.json(await runs.start({ workspace, bot, document, revision }), 201)
    })
    .get('/:bot/runs/:run', async (c) =>
      c.json(inWords(await find(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('run')), localeOf(c))),
    )
    .post('/:bot/runs/:run/cancel', async (c) => {
      const { workspace } = c.get('signedIn')
      await find(workspace, c.req.param('bot'), c.req.param('run'))
      return c.json(await runs.cancel(workspace, c.req.param('run')))
    })
    .post('/:bot/runs/:run/finish', async (c) => {
      const { workspace } = c.get('signedIn')
      await find(workspace, c.req.param('bot'), c.req.param('run'))
      return c.json(await runs.finish(workspace, c.req.param('run')))
    })
    .get('/:bot/runs/:run/report', async (c) =>
      c.json(await reports.read(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('run'))),
    )
    .get('/:bot/runs/:run/report/edits', async (c) =>
      c.json(await reports.edits(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('run'))),
    )
    .get('/:bot/runs/:run/report/change', async (c) =>
      c.json(await reports.change(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('run'))),
    )
    .get('/:bot/runs/:run/report/rows', valid('query', rowsQuery), async (c) =>
      c.json(
        await reports.rows(c.get('signedIn').workspace, c.req.param('bot'), c.req.param('run'), c.req.valid('query')),
      ),
    )
    .get('/:bot/runs/:run/report.json', async (c) => {
      const { bot, run } = c.req.param()
      const file = await reports.file(c.get('signedIn').workspace, bot, run)
      return download(file, 'application/json', `report-${run}.json`)
    })
    .get('/:bot/runs/:run/rows.csv', async (c) => {
      const { bot, run } = c.req.param()
      const rows = await reports.csv(c.get('signedIn').workspace, bot, run)
      return download(rows, 'text/csv; charset=utf-8', `rows-${run}.csv`)
    })
    .get('/:bot/runs/:run/model.zip', async (c) => {
      const { workspace } = c.get('signedIn')
      const { bot, run } = c.req.param()
      await find(workspace, bot, run)
      return download(await runs.modelZip(workspace, run), 'application/zip', `model-${run}.zip`)
    })
    .get('/:bot/comparison', ownBot, valid('query', compared), async (c) => {
      const { workspace } = c.get('signedIn')
      return c.json(await comparisons.read(workspace, c.req.param('bot'), c.req.valid('query').runs))
    })
}

/** A file that is read while it is sent, and saved rather than shown. */
function download(file: Readable, type: string, name: string): Response {
  return new Response(Readable.toWeb(file) as ReadableStream, {
    headers: {
      'content-type': type,
      // Ids are ours: letters, digits and underscores.
      'content-disposition': `attachment; filename="${name.replace(/[^\w.-]/g, '_')}"`,
      'x-content-type-options': 'nosniff',
    },
  })
}

/** A run with what went wrong in the caller's language. */
function inWords(run: RunView, locale: string): RunView {
  return {
    ...run,
    failure: run.failure && translated(run.failure, locale),
    nodes: run.nodes.map((node) => ({ ...node, failure: node.failure && translated(node.failure, locale) })),
  }
}

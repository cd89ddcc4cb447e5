import { randomInt } from 'node:crypto'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { z } from 'zod'
import { BotloomError, toFailure } from '#kit'
import { writeOptions } from '#runtime/worker/protocol.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { AnswerEvent } from './dto.ts'
import { valid } from './validate.ts'

const mostSeeds = 2_147_483_648

const question = writeOptions
  .extend({ question: z.string().trim().min(1).max(2000), seed: writeOptions.shape.seed.optional() })
  .strict()

/** Questions to the model of a report, as a stream of `AnswerEvent`s. Whoever closes it stops the answer. */
export function answerRoutes({ reports, compute, log }: Services) {
  return new Hono<StudioEnv>().post('/:bot/runs/:run/report/answers', valid('json', question), async (c) => {
    const { workspace } = c.get('signedIn')
    const { gives, artifact } = await reports.subject(workspace, c.req.param('bot'), c.req.param('run'))
    if (gives !== 'answers') throw new BotloomError('model-writes-nothing')
    const { question: asked, seed = randomInt(mostSeeds), ...options } = c.req.valid('json')
    const locale = localeOf(c)
    return streamSSE(c, async (stream) => {
      const stop = new AbortController()
      stream.onAbort(() => stop.abort())
      const tell = (event: AnswerEvent): Promise<void> => stream.writeSSE({ data: JSON.stringify(event) })
      try {
        const told = {
          signal: stop.signal,
          onText: (text: string) => void tell({ type: 'grew', text }).catch(() => {}),
        }
        await tell({ type: 'written', ...(await compute.write(artifact, asked, { ...options, seed }, told)) })
      } catch (error) {
        if (stop.signal.aborted) return
        const failure = toFailure(error, locale)
        if (failure.code === 'unexpected') log.error({ err: error, artifact }, 'answer')
        await tell({ type: 'failed', failure })
      }
    })
  })
}

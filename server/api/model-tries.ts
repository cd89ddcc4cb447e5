import { Hono } from 'hono'
import { z } from 'zod'
import { BotloomError, modelTextOf } from '#kit'
import type { StudioEnv } from '#server/auth/guard.ts'
import type { Services } from '#server/services.ts'
import type { ModelAnswer } from './dto.ts'
import { valid } from './validate.ts'

const text = z.string().trim().min(1).max(2000)
const tried = z.strictObject({
  text,
  /** The second text, for a model that reads two. */
  pair: text.optional(),
  /** Answers that are wanted of a model that finds them. */
  count: z.number().int().min(1).max(20).default(5),
})

/** One text to the model of a report: what it is about, or which answers are nearest. A model that writes is asked by `answerRoutes`. */
export function modelTryRoutes({ reports, compute }: Services) {
  return new Hono<StudioEnv>().post('/:bot/runs/:run/report/try', valid('json', tried), async (c) => {
    const { workspace } = c.get('signedIn')
    const { gives, artifact, threshold } = await reports.subject(workspace, c.req.param('bot'), c.req.param('run'))
    if (gives === 'answers') throw new BotloomError('model-writes-answers')
    const asked = c.req.valid('json')
    if (gives === 'retrieval') {
      const [found] = await compute.find(artifact, [asked.text], asked.count)
      return c.json({ gives: 'found', found: found! } satisfies ModelAnswer)
    }
    const model = { artifact, labels: [], threshold, accuracy: null }
    const [classification] = await compute.classify(model, [modelTextOf(asked)])
    return c.json({ gives: 'labels', classification: classification!, threshold } satisfies ModelAnswer)
  })
}

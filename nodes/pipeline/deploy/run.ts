import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError, defineRunner } from '#kit'
import { pointsLost } from '#runtime/language/card.ts'
import { verifyCheckpoint } from '#runtime/language/verify-checkpoint.ts'
import { deploy } from './node.ts'
import { precisionFor } from './precision.ts'

const percent = (share: number): string => (share * 100).toFixed(1)

export default defineRunner(deploy, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'checking', share: 0 })
  const { model, report } = inputs
  const about: unknown = JSON.parse(
    await readFile(join(await ctx.artifacts.open(report.artifact), 'report.json'), 'utf8'),
  )
  if ((about as { model?: { artifact?: unknown } }).model?.artifact !== model.artifact) {
    throw new BotloomError('report-of-other-model')
  }
  if (report.accuracy * 100 < config.minAccuracy) {
    throw new BotloomError('gate-not-passed', { accuracy: percent(report.accuracy), required: config.minAccuracy })
  }
  const card = await verifyCheckpoint(await ctx.artifacts.open(model.artifact))
  ctx.signal.throwIfAborted()
  const precision = precisionFor(config, card.int8)
  if (config.int8 === 'automatic' && card.int8)
    ctx.note({
      code: precision === 'int8' ? 'small-model-answers' : 'small-model-refused',
      params: {
        rows: card.int8.rows,
        points: pointsLost(card.int8).toFixed(1),
        share: Math.round(100 / card.int8.speedup),
      },
    })
  ctx.progress({ phase: 'checking', share: 1 })
  return {
    classifier: {
      artifact: model.artifact,
      labels: model.labels,
      threshold: report.threshold,
      accuracy: report.accuracy,
      precision,
    },
  }
})

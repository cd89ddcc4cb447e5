import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError, defineRunner, type RunnerContext } from '#kit'
import { entityPointsLost, type Int8Trial, pointsLost } from '#runtime/language/card.ts'
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
  const { artifact } = model
  const whole = async () => {
    const card = await verifyCheckpoint(await ctx.artifacts.open(artifact))
    ctx.signal.throwIfAborted()
    ctx.progress({ phase: 'checking', share: 1 })
    return card
  }
  if ('kind' in report && report.kind === 'retrieval') {
    const { recall1 } = report
    if (recall1 * 100 < config.minAccuracy)
      throw new BotloomError('finder-gate-not-passed', { recall: percent(recall1), required: config.minAccuracy })
    await whole()
    return { classifier: { artifact, kind: 'retrieval', recall1 } }
  }
  if ('kind' in report) {
    const { perplexity } = report
    if (config.maxPerplexity !== null && perplexity > config.maxPerplexity)
      throw new BotloomError('answers-gate-not-passed', {
        perplexity: perplexity.toFixed(1),
        required: config.maxPerplexity,
      })
    await whole()
    return { classifier: { artifact, kind: 'answers', perplexity } }
  }
  const { accuracy, threshold } = report
  if (accuracy * 100 < config.minAccuracy)
    throw new BotloomError('gate-not-passed', { accuracy: percent(accuracy), required: config.minAccuracy })
  const card = await whole()
  const int8 = 'kind' in card ? undefined : card.int8
  const precision = precisionFor(config, int8)
  if (config.int8 === 'automatic' && int8) tellOf(precision, int8, ctx)
  const { labels, pairs } = model
  return { classifier: { artifact, labels, threshold, accuracy, ...(pairs ? { pairs } : {}), precision } }
})

function tellOf(precision: 'full' | 'int8', trial: Int8Trial, ctx: RunnerContext): void {
  const { rows, speedup, entities } = trial
  const code = precision === 'int8' ? 'small-model-answers' : 'small-model-refused'
  const params = { rows, points: pointsLost(trial).toFixed(1), share: Math.round(100 / speedup) }
  const entityPoints = entityPointsLost(trial).toFixed(1)
  ctx.note(entities ? { code: `${code}-entities`, params: { ...params, entityPoints } } : { code, params })
}

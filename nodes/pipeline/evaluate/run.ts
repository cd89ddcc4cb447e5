import { BotloomError, defineRunner, modelTextOf } from '#kit'
import { createClassifier } from '#runtime/serving/classifier.ts'
import { examineAnswers } from './examine-answers.ts'
import { examineRetrieval } from './examine-retrieval.ts'
import { keepReport } from './keep-report.ts'
import { evaluate, toThreshold } from './node.ts'
import { evaluationReport } from './report.ts'
import { type Examined, toReport } from './write-report.ts'

/** Rows between two looks at the stop signal. */
const portion = 64

export default defineRunner(evaluate, async ({ config, inputs, ctx }) => {
  ctx.progress({ phase: 'examining', share: 0 })
  const given = await ctx.datasets.read(inputs.test)
  if (inputs.model.kind === 'answers') return { report: await examineAnswers(inputs.model, given, ctx) }
  if (inputs.model.kind === 'retrieval') return { report: await examineRetrieval(inputs.model, given, ctx) }
  // What was made from others is no question that anybody asked.
  const rows = given.filter(
    (row) =>
      !row.origin &&
      row.text.trim() !== '' &&
      (row.outOfScope || row.label !== undefined || (row.labels?.length ?? 0) > 0),
  )
  if (!rows.some((row) => !row.outOfScope)) throw new BotloomError('no-test-rows')
  const classifier = await createClassifier(await ctx.artifacts.open(inputs.model.artifact), { threads: ctx.threads })
  const single = classifier.card.pairs ? rows.filter((row) => row.pair === undefined) : []
  const examined: Examined[] = []
  try {
    if (single.length > 0)
      throw new BotloomError('rows-without-pair', {
        count: single.length,
        rows: rows.length,
        text: single[0]!.text.slice(0, 80),
      })
    // Of like length together, so that little padding is computed; the report keeps the order of the data.
    const order = [...rows.keys()].sort((a, b) => rows[a]!.text.length - rows[b]!.text.length || a - b)
    for (let start = 0; start < order.length; start += portion) {
      ctx.signal.throwIfAborted()
      const chosen = order.slice(start, start + portion)
      const answers = await classifier.classify(chosen.map((row) => modelTextOf(rows[row]!)))
      for (const [i, row] of chosen.entries()) examined[row] = { row: rows[row]!, answer: answers[i]! }
      ctx.progress({ phase: 'examining', share: (0.95 * (start + chosen.length)) / rows.length })
    }
  } finally {
    await classifier.dispose()
  }
  const known = new Set(inputs.model.labels.map((label) => label.id))
  const labels = [
    ...inputs.model.labels,
    ...inputs.test.labels.filter((label) => label.rows > 0 && !known.has(label.id)),
  ]
  const threshold = toThreshold(config.wrongCost)
  const written = toReport(examined, labels, classifier.card, inputs.model, threshold)
  const report = evaluationReport.parse(written.report)
  const artifact = await keepReport(ctx.artifacts, report, written.rows)
  ctx.progress({ phase: 'examining', share: 1, validationAccuracy: report.accuracy })
  const { accuracy, macroF1, ece, auroc } = report
  return { report: { artifact, rows: report.rows, accuracy, macroF1, ece, auroc, threshold } }
})

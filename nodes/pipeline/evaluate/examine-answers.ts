import { type AnswersReportRef, BotloomError, type DatasetRow, type ModelRef, type RunnerContext } from '#kit'
import { perplexityOf } from '#runtime/language/decoder/answers-card.ts'
import { decoderConstants, loadDecoder } from '#runtime/language/decoder/decoder.ts'
import { readAnswersCard } from '#runtime/language/read-card.ts'
import { createGenerator } from '#runtime/serving/generator.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { createAnswerJudge } from '#runtime/training/answers/answer-judge.ts'
import { toAnswerRows } from '#runtime/training/answers/answer-rows.ts'
import { chrF } from '#runtime/training/answers/chrf.ts'
import { answersReport, type WrittenAnswer } from './answers-report.ts'
import { aboutModel } from './examined-model.ts'
import { keepReport } from './keep-report.ts'

/** Answers that are written, spread over the test rows: each takes a second or more. */
const mostWritten = 40
const mostExamples = 20
const longestAnswer = 96
const batchSize = 8
/** Share of the whole that the judging takes. */
const judging = 0.3

/** Examines a model that writes answers: how likely it finds the given ones, and how like them its own are. Throws `no-test-answers`. */
export async function examineAnswers(
  model: ModelRef,
  given: readonly DatasetRow[],
  ctx: RunnerContext,
): Promise<AnswersReportRef> {
  const rows = toAnswerRows(given.filter((row) => !row.origin))
  if (rows.length === 0) throw new BotloomError('no-test-answers')
  const folder = await ctx.artifacts.open(model.artifact)
  const card = await readAnswersCard(folder)
  const decoder = await loadDecoder(folder, card.decoder.name)
  const executor = createOnnxExecutor({ threads: ctx.threads })
  const judge = createAnswerJudge(executor, decoder, decoderConstants(decoder.weights), rows, batchSize)
  const { loss, accuracy } = await judge.judge({}, ctx.signal).finally(() => judge.dispose())
  ctx.progress({ phase: 'examining', share: judging })

  const written: WrittenAnswer[] = []
  const generator = await createGenerator(folder, { threads: ctx.threads })
  try {
    const step = Math.max(1, rows.length / mostWritten)
    for (let at = 0; Math.floor(at) < rows.length; at += step) {
      const { id, question, answer } = rows[Math.floor(at)]!
      const options = { temperature: 0, topP: 1, maxTokens: longestAnswer, seed: 0, signal: ctx.signal }
      const { text, ended } = await generator.answer(question, options)
      const own = chrF([{ written: text, wanted: answer }])
      written.push({ id, question, given: answer, written: text, ended, chrF: own })
      ctx.progress({ phase: 'examining', share: judging + (0.95 - judging) * Math.min(1, (at + step) / rows.length) })
    }
  } finally {
    await generator.dispose()
  }
  const like = chrF(written.map((row) => ({ written: row.written, wanted: row.given })))
  const { training, heldOut } = card
  const report = answersReport.parse({
    kind: 'answers',
    rows: rows.length,
    tokens: judge.tokens,
    loss,
    perplexity: perplexityOf(loss),
    tokenAccuracy: accuracy,
    written: {
      rows: written.length,
      chrF: like,
      exact: written.filter((row) => row.written === row.given).length / written.length,
    },
    examples: written.slice(0, mostExamples),
    model: {
      ...aboutModel(model, training),
      epochs: training.epochs,
      heldOut: heldOut && { rows: heldOut.rows, loss: heldOut.loss, before: heldOut.before.loss },
    },
  })
  const artifact = await keepReport(ctx.artifacts, report, written)
  ctx.progress({ phase: 'examining', share: 1, validationLoss: loss })
  const { perplexity, tokenAccuracy } = report
  return { artifact, kind: 'answers', rows: report.rows, loss, perplexity, tokenAccuracy, chrF: like }
}

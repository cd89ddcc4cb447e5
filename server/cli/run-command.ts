import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import {
  answersReportRef,
  BotloomError,
  errorText,
  isErrorCode,
  modelRef,
  type Progress,
  reportRef,
  retrievalReportRef,
  runNoteText,
  type TrialRow,
} from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { RunView } from '#server/api/dto.ts'
import { machineLocale } from '#server/observability/machine-locale.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

const entityMetrics = z.object({ precision: z.number(), recall: z.number(), f1: z.number(), exact: z.number() })
const labelMetrics = z.object({
  accuracy: z.number(),
  macroF1: z.number(),
  auroc: z.number().nullish(),
  ece: z.number(),
  entities: entityMetrics.nullish(),
})
const answerMetrics = answersReportRef.pick({ loss: true, perplexity: true, tokenAccuracy: true, chrF: true })
const foundMetrics = retrievalReportRef.pick({ rows: true, answers: true, recall1: true, recall5: true, mrr10: true })
type Metrics = z.infer<typeof labelMetrics> | z.infer<typeof answerMetrics> | z.infer<typeof foundMetrics>

/** Runs the Learn half and prints what came out; with `json` nothing but one document on standard output. */
export async function runCommand(
  path: string,
  document: GraphDocument,
  options: { json: boolean; data?: string },
): Promise<void> {
  const bench = await openWorkbench(path, document, options.data)
  const stop = (): void => void bench.close().finally(() => process.exit(130))
  process.once('SIGINT', stop)
  try {
    const run = await runToItsEnd(bench, document)
    const seconds = Object.fromEntries(run.nodes.map((node) => [node.node, node.seconds ?? 0]))
    const test = await reportOf(bench, document)
    const trials = await trialsOf(bench, document)
    if (options.json) {
      const tried = trials.length > 0 ? { trials } : {}
      console.log(JSON.stringify({ metrics: test ? { test } : {}, seconds, ...tried }))
    } else print(run, test, trials)
  } finally {
    process.off('SIGINT', stop)
    await bench.close()
  }
}

export async function runToItsEnd(bench: Workbench, document: GraphDocument): Promise<RunView> {
  // One that was cut off had this graph or an older one; what it finished is used again either way.
  for (const left of await bench.runs.list(bench.workspace, bench.bot))
    if (left.status === 'running') await bench.runs.cancel(bench.workspace, left.id)
  const started = await bench.runs.start({ workspace: bench.workspace, bot: bench.bot, document, revision: 1 })
  const run = await bench.runs.ended(bench.workspace, started.id, {
    progress: tell(),
    noted: (node, note) => console.error(`${node}: ${runNoteText(note, machineLocale())}`),
  })
  if (run.failure) throw new BotloomError(run.failure.code, { ...run.failure.params })
  if (run.status !== 'done') throw new BotloomError('run-cancelled')
  return run
}

async function reportOf(bench: Workbench, document: GraphDocument): Promise<Metrics | null> {
  for (const state of await bench.runs.states(bench.workspace, bench.bot, document))
    for (const value of Object.values(state.outputs ?? {})) {
      const answers = answersReportRef.safeParse(value)
      if (answers.success) return answerMetrics.parse(answers.data)
      const found = retrievalReportRef.safeParse(value)
      if (found.success) return foundMetrics.parse(found.data)
      const report = reportRef.safeParse(value)
      if (!report.success) continue
      const text = await readFile(join(await bench.open(report.data.artifact), 'report.json'), 'utf8')
      const { auroc, entities, ...rest } = labelMetrics.parse(JSON.parse(text))
      return { ...rest, ...(auroc == null ? {} : { auroc }), ...(entities ? { entities } : {}) }
    }
  return null
}

/** What a search tried; empty where nothing was searched for. */
async function trialsOf(bench: Workbench, document: GraphDocument): Promise<TrialRow[]> {
  const states = await bench.runs.states(bench.workspace, bench.bot, document)
  return states.flatMap(({ outputs }) => {
    const model = modelRef.safeParse(outputs?.model)
    return (model.success && model.data.trials) || []
  })
}

function printTrials(trials: readonly TrialRow[]): void {
  console.log('\n  tried         rate     rounds   accuracy   loss    time')
  for (const { method, layers, learningRate, epochs, heldOut, seconds, chosen, failure } of trials) {
    const columns = [
      chosen ? '*' : ' ',
      `${method}${layers === null ? '' : ` (${layers})`}`.padEnd(13),
      String(learningRate ?? '-').padEnd(8),
      String(epochs ?? '-').padEnd(8),
      heldOut
        ? `${`${(heldOut.accuracy * 100).toFixed(1)} %`.padEnd(10)} ${heldOut.loss.toFixed(3).padEnd(7)} ${seconds.toFixed(1)} s`
        : whyNot(failure),
    ]
    console.log(columns.join(' '))
  }
  const rows = trials.find((trial) => trial.heldOut)?.heldOut?.rows
  if (rows !== undefined) console.log(`* was chosen; all were judged on the same ${rows} rows held out`)
}

const whyNot = (failure: TrialRow['failure']): string =>
  failure && isErrorCode(failure.code) ? errorText(failure.code, failure.params, machineLocale()).message : ''

function print(run: RunView, test: Metrics | null, trials: readonly TrialRow[]): void {
  for (const node of run.nodes)
    console.log(`${node.node.padEnd(16)} ${node.status.padEnd(8)} ${(node.seconds ?? 0).toFixed(1)} s`)
  if (trials.length > 0) printTrials(trials)
  if (!test) return
  if ('mrr10' in test) {
    const { recall1, recall5, mrr10, rows, answers } = test
    console.log(
      `\nrecall@1  ${(recall1 * 100).toFixed(1)} %   recall@5 ${(recall5 * 100).toFixed(1)} %   MRR@10 ${mrr10.toFixed(3)}`,
    )
    console.log(`asked     ${rows} questions among ${answers} answers`)
    return
  }
  if ('chrF' in test) {
    const { chrF, perplexity, tokenAccuracy } = test
    console.log(`\nchrF      ${(chrF * 100).toFixed(1)} %   perplexity ${perplexity.toFixed(1)}`)
    console.log(`tokens    ${(tokenAccuracy * 100).toFixed(1)} % likeliest`)
    return
  }
  console.log(`\naccuracy  ${(test.accuracy * 100).toFixed(1)} %   macro F1 ${(test.macroF1 * 100).toFixed(1)} %`)
  console.log(
    `ECE       ${(test.ece * 100).toFixed(1)} %${test.auroc == null ? '' : `   out of scope AUROC ${(test.auroc * 100).toFixed(1)} %`}`,
  )
  if (test.entities)
    console.log(
      `entities  F1 ${(test.entities.f1 * 100).toFixed(1)} %   all right in ${(test.entities.exact * 100).toFixed(1)} % of texts`,
    )
}

/** One line a second at most, on standard error. */
function tell(): (node: string, progress: Progress) => void {
  let last = 0
  return (node, progress) => {
    if (Date.now() - last < 1000) return
    last = Date.now()
    const parts = [`${node}: ${progress.phase} ${Math.round(progress.share * 100)} %`]
    if (progress.loss !== undefined) parts.push(`loss ${progress.loss.toFixed(3)}`)
    if (progress.validationAccuracy !== undefined)
      parts.push(`validation ${(progress.validationAccuracy * 100).toFixed(1)} %`)
    if (progress.secondsLeft !== undefined) parts.push(`${Math.ceil(progress.secondsLeft)} s left`)
    console.error(parts.join(', '))
  }
}

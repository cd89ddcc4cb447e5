import { BotloomError, type DatasetRow, type ModelRef, type RetrievalReportRef, type RunnerContext } from '#kit'
import { createRetriever } from '#runtime/serving/retriever.ts'
import { createOnnxExecutor } from '#runtime/tensor/executors/onnx.ts'
import { toAnswerRows } from '#runtime/training/answers/answer-rows.ts'
import { joined } from '#runtime/training/nearest.ts'
import { measureRanks, rankAnswers } from '#runtime/training/retrieval/rank-answers.ts'
import { KnownAnswers } from '#runtime/training/retrieval/retrieval-task.ts'
import { distinctAnswers } from '#runtime/training/retrieval/train-retriever.ts'
import { aboutModel } from './examined-model.ts'
import { keepReport } from './keep-report.ts'
import { type RankedRow, retrievalReport } from './retrieval-report.ts'

const mostHardest = 50
/** Texts between two looks at the stop signal. */
const portion = 64

/** Examines a model that finds answers: where the right one comes among those of training and test. Throws `no-test-answers`. */
export async function examineRetrieval(
  model: ModelRef,
  given: readonly DatasetRow[],
  ctx: RunnerContext,
): Promise<RetrievalReportRef> {
  const rows = toAnswerRows(given.filter((row) => !row.origin && !row.outOfScope))
  if (rows.length === 0) throw new BotloomError('no-test-answers')
  const foreign = given.filter((row) => row.outOfScope && row.text.trim() !== '').map((row) => row.text.trim())
  const retriever = await createRetriever(await ctx.artifacts.open(model.artifact), { threads: ctx.threads })
  const { card } = retriever
  const { width } = card.encoder
  const known = new Set(retriever.answers.map(({ text }) => text))
  const fresh = distinctAnswers(rows).filter(({ text }) => !known.has(text))
  const total = rows.length + fresh.length + foreign.length
  let done = 0
  const embed = async (texts: readonly string[], role: 'query' | 'passage'): Promise<Float32Array> => {
    const parts: Float32Array[] = []
    for (let start = 0; start < texts.length; start += portion) {
      ctx.signal.throwIfAborted()
      const some = texts.slice(start, start + portion)
      parts.push(await retriever.embed(some, role))
      done += some.length
      ctx.progress({ phase: 'examining', share: (0.9 * done) / total })
    }
    return joined(...parts)
  }
  try {
    const answers = [...retriever.answers, ...fresh]
    const vectors = joined(
      retriever.vectors,
      await embed(
        fresh.map(({ text }) => text),
        'passage',
      ),
    )
    const executor = createOnnxExecutor({ threads: ctx.threads })
    const questions = rows.map(({ question }) => question)
    const right = new KnownAnswers(rows).places(questions, answers)
    const ranked = await rankAnswers(executor, await embed(questions, 'query'), vectors, width, right)
    const none = foreign.map(() => new Set<number>())
    const strangers = await rankAnswers(executor, await embed(foreign, 'query'), vectors, width, none)
    const languageOf = new Map(given.map((row) => [row.id, row.language ?? null]))
    const lines = rows.map(({ id, question, answer }, i): RankedRow => {
      const [first] = ranked[i]!.first
      return {
        id,
        question,
        answer,
        rank: ranked[i]!.rank,
        found: answers[first!.answer]!.text,
        similarity: first!.similarity,
        language: languageOf.get(id) ?? null,
      }
    })
    const { training, heldOut, bar } = card
    const passes = (similarity: number): boolean => bar === null || similarity >= bar.similarity
    const shareOf = <T>(all: readonly T[], is: (one: T) => boolean): number =>
      all.length === 0 ? 0 : all.filter(is).length / all.length
    const report = retrievalReport.parse({
      kind: 'retrieval',
      rows: rows.length,
      answers: answers.length,
      ...measureRanks(lines.map((line) => line.rank)),
      languages: byLanguage(lines),
      bar: bar && {
        similarity: bar.similarity,
        kept: shareOf(lines, ({ similarity }) => passes(similarity)),
        foreign:
          foreign.length === 0
            ? null
            : { rows: foreign.length, stopped: shareOf(strangers, ({ first }) => !passes(first[0]!.similarity)) },
      },
      hardest: lines
        .filter((line) => line.rank > 1)
        .sort((a, b) => b.rank - a.rank || b.similarity - a.similarity)
        .slice(0, mostHardest),
      model: {
        ...aboutModel(model, training),
        epochs: training.epochs,
        heldOut,
      },
    })
    const artifact = await keepReport(ctx.artifacts, report, lines)
    ctx.progress({ phase: 'examining', share: 1, validationAccuracy: report.recall1 })
    const { recall1, recall5, mrr10 } = report
    return { artifact, kind: 'retrieval', rows: report.rows, answers: report.answers, recall1, recall5, mrr10 }
  } finally {
    await retriever.dispose()
  }
}

function byLanguage(lines: readonly RankedRow[]) {
  const languages = [...new Set(lines.flatMap(({ language }) => language ?? []))].sort()
  return languages.map((language) => {
    const own = lines.filter((line) => line.language === language)
    return { language, rows: own.length, ...measureRanks(own.map(({ rank }) => rank)) }
  })
}

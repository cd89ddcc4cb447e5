import type { GraphDocument } from '#runtime/graph/document.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { problemWords, refuseProblems } from '#server/bots/problem-words.ts'
import { registry } from './registry.ts'

/** Prints the problems of a graph. Throws `graph-has-problems` when one is an error. */
export function checkCommand(document: GraphDocument, options: { json: boolean; locale: 'zh-CN' | 'en' }): void {
  const { json, locale } = options
  const problems = findProblems(document, registry, { labels: {}, rows: {} })
  if (json)
    console.log(
      JSON.stringify({
        problems: problems.map((problem) => ({ ...problem, message: problemWords(problem, document, locale) })),
      }),
    )
  else if (problems.length === 0) console.log(locale === 'zh-CN' ? '没有发现问题。' : 'No problems.')
  else
    for (const problem of problems) {
      const place = [problem.node, problem.port ?? problem.field].filter(Boolean).join('.')
      console.log(
        `${problem.severity.padEnd(8)} ${place.padEnd(24)} ${problemWords(problem, document, locale)} (${problem.code})`,
      )
    }
  refuseProblems(
    problems.filter((problem) => problem.severity === 'error'),
    document,
    locale,
  )
}

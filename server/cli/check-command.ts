import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { problemWords, refuseProblems } from '#server/bots/problem-words.ts'
import { recordProblems } from '#server/bots/record-problems.ts'
import { type GraphFacts, readFacts } from './read-facts.ts'
import { registry } from './registry.ts'

/** Prints the problems of a graph and of its records. Throws `graph-has-problems` when one is an error. */
export async function checkCommand(
  path: string,
  document: GraphDocument,
  options: { json: boolean; locale: 'zh-CN' | 'en' },
): Promise<void> {
  const { json, locale } = options
  const problems = problemsOf(document, await readFacts(path, document))
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

function problemsOf(document: GraphDocument, { facts, problems, unread }: GraphFacts): Problem[] {
  const view = createGraphView(document, registry, facts)
  const found = findProblems(view).filter((problem) => !isGuess(problem))
  const broken = new Set(found.filter(({ severity }) => severity === 'error').map(({ node }) => node))
  // A block that is set wrongly has its problem already; that nothing can be read by it is the same once more.
  const ofRecords = problems.filter(({ node }) => !broken.has(node))
  return [...found, ...ofRecords, ...recordProblems(view)]

  /** A port that labels make, said to be gone although nobody could see the labels. */
  function isGuess({ code, node = '' }: Problem): boolean {
    const outputs = registry.nodes[document.nodes[node]?.type ?? '']?.outputs
    return (
      code === 'wire.no-such-port' &&
      typeof outputs === 'function' &&
      view.upstream(node).some((source) => unread.has(source))
    )
  }
}

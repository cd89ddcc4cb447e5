import { blockTexts } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { registry } from './workbench.ts'

/** Prints the problems of a graph; true when none is an error. */
export function checkCommand(document: GraphDocument, options: { json: boolean }): boolean {
  const problems = findProblems(document, registry, { labels: {}, rows: {} })
  if (options.json) console.log(JSON.stringify({ problems }))
  else if (problems.length === 0) console.log('No problems.')
  else
    for (const problem of problems) {
      const [type, key] = problem.code.split(/\.(.*)/s)
      const text = (key && blockTexts.en[type ?? '']?.[key]) ?? problem.code
      const place = [problem.node, problem.port ?? problem.field].filter(Boolean).join('.')
      console.log(`${problem.severity.padEnd(8)} ${place.padEnd(24)} ${fill(text, problem.params)}`)
    }
  return problems.every((problem) => problem.severity !== 'error')
}

function fill(text: string, params: Record<string, string | number> = {}): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? ''))
}

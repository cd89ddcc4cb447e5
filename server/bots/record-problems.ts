import type { GraphView } from '#runtime/graph/graph-view.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { learnNodes } from '#runtime/graph/topology.ts'

/** The block whose texts name these problems. */
const dealer = 'split'

/**
 * What the records say against themselves, at the block that deals them out: one label in all, or a label with a single
 * row. The block's own `check` cannot tell, since it sees a config and not the records.
 */
export function recordProblems({ document, registry, factsOf }: GraphView): Problem[] {
  const problems: Problem[] = []
  for (const node of learnNodes(document, registry)) {
    const type = document.nodes[node]!.type
    if (type !== dealer) continue
    const known = factsOf(node)
    // Two texts teach without a label.
    if (known.pairs) continue
    const labels = known.labels.filter((label) => label.rows > 0)
    const [first] = labels
    if (first && labels.length === 1)
      problems.push({
        severity: 'error',
        code: `${dealer}.problem.one-label`,
        half: 'learn',
        node,
        params: { label: first.name },
      })
    else
      for (const label of labels)
        if (label.rows === 1)
          problems.push({
            severity: 'warning',
            code: `${dealer}.problem.one-row-label`,
            half: 'learn',
            node,
            params: { label: label.name },
          })
  }
  return problems
}

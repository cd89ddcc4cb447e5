/** Parts of texts as they are and as they were found; both may be in any order. */
export interface EntityPair<T extends { start: number; end: number; type: string }> {
  truth: readonly T[]
  found: readonly T[]
}

export interface EntityScore {
  precision: number
  recall: number
  f1: number
  /** True entities. */
  support: number
}

export interface EntityMetrics extends EntityScore {
  /** Types in the order of their names. */
  types: (EntityScore & { type: string })[]
  /** Share of texts of which all entities were found and nothing else. */
  exact: number
}

interface Counts {
  right: number
  found: number
  truth: number
}

/**
 * Counts whole entities (Tjong Kim Sang & De Meulder 2003, section 3.3, as `conlleval` does): one is right when its start, end and type
 * are. Precision and recall are over all of them together, not means over types.
 */
export function measureEntities<T extends { start: number; end: number; type: string }>(
  pairs: readonly EntityPair<T>[],
): EntityMetrics {
  const byType = new Map<string, Counts>()
  const countsOf = (type: string): Counts => {
    const counts = byType.get(type) ?? { right: 0, found: 0, truth: 0 }
    byType.set(type, counts)
    return counts
  }
  let exact = 0
  for (const { truth, found } of pairs) {
    for (const { type } of truth) countsOf(type).truth++
    for (const { type } of found) countsOf(type).found++
    const right = found.filter((one) => truth.some((other) => isSameEntity(one, other)))
    for (const { type } of right) countsOf(type).right++
    if (right.length === truth.length && found.length === truth.length) exact++
  }
  const all: Counts = { right: 0, found: 0, truth: 0 }
  for (const { right, found, truth } of byType.values()) {
    all.right += right
    all.found += found
    all.truth += truth
  }
  return {
    ...scoreOf(all),
    types: [...byType].sort(([a], [b]) => (a < b ? -1 : 1)).map(([type, counts]) => ({ type, ...scoreOf(counts) })),
    exact: pairs.length === 0 ? 0 : exact / pairs.length,
  }
}

export function isSameEntity(
  a: { start: number; end: number; type: string },
  b: { start: number; end: number; type: string },
): boolean {
  return a.start === b.start && a.end === b.end && a.type === b.type
}

function scoreOf({ right, found, truth }: Counts): EntityScore {
  const precision = found === 0 ? 0 : right / found
  const recall = truth === 0 ? 0 : right / truth
  return { precision, recall, f1: right === 0 ? 0 : (2 * precision * recall) / (precision + recall), support: truth }
}

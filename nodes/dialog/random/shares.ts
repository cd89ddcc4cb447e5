interface Branch {
  id: string
  name: string
  share: number
}

/** The branch that a lot falls on, in proportion to the shares; the first where all of them are zero. Null where there is none. */
export function branchAt<B extends Branch>(branches: readonly B[], lot: number): B | null {
  const mark = lot * totalOf(branches)
  let passed = 0
  for (const branch of branches) {
    passed += branch.share
    if (mark < passed) return branch
  }
  return branches[0] ?? null
}

/** What a branch really gets, whatever the shares add up to. */
export function percentOf(branches: readonly Branch[], { share }: Branch): number {
  return Math.round((100 * share) / (totalOf(branches) || 1))
}

/** What it is called where it was given no name: its place in the list. */
export function branchName(branches: readonly Branch[], { id, name }: Branch): string {
  return name || String(branches.findIndex((other) => other.id === id) + 1)
}

function totalOf(branches: readonly Branch[]): number {
  return branches.reduce((sum, { share }) => sum + share, 0)
}

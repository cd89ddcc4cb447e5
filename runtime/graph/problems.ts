/**
 * Something about the graph that a person should know. `code` is an entry of `problem-texts.ts` for the graph's own rules,
 * `<block type>.problem.<code>` for a block's. An error blocks what it concerns (`half`), a warning never does.
 */
export interface Problem {
  severity: 'error' | 'warning'
  code: string
  half: 'learn' | 'talk'
  node?: string
  edge?: string
  port?: string
  field?: string
  params?: Record<string, string | number>
}

/** Whether it must be mended before a version goes live. The Learn half does not run there: a model that it gave before is kept. */
export function stopsPublish(problem: Problem): boolean {
  return problem.severity === 'error' && problem.half === 'talk'
}

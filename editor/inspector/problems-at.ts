import type { FieldProblem } from './widget.ts'

/** The problems at a name or below it, told from there. */
export function problemsAt(problems: readonly FieldProblem[], name: string): FieldProblem[] {
  return problems
    .filter(({ at }) => at === name || at.startsWith(`${name}.`))
    .map((problem) => ({ ...problem, at: problem.at.slice(name.length + 1) }))
}

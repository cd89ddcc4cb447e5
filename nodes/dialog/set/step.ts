import { type ConfigOf, defineStep, pickText, type SessionView, type StepResult } from '#kit'
import { fillPlaceholders } from '#kit/text-checks.ts'
import { set } from './node.ts'

type Assignment = ConfigOf<typeof set>['assignments'][number]

export default defineStep(set, {
  enter(config, session): StepResult {
    const changed: Record<string, unknown> = {}
    for (const assignment of config.assignments) {
      if (assignment.variable === '') continue
      const known = { ...session.variables, ...changed }
      changed[assignment.variable] = valueFor(assignment, known, session)
    }
    return { set: changed, leave: 'out' }
  },
})

/** The new value; null forgets the variable. */
function valueFor(assignment: Assignment, known: Record<string, unknown>, session: SessionView): unknown {
  switch (assignment.kind) {
    case 'value':
      return assignment.value
    case 'copy':
      return known[assignment.from] ?? null
    case 'increment':
      return (Number(known[assignment.variable] ?? 0) || 0) + assignment.by
    case 'clear':
      return null
    case 'text':
      return fillPlaceholders(
        pickText(assignment.text, session.language),
        (name) => known[name] ?? session.parameters[name],
      )
  }
}

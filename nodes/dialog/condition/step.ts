import { defineStep, type StepResult } from '#kit'
import { evaluateGroup } from '#runtime/conditions/evaluate.ts'
import { holdsExpression } from '#runtime/conditions/expression/evaluate-expression.ts'
import { branchPort, condition } from './node.ts'

export default defineStep(condition, {
  enter(config, session): StepResult {
    const holds = config.branches.find((branch) =>
      branch.kind === 'expression' ? holdsExpression(branch.expression, session) : evaluateGroup(branch, session),
    )
    return { leave: holds ? branchPort(holds.id) : 'else' }
  },
})

import { defineStep, type StepResult } from '#kit'
import { evaluateGroup } from '#runtime/conditions/evaluate.ts'
import { branchPort, condition } from './node.ts'

export default defineStep(condition, {
  enter(config, session): StepResult {
    const holds = config.branches.find((branch) => evaluateGroup(branch, session))
    return { leave: holds ? branchPort(holds.id) : 'else' }
  },
})

import { defineStep, type StepResult } from '#kit'
import { jump } from './node.ts'

export default defineStep(jump, {
  enter: ({ target }): StepResult => ({ jump: target }),
})

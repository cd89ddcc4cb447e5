import { defineStep, type StepResult } from '#kit'
import { end } from './node.ts'

export default defineStep(end, {
  enter(config): StepResult {
    const written = Object.values(config.text).some((text) => text !== '')
    return { messages: written ? [[{ type: 'text', text: config.text }]] : [], end: 'done' }
  },
})

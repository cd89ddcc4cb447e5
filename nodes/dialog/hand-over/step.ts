import { defineStep, type StepResult } from '#kit'
import { fillPlaceholders } from '#kit/text-checks.ts'
import { handOver } from './node.ts'

export default defineStep(handOver, {
  enter(config, session): StepResult {
    const filled = (text: string): string =>
      fillPlaceholders(text, (name) => session.variables[name] ?? session.parameters[name]).trim()
    return {
      messages: [[{ type: 'text', text: config.message }]],
      consume: true,
      effect: { type: 'handoff', reason: filled(config.reason), note: filled(config.note) },
      end: 'handoff',
    }
  },
})

import { defineStep, type SessionView, type StepResult } from '#kit'
import { fillPlaceholders, placeholdersOf } from '#kit/text-checks.ts'
import { subDialog } from './node.ts'

export default defineStep(subDialog, {
  enter(config, session): StepResult {
    const given = config.give.filter(({ variable }) => variable !== '')
    return {
      set: Object.fromEntries(given.map(({ variable, value }) => [variable, givenValue(value, session)])),
      call: { dialog: config.dialog, back: 'out' },
      note: { key: 'sub-dialog.note.entered' },
    }
  },
})

/** A name alone hands over what it stands for, a number as a number; among other words it is text. */
function givenValue(value: string, { variables, parameters }: SessionView): unknown {
  const lookUp = (name: string): unknown => variables[name] ?? parameters[name]
  const [name, second] = placeholdersOf(value)
  const alone = name !== undefined && second === undefined && /^\{\{[^{}]*\}\}$/.test(value.trim())
  return alone ? (lookUp(name) ?? null) : fillPlaceholders(value, lookUp)
}

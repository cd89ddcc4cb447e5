import { defineStep, type StepResult } from '#kit'
import { findPieces } from './find-pieces.ts'
import { entities } from './node.ts'

export default defineStep(entities, {
  enter(config, session): StepResult {
    const wanted = [...new Set(config.finders.map(({ variable }) => variable))].filter((name) => name !== '')
    const found = findPieces(config.finders, session.lastMessage?.text ?? '', session)
    const lacking = wanted.filter((name) => !Object.hasOwn(found, name))
    const names = Object.keys(found)
    const enough = names.length > 0 && (config.need === 'any' || lacking.length === 0)
    return {
      set: config.clear ? { ...found, ...Object.fromEntries(lacking.map((name) => [name, null])) } : found,
      leave: enough ? 'found' : 'missing',
      note:
        names.length > 0
          ? { key: 'entities.note.found', params: { names: names.join(', ') } }
          : { key: 'entities.note.nothing' },
    }
  },
})

import { defineStep, placeCounter, type StepResult } from '#kit'
import { lookUp } from '#runtime/conditions/values.ts'
import { itemsOf } from './items.ts'
import { loop } from './node.ts'

export default defineStep(loop, {
  enter(config, session): StepResult {
    // Looked up anew for every item: the way may have changed the list, which then goes on at the same place.
    const items = itemsOf(lookUp(session, config.list), config.most)
    const place = session.counters[placeCounter] ?? 0
    if (place >= items.length)
      return {
        count: { [placeCounter]: 0 },
        leave: 'done',
        note: { key: 'loop.note.done', params: { count: items.length } },
      }
    const set: Record<string, unknown> = {}
    if (config.item !== '') set[config.item] = items[place]
    if (config.index !== '') set[config.index] = place + 1
    return {
      set,
      count: { [placeCounter]: place + 1 },
      progress: true,
      leave: 'each',
      note: { key: 'loop.note.each', params: { index: place + 1, count: items.length } },
    }
  },
})

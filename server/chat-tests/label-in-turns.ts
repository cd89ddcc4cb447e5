import type { LabelRef } from '#kit'
import type { ChatTestTurn } from '#server/api/dto.ts'

/**
 * Turns of a kept test after labels have become another one: clicks lead to its id, buttons say its name, and what somebody made the bot
 * remember says its name, too.
 */
export function renamedInTurns(turns: readonly ChatTestTurn[], was: readonly LabelRef[], is: LabelRef): ChatTestTurn[] {
  const byId = new Map(was.map((label) => [label.id, label]))
  const names = new Set(was.map(({ name }) => name))
  return turns.map((turn) => {
    const next = { ...turn }
    const old = turn.user?.choice && byId.get(turn.user.choice.value)
    if (turn.user?.choice && old)
      next.user = {
        ...turn.user,
        // Without a text of its own a button says the label's name.
        text: turn.user.text === old.name ? is.name : turn.user.text,
        choice: { ...turn.user.choice, value: is.id },
      }
    if (turn.set)
      next.set = Object.fromEntries(
        Object.entries(turn.set).map(([key, value]) => [
          key,
          typeof value === 'string' && names.has(value) ? is.name : value,
        ]),
      )
    return next
  })
}

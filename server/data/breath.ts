import { setImmediate } from 'node:timers/promises'

/** Rows that are worked through before others get a turn: some tens of milliseconds. */
export const rowsInABreath = 10_000

/** Lets the chats and pages that wait have their turn: a large file must not freeze them. */
export const breath = (): Promise<void> => setImmediate()

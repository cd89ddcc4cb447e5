import { create } from 'zustand'

export const checklistSteps = ['talk', 'why', 'add', 'run', 'publish'] as const
export type ChecklistStep = (typeof checklistSteps)[number]

interface Remembered {
  done: ChecklistStep[]
  closed: boolean
}
const nothing: Remembered = { done: [], closed: false }
const storageKey = (bot: string) => `botloom.checklist.${bot}`

function read(bot: string): Remembered {
  try {
    return { ...nothing, ...JSON.parse(localStorage.getItem(storageKey(bot)) ?? '{}') }
  } catch {
    return nothing
  }
}

const store = create<{ bots: Record<string, Remembered> }>()(() => ({ bots: {} }))

function change(bot: string, next: Partial<Remembered>) {
  const remembered = { ...(store.getState().bots[bot] ?? read(bot)), ...next }
  localStorage.setItem(storageKey(bot), JSON.stringify(remembered))
  store.setState(({ bots }) => ({ bots: { ...bots, [bot]: remembered } }))
}

/** What a person has done with this bot on this device. */
export function useChecklist(bot: string): Remembered {
  const known = store((state) => state.bots[bot])
  return known ?? read(bot)
}

export function markDone(bot: string, step: ChecklistStep) {
  const { done } = store.getState().bots[bot] ?? read(bot)
  if (!done.includes(step)) change(bot, { done: [...done, step] })
}

export function closeChecklist(bot: string) {
  change(bot, { closed: true })
}

import { create } from 'zustand'

const storageKey = 'botloom.folds'

function read(): Record<string, boolean> {
  try {
    return JSON.parse(localStorage.getItem(storageKey) ?? '{}')
  } catch {
    return {}
  }
}

const folds = create<Record<string, boolean>>()(read)

/** Whether a part of a form is open, by a name such as `fine-tune/training`; remembered on this device for every block of the type. */
export function useFold(name: string, openAtFirst: boolean): boolean {
  return folds((state) => state[name] ?? openAtFirst)
}

export function setFold(name: string, open: boolean): void {
  folds.setState({ [name]: open })
  localStorage.setItem(storageKey, JSON.stringify(folds.getState()))
}

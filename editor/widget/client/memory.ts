import type { Outgoing } from './protocol.ts'

/** What a page keeps of a conversation. */
export interface Remembered {
  conversation: string
  /** Buys visitor tokens. */
  resume: string
  /** The last message that was seen, by its `seq`. */
  seen?: number
  /** Typed but not acknowledged: sent again with the same ids, so that no message is lost or doubled. */
  unsent: Outgoing[]
}

export type MemoryStorage = Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>

/**
 * A bot's conversation in the page's storage. Several tabs share it, so each change is made to what is stored now and
 * touches only the message that it is about.
 */
export function createMemory(storage: MemoryStorage, key: string) {
  const read = (): Remembered | null => parseRemembered(storage.getItem(key))
  const write = (value: Remembered): void => storage.setItem(key, JSON.stringify(value))
  const change = (conversation: string, unsent: (before: Outgoing[]) => Outgoing[]): void => {
    const stored = read()
    if (stored?.conversation === conversation) write({ ...stored, unsent: unsent(stored.unsent).map(lasting) })
  }
  return {
    read,
    begin: write,
    add: (conversation: string, message: Outgoing): void => change(conversation, (unsent) => [...unsent, message]),
    settle: (conversation: string, id: string): void =>
      change(conversation, (unsent) => unsent.filter((message) => message.id !== id)),
    see(conversation: string, seq: number): void {
      const stored = read()
      if (stored?.conversation === conversation && (stored.seen ?? 0) < seq) write({ ...stored, seen: seq })
    },
    forget: (): void => storage.removeItem(key),
  }
}

/** A file's bytes are not for the page's storage. */
export function lasting({ blob: _, ...message }: Outgoing): Outgoing {
  return message
}

function parseRemembered(text: string | null): Remembered | null {
  try {
    const value = JSON.parse(text ?? 'null')
    return value?.conversation && value.resume && Array.isArray(value.unsent) ? value : null
  } catch {
    return null
  }
}

/** A page may forbid storage (sandboxed frame, private mode); the chat then lives as long as the page. */
export function pageStorage(): MemoryStorage {
  try {
    const name = 'botloom:probe'
    localStorage.setItem(name, '')
    localStorage.removeItem(name)
    return localStorage
  } catch {
    const memory = new Map<string, string>()
    return {
      getItem: (name) => memory.get(name) ?? null,
      setItem: (name, value) => void memory.set(name, value),
      removeItem: (name) => void memory.delete(name),
    }
  }
}

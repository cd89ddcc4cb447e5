import type { Message } from '#server/api/dto.ts'

/** `look`: something may have been missed. */
type Heard = Message | 'look'
type Listener = (message: Heard | null) => void

/** Tells whoever watches a conversation on this server of its new messages. */
export function createLiveMessages() {
  const listeners = new Map<string, Set<Listener>>()
  return {
    tell(conversation: string, messages: readonly Message[]): void {
      for (const listener of listeners.get(conversation) ?? []) for (const message of messages) listener(message)
    },

    /** Messages from now on, until the signal or `close`; the order is that of `tell`. */
    open(conversation: string, signal: AbortSignal): AsyncIterable<Heard> {
      const waiting: (Heard | null)[] = []
      let wake: () => void = () => {}
      const listener: Listener = (message) => {
        waiting.push(message)
        wake()
      }
      const stop = (): void => {
        const mine = listeners.get(conversation)
        mine?.delete(listener)
        if (mine?.size === 0) listeners.delete(conversation)
        listener(null)
      }
      const all = listeners.get(conversation) ?? new Set()
      listeners.set(conversation, all.add(listener))
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      return {
        async *[Symbol.asyncIterator]() {
          try {
            for (;;) {
              const next = waiting.shift()
              if (next === null) return
              if (next) yield next
              else
                await new Promise<void>((resolve) => {
                  wake = resolve
                })
            }
          } finally {
            signal.removeEventListener('abort', stop)
            stop()
          }
        },
      }
    },

    /** Whoever watches is to read again what it may have missed. */
    look(): void {
      for (const mine of listeners.values()) for (const listener of mine) listener('look')
    },

    close(): void {
      for (const mine of listeners.values()) for (const listener of mine) listener(null)
    },
  }
}

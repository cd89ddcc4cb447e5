import { BotloomError } from '#kit'

/** Lets work in, so many at once, and the rest in the order in which it came. */
export interface Turnstile {
  /** Rejects with `answers-busy` where too many wait already, or with the signal's reason, after which the work never begins. */
  pass<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T>
}

export function createTurnstile({ inside, waiting }: { inside: number; waiting: number }): Turnstile {
  const queue: (() => void)[] = []
  let within = 0

  const enter = (signal?: AbortSignal): Promise<void> =>
    new Promise((resolve, reject) => {
      const turn = (): void => {
        signal?.removeEventListener('abort', leave)
        within++
        resolve()
      }
      const leave = (): void => {
        queue.splice(queue.indexOf(turn), 1)
        reject(signal!.reason)
      }
      if (within < inside) return turn()
      if (queue.length >= waiting) return reject(new BotloomError('answers-busy'))
      queue.push(turn)
      signal?.addEventListener('abort', leave, { once: true })
    })

  return {
    async pass(work, signal) {
      signal?.throwIfAborted()
      await enter(signal)
      try {
        return await work()
      } finally {
        within--
        queue.shift()?.()
      }
    },
  }
}

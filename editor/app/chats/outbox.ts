import { createStore } from 'zustand'

/** An answer that the server has not acknowledged. */
export interface Outgoing {
  /** Made here, so that sending it twice says it once. */
  id: string
  text: string
  at: string
  /** `late`: not reached, tried again by itself. `refused`: the server will not take it as things are. */
  state: 'sending' | 'late' | 'refused'
  error: unknown
}

interface Door<Sent> {
  send: (chat: string, answer: { id: string; text: string }) => Promise<Sent>
  /** Is called before the answer leaves the outbox. */
  onSent: (chat: string, sent: Sent) => void
  /** Worth trying again as it is: the server was not reached, or has trouble of its own. */
  isPassing: (error: unknown) => boolean
  storage: Pick<Storage, 'getItem' | 'setItem'>
  makeId: () => string
}

const storageKey = 'botloom.outbox'
const firstPause = 1_000
const longestPause = 20_000

/**
 * The answers of one tab on their way: shown at once, sent one after the other in the order of writing, tried again while the
 * server is not reached, kept over a reload.
 */
export function createOutbox<Sent>(door: Door<Sent>) {
  const store = createStore<Record<string, Outgoing[]>>(() => stored(door.storage))
  const busy = new Set<string>()
  const timers = new Map<string, ReturnType<typeof setTimeout>>()
  const pauses = new Map<string, number>()

  const queue = (chat: string): Outgoing[] => store.getState()[chat] ?? []
  const put = (chat: string, change: (queue: Outgoing[]) => Outgoing[]) => {
    store.setState({ [chat]: change(queue(chat)) })
    const left = Object.entries(store.getState()).filter(([, answers]) => answers.length > 0)
    door.storage.setItem(storageKey, JSON.stringify(Object.fromEntries(left)))
  }
  const mark = (chat: string, id: string, change: Partial<Outgoing>) =>
    put(chat, (answers) => answers.map((one) => (one.id === id ? { ...one, ...change } : one)))
  const drop = (chat: string, id: string) => put(chat, (answers) => answers.filter((one) => one.id !== id))

  async function flush(chat: string): Promise<void> {
    if (busy.has(chat)) return
    busy.add(chat)
    clearTimeout(timers.get(chat))
    try {
      for (let next = unsent(chat); next; next = unsent(chat)) {
        const { id, text } = next
        mark(chat, id, { state: 'sending', error: null })
        try {
          door.onSent(chat, await door.send(chat, { id, text }))
          drop(chat, id)
          pauses.delete(chat)
        } catch (error) {
          if (!door.isPassing(error)) mark(chat, id, { state: 'refused', error })
          else {
            mark(chat, id, { state: 'late', error })
            const pause = pauses.get(chat) ?? firstPause
            pauses.set(chat, Math.min(pause * 2, longestPause))
            timers.set(
              chat,
              setTimeout(() => void flush(chat), pause),
            )
            return
          }
        }
      }
    } finally {
      busy.delete(chat)
    }
  }
  const unsent = (chat: string) => queue(chat).find(({ state }) => state !== 'refused')

  return {
    store,
    send(chat: string, text: string): Promise<void> {
      const answer: Outgoing = {
        id: door.makeId(),
        text,
        at: new Date().toISOString(),
        state: 'sending',
        error: null,
      }
      put(chat, (answers) => [...answers, answer])
      return flush(chat)
    },
    /** Tries at once what waits, of one chat or of all. */
    wake(chat?: string): void {
      for (const one of chat === undefined ? Object.keys(store.getState()) : [chat]) void flush(one)
    },
    /** Sends what was refused once more, under the id that it has. */
    again(chat: string, id: string): Promise<void> {
      mark(chat, id, { state: 'sending', error: null })
      return flush(chat)
    },
    drop,
  }
}

function stored(storage: Pick<Storage, 'getItem'>): Record<string, Outgoing[]> {
  try {
    return JSON.parse(storage.getItem(storageKey) ?? '{}')
  } catch {
    return {}
  }
}

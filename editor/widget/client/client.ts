import { createApi } from './api.ts'
import { readEvents } from './event-stream.ts'
import { ChatError, type ChatMessage, type Outgoing, type Started } from './protocol.ts'

export interface ChatState {
  messages: ChatMessage[]
  /** `idle` before the first `open`; `offline` keeps what was typed and sends it later. */
  status: 'idle' | 'opening' | 'ready' | 'waiting' | 'offline' | 'failed'
  error: { message: string; remedy: string } | null
}

export interface ChatOptions {
  /** Origin of the Botloom server, such as `https://bots.example.com`. */
  server: string
  /** The bot's slug: its publishable key. */
  bot: string
  language: string
  /** Where the conversation is remembered; default `localStorage`. */
  storage?: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>
}

interface Remembered {
  conversation: string
  resume: string
  /** Typed but not acknowledged: sent again with the same ids, so that no message is lost or doubled. */
  unsent: Outgoing[]
}

export type ChatClient = ReturnType<typeof createChatClient>

/** One visitor's conversation with one bot: kept over reloads, sent again after a lost network, without a framework. */
export function createChatClient(options: ChatOptions) {
  const api = createApi(options.server, options.language)
  const key = `botloom:${options.bot}`
  const storage = options.storage ?? safeStorage()
  const listeners = new Set<() => void>()
  let state: ChatState = { messages: [], status: 'idle', error: null }
  let remembered: Remembered | null = null
  let token = ''
  let sending = false
  let stream: AbortController | null = null
  let retryTimer: ReturnType<typeof setTimeout> | undefined

  const update = (change: Partial<ChatState>): void => {
    state = { ...state, ...change }
    for (const listener of listeners) listener()
  }
  const remember = (next: Remembered | null): void => {
    remembered = next
    if (next) storage.setItem(key, JSON.stringify(next))
    else storage.removeItem(key)
  }
  /** Adds what is new, replaces what was only drawn here, and keeps the order of the server. */
  const merge = (incoming: readonly ChatMessage[]): void => {
    const byId = new Map(state.messages.map((message) => [message.id, message]))
    for (const message of incoming) byId.set(message.id, message)
    const order = (message: ChatMessage): number => message.seq || Number.MAX_SAFE_INTEGER
    update({ messages: [...byId.values()].sort((a, b) => order(a) - order(b)) })
  }
  const lastSeq = (): number => state.messages.reduce((max, message) => Math.max(max, message.seq), 0)

  const begin = (started: Started): void => {
    token = started.token
    remember({ conversation: started.conversationId, resume: started.resume, unsent: [] })
    update({ messages: [], error: null })
    merge(started.messages)
  }

  async function open(): Promise<void> {
    if (state.status !== 'idle' && state.status !== 'failed') return
    update({ status: 'opening', error: null })
    try {
      const known = parseRemembered(storage.getItem(key))
      if (!known || !(await resumeWith(known))) begin(await api.start(options.bot))
      update({ status: 'ready' })
      listen()
      void flush()
    } catch (error) {
      fail(error)
    }
  }

  /** False when the server does not know the conversation any more: then a new one begins. */
  async function resumeWith(known: Remembered): Promise<boolean> {
    try {
      token = (await api.token(known.conversation, known.resume)).token
      const { messages } = await api.history(known.conversation, token)
      remember(known)
      merge([...messages, ...known.unsent.map((message) => drawn(message, options.language))])
      return true
    } catch (error) {
      if (error instanceof ChatError && error.status < 500 && error.status !== 429) {
        remember(null)
        return false
      }
      throw error
    }
  }

  /** Shows the message at once and sends it; without a network it is kept and sent when there is one. */
  function send(message: { text?: string; choice?: { block: string; value: string }; label?: string }): void {
    if (!remembered) return
    const outgoing: Outgoing = {
      id: crypto.randomUUID(),
      text: message.text ?? message.label ?? '',
      choice: message.choice,
    }
    remember({ ...remembered, unsent: [...remembered.unsent, outgoing] })
    merge([drawn(outgoing, options.language)])
    void flush()
  }

  /** Sends what is unsent, one after the other, so that the order of typing is the order of arrival. */
  async function flush(): Promise<void> {
    if (sending || !remembered) return
    sending = true
    clearTimeout(retryTimer)
    try {
      for (let next = remembered.unsent[0]; next && remembered; next = remembered.unsent[0]) {
        update({ status: 'waiting' })
        const turn = await withToken((current) => api.send(remembered!.conversation, current, next!))
        merge(turn.messages)
        remember({ ...remembered, unsent: remembered.unsent.filter((message) => message.id !== next!.id) })
        if (!turn.pending) update({ status: 'ready', error: null })
      }
    } catch (error) {
      fail(error)
      const again = !(error instanceof ChatError) || error.status >= 500 || error.status === 429
      if (again) retryTimer = setTimeout(() => void flush(), 4000)
      else if (remembered) remember({ ...remembered, unsent: remembered.unsent.slice(1) })
    } finally {
      sending = false
    }
  }

  /** A token lives for minutes; an old one is exchanged once, in silence. */
  async function withToken<T>(call: (token: string) => Promise<T>): Promise<T> {
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof ChatError) || error.status !== 401 || !remembered) throw error
      token = (await api.token(remembered.conversation, remembered.resume)).token
      return call(token)
    }
  }

  /** Follows the stream for what comes without being asked: the rest of a long turn, a person in the inbox. */
  async function listen(): Promise<void> {
    stream?.abort()
    const mine = new AbortController()
    stream = mine
    for (let pause = 1000; !mine.signal.aborted && remembered; pause = Math.min(pause * 2, 30_000)) {
      try {
        const response = await api.events(remembered.conversation, token, lastSeq(), mine.signal)
        if (response.status === 401) token = (await api.token(remembered.conversation, remembered.resume)).token
        else if (response.status >= 400 && response.status < 500 && response.status !== 429) return
        for await (const data of readEvents(response)) {
          pause = 1000
          const message = parseMessage(data)
          if (!message) continue
          merge([message])
          if (message.role !== 'user' && state.status === 'waiting' && !sending) update({ status: 'ready' })
        }
      } catch {
        // The network went away or the page did; the loop tells them apart.
      }
      if (!mine.signal.aborted) await new Promise((resolve) => setTimeout(resolve, pause))
    }
  }

  function fail(error: unknown): void {
    if (error instanceof ChatError)
      update({ status: remembered ? 'ready' : 'failed', error: { message: error.message, remedy: error.remedy } })
    else update({ status: remembered ? 'offline' : 'failed', error: null })
  }

  return {
    getState: (): ChatState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open,
    send,
    /** Forgets this conversation and begins a new one. */
    async restart(): Promise<void> {
      close()
      remember(null)
      update({ messages: [], status: 'idle', error: null })
      await open()
    },
    close,
  }

  function close(): void {
    stream?.abort()
    clearTimeout(retryTimer)
  }
}

function drawn(message: Outgoing, language: string): ChatMessage {
  const text = message.text ?? ''
  return {
    id: message.id,
    seq: 0,
    role: 'user',
    parts: [{ type: 'text', text }],
    text,
    language,
    at: new Date().toISOString(),
  }
}

function parseRemembered(text: string | null): Remembered | null {
  try {
    const value = JSON.parse(text ?? 'null')
    return value?.conversation && value.resume && Array.isArray(value.unsent) ? value : null
  } catch {
    return null
  }
}

function parseMessage(data: string): ChatMessage | null {
  try {
    const value = JSON.parse(data)
    const message = value.message ?? value
    return typeof message.id === 'string' && Array.isArray(message.parts) ? message : null
  } catch {
    return null
  }
}

/** A page may forbid storage (sandboxed frame, private mode); the chat then lives as long as the page. */
function safeStorage(): NonNullable<ChatOptions['storage']> {
  try {
    localStorage.getItem('botloom')
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

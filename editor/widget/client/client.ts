import { createApi } from './api.ts'
import { readEvents } from './event-stream.ts'
import { createMemory, lasting, type MemoryStorage, pageStorage } from './memory.ts'
import { ChatError, type ChatMessage, type Outgoing, type PageContext, type Started, type Turn } from './protocol.ts'

export interface ChatState {
  /** In the order of the server; what it has not acknowledged yet comes last. */
  messages: ChatMessage[]
  /** The `seq` up to which all was said before this page was there. */
  history: number
  /** `idle` before the first `open`; `offline` keeps what was typed and sends it later. */
  /** Messages of the bot or a person that `see` has not been called for. */
  unread: number
  status: 'idle' | 'opening' | 'ready' | 'waiting' | 'offline' | 'failed'
  error: { message: string; remedy: string } | null
}

export interface ChatOptions {
  /** Origin of the Botloom server, such as `https://bots.example.com`. */
  server: string
  /** The bot's slug: its publishable key. */
  bot: string
  language: string
  /** A token with which the site's server vouches for its visitor (JWT, HS256). */
  identity?: string
  /** Where the visitor is, asked for whenever something is sent. */
  context?: () => PageContext
  /** Key of the bot's test environment: the conversation is held there, apart from the one with the live bot. */
  testKey?: string
  /** Where the conversation is remembered; default `localStorage`. */
  storage?: MemoryStorage
}

interface Held {
  conversation: string
  resume: string
}

const firstPause = 1_000
const longestPause = 30_000

export type ChatClient = ReturnType<typeof createChatClient>

/** One visitor's conversation with one bot: kept over reloads, sent again after a lost network, without a framework. */
export function createChatClient(options: ChatOptions) {
  const api = createApi(options.server, options.language)
  const key = `botloom:${options.bot}${options.testKey ? ':test' : ''}`
  const memory = createMemory(options.storage ?? pageStorage(), key)
  const listeners = new Set<() => void>()
  let state: ChatState = { messages: [], history: 0, unread: 0, status: 'idle', error: null }
  let held: Held | null = null
  let outbox: Outgoing[] = []
  let identity = options.identity ?? ''
  let attributes: Record<string, string> | undefined
  /** What the server knows of the page already. */
  let told = ''
  let seen = 0
  let token = ''
  /** The token is there and what was said before is shown. */
  let connected = false
  let sending = false
  let opening: Promise<void> | null = null
  /** How far history and stream have told us; replies to our own messages may be ahead of it. */
  let position = 0
  /** Counts conversations let go of, so that a late answer for one of them is not taken for another's. */
  let era = 0
  let stream: AbortController | null = null
  let retry: ReturnType<typeof setTimeout> | undefined
  let pause = firstPause

  const update = (change: Partial<ChatState>): void => {
    state = { ...state, ...change }
    if (change.messages) state.unread = unreadIn(change.messages)
    for (const listener of listeners) listener()
  }
  const unreadIn = (messages: readonly ChatMessage[]): number =>
    messages.filter(({ seq, role }) => seq > seen && (role === 'bot' || role === 'agent')).length
  /** Adds what is new and replaces what was only drawn here. */
  const merge = (incoming: readonly ChatMessage[]): void => {
    const byId = new Map(state.messages.map((message) => [message.id, message]))
    for (const message of incoming) byId.set(message.id, message)
    const place = (message: ChatMessage): number => message.seq || Number.MAX_SAFE_INTEGER
    update({ messages: [...byId.values()].sort((a, b) => place(a) - place(b)) })
  }
  /** As `merge`, for messages that come without a gap. */
  const follow = (incoming: readonly ChatMessage[]): void => {
    for (const { seq } of incoming) position = Math.max(position, seq)
    merge(incoming)
  }
  const mark = (id: string, change: Partial<ChatMessage>): void =>
    update({ messages: state.messages.map((message) => (message.id === id ? { ...message, ...change } : message)) })

  function begin(started: Started): void {
    token = started.token
    held = { conversation: started.conversationId, resume: started.resume }
    position = 0
    seen = 0
    memory.begin({ ...held, unsent: outbox.filter(({ blob, files }) => !blob || files).map(lasting), seen })
    update({ messages: state.messages.filter(({ unsent }) => unsent === 'sending'), history: 0, error: null })
    follow(started.messages)
  }

  /** Opens the conversation that the page remembers, or a new one. Safe to call again at any time. */
  function open(): Promise<void> {
    if (connected) return Promise.resolve()
    const mine = opening ?? connect()
    opening = mine
    void mine.finally(() => {
      if (opening === mine) opening = null
    })
    return mine
  }

  async function connect(): Promise<void> {
    clearTimeout(retry)
    const known = memory.read()
    if (known) {
      held = known
      seen = Math.max(seen, known.seen ?? 0)
      outbox = [...known.unsent, ...outbox.filter(({ id }) => known.unsent.every((message) => message.id !== id))]
      merge(outbox.map((message) => drawn(message, options.language)))
    }
    update({ status: 'opening', error: null })
    const mine = era
    try {
      const resumed = held && (await resume(held))
      const context = contextNow()
      const given = {
        ...(identity && { identity }),
        ...(context && { context }),
        ...(options.testKey && { testKey: options.testKey }),
      }
      const started = resumed ? null : await api.start(options.bot, given)
      if (mine !== era) return
      if (started) told = JSON.stringify(context)
      if (started) begin(started)
      if (resumed) {
        token = resumed.token
        update({ history: resumed.messages.at(-1)?.seq ?? 0 })
        follow(resumed.messages)
      }
      connected = true
      pause = firstPause
      update({ status: 'ready', error: null })
      void listen()
      void flush()
      void tellContext()
    } catch (error) {
      if (mine === era) fail(error)
    }
  }

  /** Null when the server does not know the conversation any more: then a new one begins. */
  async function resume(known: Held): Promise<{ token: string; messages: ChatMessage[] } | null> {
    try {
      const bought = await api.token(known.conversation, known.resume)
      const history = await api.history(known.conversation, bought.token)
      // Nothing is lost of a conversation without a word: a person may have another one, held on another device.
      if (identity && !history.messages.some(({ role }) => role === 'user')) return null
      if (identity) await api.identify(known.conversation, bought.token, identity)
      return { ...bought, ...history }
    } catch (error) {
      if (error instanceof ChatError && error.gone) return null
      throw error
    }
  }

  /** Shows the message at once and sends it; without a network it is kept and sent when there is one. */
  function send(message: {
    text?: string
    choice?: { block: string; value: string }
    label?: string
    file?: File
  }): void {
    const outgoing: Outgoing = {
      id: crypto.randomUUID(),
      text: message.text ?? message.label ?? '',
      choice: message.choice,
      ...(message.file && { blob: message.file }),
    }
    outbox = [...outbox, outgoing]
    // A file that did not go up is gone with the page; nothing is promised of it.
    if (held && !outgoing.blob) memory.add(held.conversation, outgoing)
    merge([drawn(outgoing, options.language)])
    wake()
  }

  /** Tries at once what waits for the network. */
  function wake(): void {
    if (connected) void flush()
    else void open()
  }

  /** Sends what is unsent, one after the other, so that the order of typing is the order of arrival. */
  async function flush(): Promise<void> {
    if (sending || !connected) return
    sending = true
    clearTimeout(retry)
    let restarted = false
    try {
      for (let next = outbox[0]; next && held; next = outbox[0]) {
        const mine: Held = held
        update({ status: 'waiting' })
        try {
          await tellContext()
          const { blob } = next
          if (blob && !next.files) {
            const sent = await withToken(mine, (current) => api.upload(mine.conversation, current, blob))
            next.files = [sent.id]
            memory.add(mine.conversation, next)
          }
          const turn = await withToken(mine, (current) => api.send(mine.conversation, current, next!))
          if (held === mine) acknowledge(mine, next, turn)
        } catch (error) {
          if (held !== mine) continue
          if (!(error instanceof ChatError) || error.passing) throw error
          if (error.gone && !restarted) {
            restarted = true
            for (const message of outbox) if (message.blob) message.files = undefined
            begin(
              await api.start(options.bot, {
                ...(identity && { identity }),
                ...(options.testKey && { testKey: options.testKey }),
              }),
            )
            void listen()
          } else refuse(mine, next, error)
        }
      }
    } catch (error) {
      fail(error)
    } finally {
      sending = false
    }
  }

  function acknowledge(mine: Held, message: Outgoing, turn: Turn): void {
    outbox = outbox.filter(({ id }) => id !== message.id)
    memory.settle(mine.conversation, message.id)
    pause = firstPause
    // The visitor's message stands right before its replies; without replies the stream will say where.
    const [first] = turn.messages
    const known = state.messages.find(({ id }) => id === message.id)
    if (known?.seq === 0) mark(message.id, { unsent: undefined, seq: first ? first.seq - 1 : 0 })
    merge(turn.messages)
    update({ status: turn.pending ? 'waiting' : 'ready', error: null })
  }

  /** The server will never take this message: it stays in sight, marked, and the next one is sent. */
  function refuse(mine: Held, message: Outgoing, error: ChatError): void {
    outbox = outbox.filter(({ id }) => id !== message.id)
    memory.settle(mine.conversation, message.id)
    mark(message.id, { unsent: 'refused' })
    update({ status: 'ready', error: { message: error.message, remedy: error.remedy } })
  }

  /** A token lives for an hour; an old one is exchanged once, in silence. */
  async function withToken<T>(mine: Held, call: (token: string) => Promise<T>): Promise<T> {
    try {
      return await call(token)
    } catch (error) {
      if (!(error instanceof ChatError) || error.code !== 'token-invalid') throw error
      token = (await api.token(mine.conversation, mine.resume)).token
      return call(token)
    }
  }

  function contextNow(): PageContext | undefined {
    const now = { ...options.context?.(), ...(attributes && { attributes }) }
    return Object.keys(now).length > 0 ? now : undefined
  }

  /** Says where the visitor is, where that is news; a chat goes on without it. */
  async function tellContext(): Promise<void> {
    const context = contextNow()
    const text = JSON.stringify(context)
    if (!context || !held || text === told) return
    told = text
    const mine = held
    await withToken(mine, (current) => api.context(mine.conversation, current, context)).catch(() => {})
  }

  /** Follows the stream for what comes unasked: the rest of a long turn, another tab's messages, a person. */
  async function listen(): Promise<void> {
    stream?.abort()
    const mine = new AbortController()
    stream = mine
    const { signal } = mine
    for (let wait = firstPause; held && !signal.aborted; wait = Math.min(wait * 2, longestPause)) {
      try {
        const response = await api.events(held.conversation, token, position, signal)
        if (response.status === 401) token = (await api.token(held.conversation, held.resume)).token
        else if (response.status >= 400 && response.status < 500 && response.status !== 429) return
        for await (const data of readEvents(response)) {
          if (signal.aborted) return
          wait = firstPause
          const message = parseMessage(data)
          if (!message) continue
          follow([message])
          if (message.role !== 'user' && state.status === 'waiting' && !sending) update({ status: 'ready' })
        }
      } catch {
        // The network went away, or this stream was ended; the loop's condition tells them apart.
      }
      if (!signal.aborted) await rest(wait, signal)
    }
  }

  function fail(error: unknown): void {
    const waits = held !== null || outbox.length > 0
    if (error instanceof ChatError)
      update({ status: connected ? 'ready' : 'failed', error: { message: error.message, remedy: error.remedy } })
    else update({ status: waits ? 'offline' : 'failed', error: null })
    if (!waits || (error instanceof ChatError && !error.passing)) return
    const wait = error instanceof ChatError && error.wait > 0 ? error.wait * 1_000 : pause
    pause = Math.min(pause * 2, longestPause)
    clearTimeout(retry)
    retry = setTimeout(wake, wait)
  }

  /** Lets go of the conversation that is shown, without touching what is remembered. */
  function drop(): void {
    era += 1
    opening = null
    stream?.abort()
    clearTimeout(retry)
    held = null
    connected = false
    token = ''
    outbox = []
    position = 0
    seen = 0
    told = ''
    update({ messages: [], history: 0, status: 'idle', error: null })
  }

  const page = new AbortController()
  if (typeof window !== 'undefined') {
    const on = { signal: page.signal }
    window.addEventListener(
      'online',
      () => {
        if (state.status === 'idle') return
        wake()
        if (connected) void listen()
      },
      on,
    )
    // Browsers allow few connections to one server, so a page that nobody sees holds none.
    document.addEventListener(
      'visibilitychange',
      () => {
        if (document.hidden) stream?.abort()
        else if (connected) void listen()
      },
      on,
    )
    // Another tab began a new conversation: this one goes along.
    window.addEventListener(
      'storage',
      (event) => {
        if (event.key !== key || state.status === 'idle') return
        const known = memory.read()
        if (!known || !held) return
        if (known.conversation === held.conversation) {
          if ((known.seen ?? 0) <= seen) return
          // Seen in the other tab is seen.
          seen = known.seen ?? 0
          update({ messages: state.messages })
          return
        }
        drop()
        void open()
      },
      on,
    )
  }

  return {
    getState: (): ChatState => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    open,
    send,
    /** All that is here has been seen. */
    see(): void {
      const last = Math.max(0, ...state.messages.map(({ seq }) => seq))
      if (!held || last <= seen) return
      seen = last
      memory.see(held.conversation, seen)
      update({ messages: state.messages })
    },
    /** The bytes of a file of this conversation. */
    file(id: string): Promise<Blob> {
      const mine = held
      if (!mine) return Promise.reject(new Error('no conversation'))
      return withToken(mine, (current) => api.file(mine.conversation, current, id))
    },
    /**
     * The site vouches for the visitor with another token than before; null: for nobody any more, and the conversation is forgotten, so
     * that whoever comes next does not read it.
     */
    async identify(token: string | null): Promise<void> {
      if (token === identity) return
      const shown = state.status !== 'idle'
      identity = token ?? ''
      if (!token) memory.forget()
      const waiting = token ? outbox : []
      drop()
      outbox = waiting
      if (shown) await open()
    },
    /** What the page says of the visit, beside what `context` answers. */
    async context(visit: Record<string, string>): Promise<void> {
      attributes = { ...attributes, ...visit }
      if (connected) await tellContext()
    },
    /** Forgets this conversation and begins a new one. */
    async restart(): Promise<void> {
      drop()
      memory.forget()
      await open()
    },
    /** Lets go of the network and of the page's events. What is unsent stays remembered. */
    close(): void {
      page.abort()
      drop()
    },
  }
}

function drawn(message: Outgoing, language: string): ChatMessage {
  const { blob } = message
  const text = message.text || blob?.name || ''
  return {
    id: message.id,
    seq: 0,
    role: 'user',
    parts: blob
      ? [{ type: 'file', file: '', text: blob.name, mime: blob.type, bytes: blob.size, blob }]
      : [{ type: 'text', text }],
    text,
    language,
    at: new Date().toISOString(),
    unsent: 'sending',
  }
}

function parseMessage(data: string): ChatMessage | null {
  try {
    const message = JSON.parse(data)
    return typeof message.id === 'string' && Array.isArray(message.parts) ? message : null
  } catch {
    return null
  }
}

function rest(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
}

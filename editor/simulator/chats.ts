import { createStore } from 'zustand/vanilla'
import { ApiError, api, streams } from '#editor/app/api.ts'
import { readEventStream } from '#editor/app/event-stream.ts'
import { draft } from '#editor/document/store.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { Message, RerunRequest, TryAnswer, VariableValue } from '#server/api/dto.ts'

export type Edited = Record<string, VariableValue | null>

/** One try on the server. */
export interface Attempt extends Omit<TryAnswer, 'conversationId'> {
  id: string
  /** The bot works on an answer. */
  waiting: boolean
  error: unknown
  /** Where it left another one: that one, its message that was sent again, and what was changed before. */
  from: { attempt: string; message: string; edited: Edited } | null
  /** The draft that it talks with; null for a version, and where the page was loaded anew since. */
  draft: Pick<GraphDocument, 'nodes' | 'edges' | 'variables' | 'parameters'> | null
}
/** Attempts with one bot in one language, and what is looked at in them. */
export interface Chat {
  attempts: Attempt[]
  current: string | null
  starting: boolean
  error: unknown
  /** A message whose turn is looked at, instead of the last one. */
  picked: string | null
  /** What is being typed. */
  text: string
}
/** Whom a chat is with: a version or the draft (null), and in which language it begins. */
export interface Place {
  bot: string
  version: number | null
  language: string
}

const none: Chat = { attempts: [], current: null, starting: false, error: null, picked: null, text: '' }
const storageKey = 'botloom.chats'

/** Every chat of this tab, so that going to another page or another bot's version loses no place in one. */
export const chats = createStore<Record<string, Chat>>()(() => ({}))

export function keyOf({ bot, version, language }: Place): string {
  return `${bot}/${version ?? 'draft'}/${language}`
}
export function chatAt(state: Record<string, Chat>, place: Place): Chat {
  return state[keyOf(place)] ?? none
}
export function currentOf(chat: Chat): Attempt | null {
  return chat.attempts.find(({ id }) => id === chat.current) ?? null
}

export function changeChat(place: Place, change: Partial<Chat> | ((chat: Chat) => Partial<Chat>)): void {
  const state = chats.getState()
  const chat = chatAt(state, place)
  const next = { ...chat, ...(typeof change === 'function' ? change(chat) : change) }
  chats.setState({ ...state, [keyOf(place)]: next })
  store(keyOf(place), next)
}
function changeAttempt(place: Place, id: string, change: (attempt: Attempt) => Partial<Attempt>): void {
  changeChat(place, ({ attempts }) => ({
    attempts: attempts.map((one) => (one.id === id ? { ...one, ...change(one) } : one)),
  }))
}

/** Shows a chat where it was left, after a reload too; begins it where there is none. */
export async function openChat(place: Place): Promise<void> {
  const chat = chatAt(chats.getState(), place)
  if (chat.starting || chat.attempts.length > 0) return
  const left = stored()[keyOf(place)]
  if (!left) return restartChat(place)
  changeChat(place, { starting: true, error: null })
  const found = await Promise.all(
    left.attempts.map(async (one): Promise<Attempt[]> => {
      const held = await api.heldTry(place.bot, one.id).catch(() => null)
      return held ? [{ ...one, ...held, waiting: false, error: null, draft: null }] : []
    }),
  )
  const attempts = found.flat()
  changeChat(place, { starting: false, attempts, current: attempts.find(({ id }) => id === left.current)?.id ?? null })
  if (attempts.length === 0) return restartChat(place)
  if (!attempts.some(({ id }) => id === left.current)) changeChat(place, { current: attempts.at(-1)?.id ?? null })
}

/** Begins anew, or as far as the visitor of a kept test came; earlier attempts go. */
export async function restartChat(place: Place, replay?: { test: string; upTo: number }): Promise<void> {
  changeChat(place, { ...none, text: chatAt(chats.getState(), place).text, starting: true })
  try {
    const { version, language } = place
    const request = { language, ...(version === null ? {} : { version }), ...(replay ? { replay } : {}) }
    const attempt = toAttempt(await api.startTry(place.bot, request), null)
    changeChat(place, { starting: false, attempts: [attempt], current: attempt.id })
  } catch (error) {
    changeChat(place, { starting: false, error })
  }
}

export async function say(
  place: Place,
  text: string,
  choice?: { block: string; value: string },
  file?: File,
): Promise<void> {
  const attempt = currentOf(chatAt(chats.getState(), place))
  if (!attempt) return
  const id = crypto.randomUUID()
  const own: Message = {
    id,
    seq: (attempt.messages.at(-1)?.seq ?? 0) + 0.5,
    role: 'user',
    parts: [{ type: 'text', text }, ...(choice ? [{ type: 'choice', ...choice, text }] : [])],
    text,
    language: attempt.messages.at(-1)?.language ?? place.language,
    at: new Date().toISOString(),
  }
  changeChat(place, { picked: null })
  changeAttempt(place, attempt.id, ({ messages }) => ({ messages: [...messages, own], waiting: true, error: null }))
  try {
    const sent = file && (await withToken(place, attempt, (token) => api.handIn(attempt.id, token, file)))
    if (file && sent) {
      const part = { type: 'file', file: sent.id, text: file.name, mime: sent.type, bytes: file.size }
      changeAttempt(place, attempt.id, ({ messages }) => ({
        messages: messages.map((one) => (one.id === id ? { ...one, parts: [part] } : one)),
      }))
    }
    const turn = sent ? { id, files: [sent.id] } : choice ? { id, choice } : { id, text }
    const answer = await withToken(place, attempt, (token) => api.say(attempt.id, token, turn))
    if (answer.pending) listen(place, attempt)
    changeAttempt(place, attempt.id, ({ messages }) => ({
      messages: joined(messages, answer.messages),
      waiting: answer.pending === true,
    }))
  } catch (error) {
    changeAttempt(place, attempt.id, () => ({ error, waiting: false }))
  }
}

/** Sends a message of the current attempt again, in an attempt of its own. Rejects where the server refuses it. */
export async function rerun(place: Place, request: Omit<RerunRequest, 'id' | 'version'>): Promise<void> {
  const from = currentOf(chatAt(chats.getState(), place))
  if (!from) return
  const { version } = place
  const answer = await api.rerunTry(place.bot, from.id, {
    ...request,
    id: crypto.randomUUID(),
    ...(version === null ? {} : { version }),
  })
  const attempt = toAttempt(answer, { attempt: from.id, message: request.message, edited: request.variables ?? {} })
  changeChat(place, ({ attempts }) => ({ attempts: [...attempts, attempt], current: attempt.id, picked: null }))
}

/** Whether the draft has become another one since an attempt with it began. */
export function isOutdated({ draft: began }: Attempt, now: GraphDocument): boolean {
  return (
    began !== null &&
    (began.nodes !== now.nodes ||
      began.edges !== now.edges ||
      began.variables !== now.variables ||
      began.parameters !== now.parameters)
  )
}

function toAttempt({ conversationId: id, ...answer }: TryAnswer, from: Attempt['from']): Attempt {
  return {
    ...answer,
    id,
    waiting: false,
    error: null,
    from,
    draft: answer.version === null ? draft.getState().document : null,
  }
}

/** A token lasts an hour; a chat lasts as long as somebody looks at it. */
async function withToken<T>(place: Place, attempt: Attempt, work: (token: string) => Promise<T>): Promise<T> {
  try {
    return await work(attempt.token)
  } catch (error) {
    if (!(error instanceof ApiError) || error.code !== 'token-invalid') throw error
    const { token } = await api.heldTry(place.bot, attempt.id)
    changeAttempt(place, attempt.id, () => ({ token }))
    return work(token)
  }
}

const streaming = new Set<string>()
/** A turn that takes long: its messages come over the stream, until one of the bot has come. */
function listen(place: Place, { id, token }: Attempt): void {
  if (streaming.has(id)) return
  streaming.add(id)
  const stream = new AbortController()
  void readEventStream({
    url: streams.conversation(id),
    token,
    signal: stream.signal,
    onEvent: (data) => {
      const message = readMessage(data)
      if (!message) return
      changeAttempt(place, id, ({ messages }) => ({
        messages: joined(messages, [message]),
        waiting: message.role === 'user',
      }))
    },
  })
}

function joined(messages: readonly Message[], more: readonly Message[]): Message[] {
  const known = new Set(messages.map(({ id }) => id))
  return [...messages, ...more.filter(({ id }) => !known.has(id))].sort((a, b) => a.seq - b.seq)
}

function readMessage(data: string): Message | null {
  const parsed: unknown = JSON.parse(data)
  if (parsed === null || typeof parsed !== 'object') return null
  const message = 'message' in parsed ? parsed.message : parsed
  return message !== null && typeof message === 'object' && 'parts' in message ? (message as Message) : null
}

type StoredAttempt = Pick<Attempt, 'id' | 'version' | 'hasModel' | 'modelStale' | 'from'>
type Stored = Record<string, { attempts: StoredAttempt[]; current: string | null }>

function stored(): Stored {
  try {
    return JSON.parse(sessionStorage.getItem(storageKey) ?? '{}') as Stored
  } catch {
    return {}
  }
}
/** Where this tab was, for when it is loaded anew. */
function store(key: string, { attempts, current }: Chat): void {
  if (attempts.length === 0) return
  const kept = attempts.map(
    ({ id, version, hasModel, modelStale, from }): StoredAttempt => ({ id, version, hasModel, modelStale, from }),
  )
  sessionStorage.setItem(storageKey, JSON.stringify({ ...stored(), [key]: { attempts: kept, current } }))
}

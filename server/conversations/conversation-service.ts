import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Logger } from 'pino'
import { type AnyStep, BotloomError, type Classifier, type ClassifierRef } from '#kit'
import { isIdle } from '#runtime/conversation/landing.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import { parseSession, type Session } from '#runtime/conversation/session.ts'
import type { TurnEvent, TurnResult } from '#runtime/conversation/turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import type { Environment, Message, Person, Trace, WordsView } from '#server/api/dto.ts'
import type { ChooseVersion } from '#server/bots/version-choice.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { newId } from '#server/new-id.ts'
import {
  type ConversationRow,
  type ConversationStatus,
  createConversationRows,
  type Edited,
  type HeldTry,
  type NewMessage,
  type NewOutboxEntry,
  type PastChat,
  type Said,
  type TurnRecord,
} from './conversation-rows.ts'
import { createLiveMessages } from './live-messages.ts'
import { carryOut, type PersonAct } from './person-acts.ts'
import { createProgramCache, type Pin, type ProgramSource, type Talker } from './program-cache.ts'
import { saidIn } from './said-in.ts'
import { withVariables } from './with-variables.ts'
import { wordWeights } from './word-weights.ts'

export interface ConversationDeps {
  database: Pick<OpenDatabase, 'kind' | 'db' | 'query' | 'listen' | 'notify'>
  classifier: Classifier
  versions: ProgramSource & { choose: ChooseVersion }
  registry: NodeRegistry
  steps: Readonly<Record<string, AnyStep>>
  log: Pick<Logger, 'warn' | 'error'>
  /** Something was said in a conversation that is no try, or somebody did something with it. */
  changed?: (workspace: string, conversation: string, status: ConversationStatus) => void
  now?: () => Date
  /** Milliseconds after which a turn answers `pending`; the rest comes over the events. */
  patience?: number
}

export interface StartRequest {
  workspace: string
  bot: string
  /** What a try talks with. Left out where a visitor comes: the version of the environment is chosen then. */
  pin?: Pin
  /** Default: `live`. */
  environment?: Environment
  /** Id of a visitor whom the caller vouches for: all conversations of one have the same version in an experiment. */
  subject?: string
  language?: string
  attributes?: Record<string, string>
  /** What it is held over; `web` where nothing else is said. */
  channel?: string
  /** Held to try the bot: nobody is called by it, no figure counts it, and it can go on from any of its turns once more. */
  isTry?: boolean
}
export interface Started {
  conversationId: string
  /** Buys visitor tokens; known to the visitor alone, stored as a hash. */
  resume: string
  messages: Message[]
}
export interface SendRequest {
  /** The client's own: the same id always gets the same stored replies. */
  id?: string
  text?: string
  choice?: { block: string; value: string }
  language?: string
}
export interface SendAnswer {
  messages: Message[]
  pending?: true
}

interface Held extends ConversationRow {
  parsed: Session | null
}

const mostHeld = 5_000
const mostTries = 5
/** Milliseconds between two looks for silences. */
const silenceEvery = 10_000
/** Silences that are taken at once. */
const mostSilences = 100
/** Milliseconds after the last word in which a conversation that was never closed still counts as going on. */
const chattingFor = 30 * 60_000
const channel = 'botloom_messages'

export type ConversationService = Awaited<ReturnType<typeof createConversationService>>

/**
 * Conversations as rows: turns of one are handled in order of arrival and saved with one commit each; a message with an
 * id that is known gets the replies that were stored for it, whichever server asks.
 */
export async function createConversationService(deps: ConversationDeps) {
  const { database, log, versions } = deps
  const now = deps.now ?? (() => new Date())
  const patience = deps.patience ?? 25_000
  const rows = createConversationRows(database)
  const programs = createProgramCache({ ...deps, db: database.db })
  const live = createLiveMessages()
  const held = new Map<string, Held>()
  const queues = new Map<string, Promise<unknown>>()
  // Another server handled a slow turn: whoever watches it here reads what is new.
  const stopListening =
    database.kind === 'postgres'
      ? await database.listen(
          channel,
          (payload) => {
            const [conversation, seq] = payload.split(' ')
            if (!conversation) return
            held.delete(conversation)
            rows
              .messagesAfter(conversation, Number(seq))
              .then((messages) => live.tell(conversation, messages))
              .catch((error) => log.warn({ error }, 'messages of another server could not be read'))
          },
          live.look,
        )
      : null

  async function hold(id: string): Promise<Held> {
    const known = held.get(id)
    if (known) return known
    const row = await rows.load(id)
    if (!row) throw new BotloomError('conversation-unknown')
    return keep({ ...row, parsed: parseSession(row.session) })
  }

  function keep(conversation: Held): Held {
    held.delete(conversation.id)
    held.set(conversation.id, conversation)
    for (const oldest of held.keys()) {
      if (held.size <= mostHeld) break
      held.delete(oldest)
    }
    return conversation
  }

  /** One after the other, in order of arrival. */
  function queued<T>(id: string, work: () => Promise<T>): Promise<T> {
    const mine = (queues.get(id) ?? Promise.resolve()).then(work, work)
    queues.set(id, mine)
    const done = () => {
      if (queues.get(id) === mine) queues.delete(id)
    }
    mine.then(done, done)
    return mine
  }

  /** The bot's own turn in a silence. Words that came meanwhile have broken it, and nothing happens. */
  async function breakSilence(id: string, since: number): Promise<void> {
    // What is held may be from before another server's turn.
    held.delete(id)
    const conversation = await hold(id)
    if (conversation.turn !== since) return
    const { program, classify } = await programs.of(conversation.workspace, conversation.bot, conversation.pin)
    const at = now().toISOString()
    const deps = { program, classify, now: at, seed: id }
    const result = await runTurn(conversation.parsed, { type: 'visitor.silent' }, deps)
    const record = recordOf(result, conversation, at)
    if (!(await rows.save(conversation, record))) return void held.delete(id)
    keep({ ...conversation, parsed: result.session, turn: since + 1, seq: record.seq, status: record.status })
    await tellUnasked(conversation, record)
  }

  /** Messages that answer no request: whoever watches hears of them, here and on other servers. */
  async function tellUnasked(
    before: Held,
    { messages, status }: Pick<TurnRecord, 'messages' | 'status'>,
  ): Promise<void> {
    live.tell(before.id, messages.map(toMessage))
    deps.changed?.(before.workspace, before.id, status)
    if (database.kind !== 'postgres') return
    const told = database.notify(channel, `${before.id} ${before.seq}`)
    await told.catch((error) => log.warn({ error }, 'other servers could not be told of a message'))
  }

  /** What a person does, in the order of arrival among the visitor's messages. */
  async function personActs(id: string, act: PersonAct, person: Person): Promise<Message[]> {
    for (let tries = 0; tries < mostTries; tries++) {
      held.delete(id)
      const conversation = await hold(id)
      const session = conversation.parsed
      if (!session) throw new BotloomError('conversation-unknown')
      if (act.kind === 'reply') {
        const known = await rows.said(id, act.id)
        if (known) return [known]
      }
      const at = now().toISOString()
      const holder = await rows.holder(id)
      const result = carryOut({ session, status: conversation.status, holder }, act, person)
      if (!result) return []
      let { seq } = conversation
      const messages = result.messages.map(
        (message, index): NewMessage => ({
          ...message,
          id: index === result.messages.length - 1 && result.id !== undefined ? result.id : newId('msg'),
          seq: ++seq,
          language: session.language,
          at,
        }),
      )
      const { status, assignee, handoff } = result
      const parsed = result.session
      const record = { session: JSON.stringify(parsed), status, block: parsed.at, seq, at, messages, assignee, handoff }
      try {
        if (await rows.savePerson(conversation, record)) {
          keep({ ...conversation, parsed, turn: conversation.turn + 1, seq, status })
          await tellUnasked(conversation, record)
          return messages.map(toMessage)
        }
      } catch (error) {
        if (!isKnownId(error)) throw error
      }
    }
    throw new BotloomError('conversation-busy')
  }

  /** A new round has the version that a new conversation of the same visitor would get; so has, where Publish asked for it, whoever has finished what was under way. */
  async function pinOf({ workspace, bot, pin, parsed, finishing, environment, subject, isTry }: Held): Promise<Pin> {
    if ('draft' in pin || !parsed || isTry) return pin
    if (parsed.status !== 'ended' && !(finishing && isIdle(parsed))) return pin
    const chosen = await versions.choose(workspace, bot, { environment, subject })
    return chosen === null ? pin : { version: chosen.version }
  }

  async function turn(id: string, event: Extract<TurnEvent, { type: 'user.message' }>): Promise<Told> {
    for (let tries = 0; tries < mostTries; tries++) {
      const known = await hold(id)
      const conversation = { ...known, pin: await pinOf(known) }
      const { program, classify } = await programs.of(conversation.workspace, conversation.bot, conversation.pin)
      const at = now().toISOString()
      const result = await runTurn(conversation.parsed, event, { program, classify, now: at, seed: id })
      const record = recordOf(result, conversation, at)
      try {
        if (await rows.save(conversation, record)) {
          const { turn: before } = conversation
          const finishing = known.finishing && samePin(known.pin, conversation.pin)
          const next = { parsed: result.session, turn: before + 1, seq: record.seq, status: record.status }
          keep({ ...conversation, ...next, finishing })
          live.tell(id, record.messages.map(toMessage))
          if (!conversation.isTry) deps.changed?.(conversation.workspace, id, record.status)
          if (record.outbox.length > 0) void deliver(id)
          const replies = record.messages.filter(({ role }) => role !== 'user').map(toMessage)
          return { messages: replies, trace: result.trace, before: conversation.seq }
        }
      } catch (error) {
        if (!isKnownId(error)) throw error
      }
      // Somebody else was faster: another server with another message, or this very one a moment ago.
      held.delete(id)
      const messages = await rows.repliesTo(id, event.id)
      if (messages) return { messages, trace: null, before: 0 }
    }
    throw new BotloomError('conversation-busy')
  }

  async function deliver(conversation: string | null): Promise<void> {
    try {
      await rows.deliver(now().toISOString(), conversation)
    } catch (error) {
      log.error({ error, conversation }, 'a hand-over could not be delivered yet')
    }
  }

  /** Looks into every silence that is due. One that cannot be looked into now is left alone: nobody waits for a reminder. */
  async function breakSilences(): Promise<void> {
    for (;;) {
      const due = await rows.takeSilent(now().toISOString(), mostSilences)
      for (const { id, turn: since } of due)
        await queued(id, () => breakSilence(id, since)).catch((error) =>
          log.warn({ error, conversation: id }, 'a silence could not be broken'),
        )
      if (due.length < mostSilences) return
    }
  }

  let looking = false
  const watch = setInterval(async () => {
    if (looking) return
    looking = true
    await breakSilences().catch((error) => log.warn({ error }, 'silences could not be looked into'))
    looking = false
  }, silenceEvery)
  watch.unref()

  await deliver(null)

  return {
    /** Keeps a draft for conversations that try it; give the answer to `start`. */
    pinDraft(
      workspace: string,
      bot: string,
      draft: { document: GraphDocument; classifiers: Record<string, ClassifierRef> },
    ): Promise<Pin> {
      return programs.pinDraft(workspace, bot, draft)
    },

    /** Opens a conversation and says what the bot says first. Throws `bot-unpublished`, and what compiling its graph throws. */
    async start(request: StartRequest): Promise<Started> {
      const {
        workspace,
        bot,
        environment = 'live',
        language,
        attributes = {},
        channel = 'web',
        isTry = false,
      } = request
      const id = newId('cnv')
      const subject = request.subject ?? id
      const chosen = request.pin ? null : await versions.choose(workspace, bot, { environment, subject })
      const pin = request.pin ?? (chosen && { version: chosen.version })
      if (!pin) throw new BotloomError('bot-unpublished')
      const { program, classify } = await programs.of(workspace, bot, pin)
      const at = now().toISOString()
      const event: TurnEvent = { type: 'conversation.started', ...(language ? { language } : {}) }
      const result = await runTurn(null, event, { program, classify, now: at, seed: id })
      const record = recordOf(result, { seq: 0, isTry, status: 'open' }, at)
      const resume = randomBytes(24).toString('base64url')
      const row: ConversationRow = {
        id,
        workspace,
        bot,
        pin,
        isTry,
        environment,
        subject,
        status: record.status,
        session: null,
        turn: 1,
        seq: record.seq,
        resumeHash: hashOfSecret(resume),
        finishing: false,
      }
      const opened = await rows.create(row, record, {
        id: newId('vis'),
        attributes,
        channel,
        drawn: chosen?.drawn ?? null,
      })
      if (!opened) throw new BotloomError('not-found', { what: 'bot' })
      keep({ ...row, parsed: result.session })
      if (!isTry) deps.changed?.(workspace, id, record.status)
      if (record.outbox.length > 0) void deliver(id)
      return { conversationId: id, resume, messages: record.messages.map(toMessage) }
    },

    /**
     * A try that stands where another one stood before a visitor's message, with variables of its own; `pin` may be another
     * than it had. What the first one did is neither undone nor done again. Throws `not-found` for what is no message of
     * a try of this workspace.
     */
    async branch(request: {
      workspace: string
      bot: string
      conversation: string
      message: string
      pin: Pin
      edited: Edited
    }): Promise<{ conversationId: string; user: Said }> {
      const { workspace, bot, conversation, message, pin } = request
      const before = await rows.stateBefore(workspace, conversation, message)
      const session = before && parseSession(before.session)
      if (!session || (await hold(conversation)).bot !== bot) throw new BotloomError('not-found', { what: 'message' })
      const parsed = withVariables(session, request.edited)
      const status = statusOf(parsed)
      const id = newId('cnv')
      const row: ConversationRow = {
        id,
        workspace,
        bot,
        pin,
        isTry: true,
        environment: 'live',
        subject: id,
        status,
        session: null,
        turn: before.turn,
        seq: before.seq,
        resumeHash: '',
        finishing: false,
      }
      const opened = await rows.branch(
        row,
        { conversation, edited: { ...before.edited, ...request.edited } },
        {
          session: JSON.stringify(parsed),
          status,
          block: parsed.at,
          language: parsed.language,
          at: now().toISOString(),
          visitor: newId('vis'),
        },
      )
      if (!opened) throw new BotloomError('not-found', { what: 'bot' })
      keep({ ...row, parsed })
      return { conversationId: row.id, user: before.user }
    },

    /** A try as it went. Throws `not-found` where this workspace has none such. */
    async heldTry(workspace: string, id: string): Promise<HeldTry> {
      const found = await rows.tryTurns(workspace, id)
      if (!found) throw new BotloomError('not-found', { what: 'conversation' })
      return found
    },

    /** A dialog ready to talk, for what holds its conversations elsewhere. */
    talker(workspace: string, bot: string, pin: Pin): Promise<Talker> {
      return programs.of(workspace, bot, pin)
    },

    /**
     * Hands a visitor's message in. `trace: true` puts the why-trace on the first reply. A turn that takes longer than the
     * patience answers `pending`; it goes on and its messages come over `events`.
     */
    async send(id: string, request: SendRequest, options: { trace?: boolean } = {}): Promise<SendAnswer> {
      const event = {
        type: 'user.message' as const,
        id: clean(request.id ?? newId('msg')),
        text: clean(request.text ?? ''),
        ...(request.choice
          ? { choice: { block: clean(request.choice.block), value: clean(request.choice.value) } }
          : {}),
        ...(request.language ? { language: request.language } : {}),
      }
      let late = false
      const handled = queued(id, () => turn(id, event)).then((told) => {
        if (late && database.kind === 'postgres')
          database
            .notify(channel, `${id} ${told.before}`)
            .catch((error) => log.warn({ error }, 'other servers could not be told of a message'))
        return told
      })
      let timer: ReturnType<typeof setTimeout> | undefined
      const waited = new Promise<null>((resolve) => {
        timer = setTimeout(() => resolve(null), patience)
      })
      try {
        const told = await Promise.race([handled, waited])
        if (told === null) {
          late = true
          handled.catch((error) => log.error({ error, conversation: id }, 'a slow turn failed'))
          return { messages: [], pending: true }
        }
        const [first, ...rest] = told.messages
        if (!options.trace || !told.trace || !first) return { messages: told.messages }
        return { messages: [{ ...first, trace: told.trace }, ...rest] }
      } finally {
        clearTimeout(timer)
      }
    },

    /** Every message after a sequence number: the stored ones, then those to come, each once and in order. */
    async *events(id: string, after: number, signal: AbortSignal): AsyncGenerator<Message> {
      const coming = live.open(id, signal)
      let last = after
      for (let page = await rows.messagesAfter(id, last); page.length > 0; page = await rows.messagesAfter(id, last))
        for (const message of page) {
          yield message
          last = message.seq
        }
      for await (const message of coming) {
        // A word of another server may have been missed: what lies between comes first.
        if (message === 'look' || message.seq > last + 1)
          for (const missed of await rows.messagesAfter(id, last)) {
            yield missed
            last = missed.seq
          }
        if (message !== 'look' && message.seq > last) {
          yield message
          last = message.seq
        }
      }
    },

    /** The first messages after a sequence number, in order. */
    history(id: string, after = 0, most?: number): Promise<Message[]> {
      return rows.messagesAfter(id, after, most)
    },

    /** Whose conversation it is, for checks before anything else. Throws `conversation-unknown`. */
    async owner(id: string): Promise<{ workspace: string; bot: string; status: ConversationStatus }> {
      const { workspace, bot, status } = await hold(id)
      return { workspace, bot, status }
    },

    async checkResume(id: string, secret: string): Promise<void> {
      const given = Buffer.from(hashOfSecret(secret))
      const known = Buffer.from((await hold(id)).resumeHash)
      if (given.length !== known.length || !timingSafeEqual(given, known)) throw new BotloomError('resume-invalid')
    },

    /** Why the bot said this message, whichever message of the turn is named. */
    trace(workspace: string, id: string, message: string): Promise<Trace | null> {
      return rows.trace(workspace, id, message)
    },

    /** Which words of the question made the model's verdict in the turn of a message; null where there was none. */
    async words(workspace: string, id: string, message: string): Promise<WordsView | null> {
      const classification = (await rows.trace(workspace, id, message))?.classification
      const best = classification?.labels[0]
      if (!classification || !best) return null
      const { bot, pin, parsed } = await hold(id)
      const { judge } = await programs.of(workspace, bot, pin)
      const { text, block } = classification
      const words = await wordWeights(text, parsed?.language ?? 'en', best.probability, async (texts) =>
        (await judge(block, texts)).map(
          ({ labels }) => labels.find(({ label }) => label === best.label)?.probability ?? 0,
        ),
      )
      return { text, label: best.name, probability: best.probability, words }
    },

    /** Visitors' conversations as they went, the latest first; `before` (ISO 8601) begins the next page. */
    recent(workspace: string, bot: string, before: string | null, most: number): Promise<PastChat[]> {
      return rows.recentChats(workspace, bot, before, most)
    },

    openConversations(workspace: string, bot: string, environment: Environment) {
      return rows.openByBlock(workspace, bot, environment, new Date(now().getTime() - chattingFor).toISOString())
    },

    breakSilences,

    /**
     * Carries out what a person does in a conversation and answers with the messages that the visitor sees of it. A reply with an
     * id that is known is answered with the message that it was. Throws `conversation-unknown`, `conversation-busy`.
     */
    act(id: string, act: PersonAct, person: Person): Promise<Message[]> {
      return queued(id, () => personActs(id, act, person))
    },

    /** Lets turns that run finish and ends every event stream. */
    async close(): Promise<void> {
      clearInterval(watch)
      live.close()
      await Promise.allSettled(queues.values())
      await stopListening?.()
    },
  }
}

interface Told {
  messages: Message[]
  trace: Trace | null
  /** Sequence number before the turn. */
  before: number
}

/** Numbers a turn's messages and makes the rows of it. A try calls nobody: what it would have done stands in its trace. */
function recordOf(result: TurnResult, before: Pick<Held, 'seq' | 'isTry' | 'status'>, at: string): TurnRecord {
  const { session, user, trace } = result
  let { seq } = before
  const messages: NewMessage[] = []
  const add = (message: Omit<NewMessage, 'seq' | 'at'>): void => {
    messages.push({ ...message, seq: ++seq, at })
  }
  if (user)
    add({
      id: user.id,
      role: 'user',
      parts: [
        { type: 'text', text: user.text },
        ...(user.choice ? [{ type: 'choice', ...user.choice, text: user.text }] : []),
      ],
      text: user.text,
      language: user.language,
    })
  for (const message of saidIn(result)) add({ id: newId('msg'), ...message })
  if (messages[0]) messages[0].trace = shortTrace(trace)
  const outbox = (before.isTry ? [] : result.outbox).map(
    ({ block, reason, note }): NewOutboxEntry => ({
      id: newId('out'),
      kind: 'handoff',
      payload: { block, reason, note },
    }),
  )
  return {
    session: JSON.stringify(session),
    // Whoever has it keeps it, whatever the visitor writes.
    status: session.status === 'handoff' && before.status === 'agent' ? 'agent' : statusOf(session),
    block: session.at,
    language: session.language,
    seq,
    at,
    wakeAt:
      before.isTry || result.silence === null ? null : new Date(Date.parse(at) + result.silence * 60_000).toISOString(),
    messages,
    outbox,
  }
}

function samePin(one: Pin, other: Pin): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function statusOf(session: Session): ConversationStatus {
  return session.status === 'handoff' ? 'waiting' : session.status === 'ended' ? 'ended' : 'open'
}

/** What a page shows of a trace: the first labels and neighbours, not the whole distribution. */
function shortTrace(trace: TurnResult['trace']): Trace {
  const { classification } = trace
  return {
    ...trace,
    classification: classification && {
      ...classification,
      labels: classification.labels.slice(0, 5),
      neighbours: classification.neighbours.slice(0, 3),
    },
  }
}

function toMessage({ trace: _, ...message }: NewMessage): Message {
  return message
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd')
}

function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** SQLSTATE 23505, unique violation, from either driver. */
function isKnownId(error: unknown): boolean {
  return error !== null && typeof error === 'object' && 'code' in error && error.code === '23505'
}

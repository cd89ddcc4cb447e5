import { createHash, randomBytes } from 'node:crypto'
import type { Logger } from 'pino'
import { type AnyStep, BotloomError, type Classifier, type PinnedRef, type Retriever, type SentFile } from '#kit'
import { isIdle } from '#runtime/conversation/landing.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import { parseSession, type Session } from '#runtime/conversation/session.ts'
import type { CallOutcome, TurnEvent, TurnResult } from '#runtime/conversation/turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import type { ConversationEvent, Environment, Message, PageContext, Person, Trace, WordsView } from '#server/api/dto.ts'
import type { ApiCaller } from '#server/api-calls/api-caller.ts'
import { sameText } from '#server/auth/secrets.ts'
import type { ChooseVersion } from '#server/bots/version-choice.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { isKnownId } from '#server/db/known-id.ts'
import { newId } from '#server/new-id.ts'
import {
  type ConversationRow,
  type ConversationStatus,
  createConversationRows,
  type Edited,
  type HeldTry,
  type NewMessage,
  type Opening,
  type PastChat,
  type Said,
  type TurnRecord,
} from './conversation-rows.ts'
import { createLiveMessages } from './live-messages.ts'
import { createOutsideCalls } from './outside-calls.ts'
import { carryOut, type PersonAct } from './person-acts.ts'
import { createProgramCache, type Pin, type ProgramSource, type Talker } from './program-cache.ts'
import { type PostsOf, withPosts } from './turn-posts.ts'
import { recordOf, statusOf, tracedIn } from './turn-record.ts'
import type { VisitorFiles } from './visitor-files.ts'
import type { VerifiedVisitor } from './visitor-identity.ts'
import { withVariables } from './with-variables.ts'
import { wordWeights } from './word-weights.ts'

export interface ConversationDeps {
  database: Pick<OpenDatabase, 'kind' | 'db' | 'query' | 'prepared' | 'listen' | 'notify'>
  classifier: Classifier & Retriever
  versions: ProgramSource & { choose: ChooseVersion }
  registry: NodeRegistry
  steps: Readonly<Record<string, AnyStep>>
  /** Files of visitors; without it none can be sent. */
  files?: Pick<VisitorFiles, 'find'>
  log: Pick<Logger, 'warn' | 'error'>
  /** Carries out requests to other servers. */
  calls: Pick<ApiCaller, 'perform'>
  /** Something was said in a conversation that is no try, or somebody did something with it. */
  changed?: (workspace: string, conversation: string, status: ConversationStatus) => void
  /** What is told to whoever follows the conversations of a workspace; tries are never told of. */
  happened?: (workspace: string, events: readonly ConversationEvent[]) => void
  /** What else leaves with a turn that is no try's, in its commit. */
  posts?: PostsOf
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
  language?: string
  attributes?: Record<string, string>
  /** Whom the site vouches for. */
  person?: VerifiedVisitor
  context?: PageContext
  /** What it is held over; `web` where nothing else is said. */
  channel?: string
  /** The caller's own id of the visitor. */
  visitorId?: string | null
  /** Held to try the bot: nobody is called by it, no figure counts it, and it can go on from any of its turns once more. */
  isTry?: boolean
  /** Chosen by whoever has to find it again after a crash; an id that is taken rejects with SQLSTATE 23505. */
  id?: string
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
  /** Ids of files that were sent before, of this conversation. */
  files?: readonly string[]
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
/** Devices that may hold a secret of one conversation. */
const mostSecrets = 10
/** A person comes back to what was said within this time, in milliseconds; later a new conversation begins. */
const comesBackWithin = 30 * 24 * 60 * 60_000
/** Milliseconds between two looks for silences. */
const silenceEvery = 10_000
/** Silences that are taken at once. */
const mostSilences = 100
/** Milliseconds after which a request that nobody has taken on is one that its server died with. */
const lostAfter = 30_000
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
  const posted = withPosts(deps.posts)
  const live = createLiveMessages()
  const held = new Map<string, Held>()
  const queues = new Map<string, Promise<unknown>>()
  const soon = new Set<NodeJS.Timeout>()
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

  /** A turn as it is to be saved. */
  async function taken(conversation: Held, event: TurnEvent) {
    const { id, workspace, bot, pin, parsed, person } = conversation
    const { program, classify, retrieve } = await programs.of(workspace, bot, pin)
    const at = now().toISOString()
    const visitor = person?.verified
    const result = await runTurn(parsed, event, { program, classify, retrieve, now: at, seed: id, visitor })
    return { result, record: posted(recordOf(result, conversation, at), conversation, { result, program }) }
  }

  /**
   * A turn that no word of the visitor begins. Null where the conversation went on since turn `since`, or, where it must not be missed
   * (`since` is null), where there is nothing to tell any more.
   */
  async function unasked(id: string, event: UnaskedEvent, since: number | null): Promise<Message[] | null> {
    for (let tries = 0; tries < mostTries; tries++) {
      // What is held may be from before another server's turn.
      held.delete(id)
      const conversation = await hold(id)
      if (since !== null && conversation.turn !== since) return null
      if ('call' in event && conversation.parsed?.calling?.id !== event.call) return null
      const { result, record } = await taken(conversation, event)
      if (await rows.save(conversation, record)) {
        const next = { turn: conversation.turn + 1, seq: record.seq, status: record.status }
        keep({ ...conversation, parsed: result.session, ...next })
        await tellUnasked(conversation, record)
        after(id, record)
        return record.messages.map(toMessage)
      }
    }
    held.delete(id)
    return null
  }

  /** What follows a turn that was saved, but for its requests to other servers. */
  function after(id: string, { outbox, wakeAt }: TurnRecord): void {
    if (outbox.some(({ kind }) => kind === 'handoff' || kind === 'rating')) void deliver(id)
    // A short wait is not left to the next look for what is due.
    const left = wakeAt === null ? silenceEvery : Date.parse(wakeAt) - now().getTime()
    if (left >= silenceEvery) return
    const timer = setTimeout(() => {
      soon.delete(timer)
      void lookIntoSilences()
    }, Math.max(left, 0) + 20)
    soon.add(timer.unref())
  }

  /** Messages that answer no request: whoever watches hears of them, here and on other servers. */
  async function tellUnasked(
    before: Held,
    { messages, status }: Pick<TurnRecord, 'messages' | 'status'>,
  ): Promise<void> {
    live.tell(before.id, messages.map(toMessage))
    if (!before.isTry) {
      deps.changed?.(before.workspace, before.id, status)
      tellHappened(before, { messages, status })
    }
    if (database.kind !== 'postgres') return
    const told = database.notify(channel, `${before.id} ${before.seq}`)
    await told.catch((error) => log.warn({ error }, 'other servers could not be told of a message'))
  }

  function tellHappened(
    held: Pick<Held, 'id' | 'workspace' | 'bot' | 'environment' | 'status'>,
    { messages, status }: Pick<TurnRecord, 'messages' | 'status'>,
    first: readonly ConversationEvent[] = [],
  ): void {
    const whose = { conversation: held.id, bot: held.bot, environment: held.environment }
    const said = messages.map(
      ({ id, seq, role }): ConversationEvent => ({ type: 'message.created', ...whose, message: { id, seq, role } }),
    )
    const moved: ConversationEvent[] = status === held.status ? [] : [{ type: 'conversation.status', ...whose, status }]
    deps.happened?.(held.workspace, [...first, ...said, ...moved])
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
          ...(index === 0 && { act: act.kind }),
        }),
      )
      const { status, assignee, handoff } = result
      const parsed = result.session
      const done = { session: JSON.stringify(parsed), status, block: parsed.at, seq, at, messages, outbox: [] }
      const record = posted({ ...done, assignee, handoff }, conversation, { act, person })
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
      const { result, record } = await taken(conversation, event)
      try {
        if (await rows.save(conversation, record)) {
          const { turn: before } = conversation
          const finishing = known.finishing && samePin(known.pin, conversation.pin)
          const next = { parsed: result.session, turn: before + 1, seq: record.seq, status: record.status }
          keep({ ...conversation, ...next, finishing })
          live.tell(id, record.messages.map(toMessage))
          if (!conversation.isTry) {
            deps.changed?.(conversation.workspace, id, record.status)
            tellHappened(known, record)
          }
          after(id, record)
          const replies = record.messages.filter(({ role }) => role !== 'user').map(toMessage)
          return { messages: replies, trace: tracedIn(result.trace, conversation.pin), before: conversation.seq }
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

  /** Null where it takes longer than anybody is patient for; it goes on all the same. */
  async function inTime<T>(work: Promise<T>, failed: string): Promise<T | null> {
    let timer: ReturnType<typeof setTimeout> | undefined
    const waited = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patience)
    })
    try {
      const done = await Promise.race([work, waited])
      if (done === null) work.catch((error) => log.error({ error }, failed))
      return done
    } finally {
      clearTimeout(timer)
    }
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
        await queued(id, async () => {
          // Words that came meanwhile have broken it, and nothing happens.
          await unasked(id, { type: 'time.passed' }, since)
          if ((await hold(id)).parsed?.calling) await outside.carryOut(id)
        }).catch((error) => log.warn({ error, conversation: id }, 'a silence could not be broken'))
      if (due.length < mostSilences) return
    }
  }

  async function filesOf(id: string, ids: readonly string[]): Promise<SentFile[]> {
    if (ids.length === 0) return []
    if (!deps.files) throw new BotloomError('file-missing', { file: ids[0]! })
    const { workspace } = await hold(id)
    return deps.files.find({ workspace, conversation: id }, ids)
  }

  /** Looks after requests whose server died with them. */
  async function findLostCalls(): Promise<void> {
    const at = now()
    const since = new Date(at.getTime() - lostAfter).toISOString()
    for (const id of await rows.lostCalls(at.toISOString(), since, mostSilences)) {
      held.delete(id)
      await queued(id, () => outside.carryOut(id)).catch((error) =>
        log.warn({ error, conversation: id }, 'a lost request could not be looked after'),
      )
    }
  }

  const outside = createOutsideCalls({
    ...{ rows, calls: deps.calls, now, hold },
    settle: (id, outcome) => unasked(id, outcome, null),
  })
  const lookIntoSilences = singly(breakSilences, (error) => log.warn({ error }, 'silences could not be looked into'))
  const lookForLost = singly(findLostCalls, (error) => log.warn({ error }, 'lost requests could not be looked for'))
  const watch = setInterval(() => {
    void lookIntoSilences()
    void lookForLost()
  }, silenceEvery)
  watch.unref()

  await deliver(null)

  return {
    /** Keeps a draft for conversations that try it; give the answer to `start`. */
    pinDraft(
      workspace: string,
      bot: string,
      draft: { document: GraphDocument; classifiers: Record<string, PinnedRef> },
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
        context = {},
        channel = 'web',
        visitorId = null,
        isTry = false,
      } = request
      // Another server's word for its visitor is as good as a signature.
      const given = request.person ? { id: request.person.id, verified: request.person.attributes } : null
      const person = given ?? (visitorId === null ? null : { id: visitorId, verified: {} })
      const id = request.id ?? newId('cnv')
      const subject = person?.id ?? id
      const chosen = request.pin ? null : await versions.choose(workspace, bot, { environment, subject })
      const pin = request.pin ?? (chosen && { version: chosen.version })
      if (!pin) throw new BotloomError('bot-unpublished')
      const { program, classify, retrieve } = await programs.of(workspace, bot, pin)
      const at = now().toISOString()
      const event: TurnEvent = { type: 'conversation.started', ...(language ? { language } : {}) }
      const visitor = person?.verified
      const result = await runTurn(null, event, { program, classify, retrieve, now: at, seed: id, visitor })
      const told = recordOf(result, { seq: 0, isTry, status: 'open', pin }, at)
      const resume = randomBytes(24).toString('base64url')
      const row: ConversationRow = {
        id,
        workspace,
        bot,
        pin,
        isTry,
        channel,
        environment,
        subject,
        status: told.status,
        session: null,
        turn: 1,
        seq: told.seq,
        resumeHash: hashOfSecret(resume),
        person,
        finishing: false,
      }
      const record = posted(told, { ...row, turn: 0 }, { result, program })
      const opening = messageless(result, record, pin)
      const opened = await rows.create(row, record, {
        ...{ id: newId('vis'), attributes, opening, context, drawn: chosen?.drawn ?? null },
      })
      if (!opened) throw new BotloomError('not-found', { what: 'bot' })
      keep({ ...row, parsed: result.session })
      if (!isTry) {
        deps.changed?.(workspace, id, record.status)
        const whose = { conversation: id, bot, environment }
        const started: ConversationEvent = { type: 'conversation.started', ...whose, channel }
        tellHappened({ ...row, status: 'open' }, record, [started])
      }
      after(id, record)
      const first = record.messages.map(toMessage)
      if (!result.session.calling) return { conversationId: id, resume, messages: first }
      const more = await inTime(
        queued(id, () => outside.carryOut(id)),
        `a request of ${id} failed`,
      )
      return { conversationId: id, resume, messages: [...first, ...(more ?? [])] }
    },

    /**
     * The conversation that a person has with a bot already, from whatever device, with a secret for this one; null where there is none
     * that goes on.
     */
    async comeBack(workspace: string, bot: string, person: VerifiedVisitor): Promise<Started | null> {
      const since = new Date(now().getTime() - comesBackWithin).toISOString()
      const id = await rows.openOf(workspace, bot, person.id, since)
      if (id === null) return null
      const resume = randomBytes(24).toString('base64url')
      await rows.addResume({ id, workspace }, hashOfSecret(resume), mostSecrets)
      await this.identify(id, person)
      return { conversationId: id, resume, messages: await rows.messagesAfter(id, 0) }
    },

    /** The site vouches for the visitor of a conversation. Throws `identity-other` where it vouched for somebody else. */
    async identify(id: string, { id: external, attributes }: VerifiedVisitor): Promise<void> {
      await queued(id, async () => {
        held.delete(id)
        const conversation = await hold(id)
        const { person } = conversation
        if (person && person.id !== external) throw new BotloomError('identity-other')
        const known = { id: external, verified: attributes }
        await rows.identify(conversation, known, { visitor: newId('vis'), at: now().toISOString() })
        keep({ ...conversation, person: known })
        if (!conversation.isTry) deps.changed?.(conversation.workspace, id, conversation.status)
      })
    },

    /** Where the visitor is now, and what the page says of the visit; what is left out stays. */
    async setContext(id: string, context: PageContext): Promise<void> {
      const { workspace } = await hold(id)
      await rows.setContext({ id, workspace }, context)
    },

    /** What was said to the visitor after a sequence number, and whether more may come without a word of theirs. */
    async unread(id: string, after: number): Promise<{ unread: number; live: boolean }> {
      const { status } = await hold(id)
      return { unread: await rows.unread(id, after), live: status === 'waiting' || status === 'agent' }
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
        channel: 'web',
        environment: 'live',
        subject: id,
        status,
        session: null,
        turn: before.turn,
        seq: before.seq,
        resumeHash: '',
        person: null,
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
      const files = await filesOf(id, request.files ?? [])
      const event = {
        type: 'user.message' as const,
        id: clean(request.id ?? newId('msg')),
        text: clean(request.text ?? ''),
        ...(request.choice
          ? { choice: { block: clean(request.choice.block), value: clean(request.choice.value) } }
          : {}),
        ...(files.length > 0 ? { files } : {}),
        ...(request.language ? { language: request.language } : {}),
      }
      let late = false
      const handled = queued(id, async () => {
        const told = await turn(id, event)
        const more = (await hold(id)).parsed?.calling ? await outside.carryOut(id) : []
        return { ...told, messages: [...told.messages, ...more] }
      }).then((told) => {
        if (late && database.kind === 'postgres')
          database
            .notify(channel, `${id} ${told.before}`)
            .catch((error) => log.warn({ error }, 'other servers could not be told of a message'))
        return told
      })
      const told = await inTime(handled, `a slow turn of ${id} failed`)
      if (told === null) {
        late = true
        return { messages: [], pending: true }
      }
      // Another server asks somebody for this conversation: what comes of it is told by the events.
      const pending = told.messages.length === 0 && (await hold(id)).parsed?.calling ? { pending: true as const } : {}
      const [first, ...rest] = told.messages
      if (!options.trace || !told.trace || !first) return { messages: told.messages, ...pending }
      return { messages: [{ ...first, trace: told.trace }, ...rest] }
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

    /** All of its messages, in order. */
    async whole(id: string): Promise<Message[]> {
      const all: Message[] = []
      for (;;) {
        const page = await rows.messagesAfter(id, all.at(-1)?.seq ?? 0)
        all.push(...page)
        if (page.length < 1_000) return all
      }
    },

    /** Whose conversation it is, for checks before anything else. Throws `conversation-unknown`. */
    async owner(id: string) {
      const { workspace, bot, status, isTry, person } = await hold(id)
      return { workspace, bot, status, isTry, isVerified: person !== null }
    },

    async checkResume(id: string, secret: string): Promise<void> {
      const given = hashOfSecret(secret)
      const fits = (hashes: string): boolean => hashes.split(' ').some((hash) => sameText(hash, given))
      if (fits((await hold(id)).resumeHash)) return
      // Another device's secret may have come since the row was read.
      const row = await rows.load(id)
      if (!row || !fits(row.resumeHash)) throw new BotloomError('resume-invalid')
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
    findLostCalls,

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
      for (const timer of soon) clearTimeout(timer)
      live.close()
      await Promise.allSettled(queues.values())
      await stopListening?.()
    },
  }
}

type UnaskedEvent = { type: 'time.passed' } | CallOutcome

interface Told {
  messages: Message[]
  trace: Trace | null
  /** Sequence number before the turn. */
  before: number
}

/** The trace of a first turn that left no message to stand on. */
function messageless({ trace, session }: TurnResult, { messages }: TurnRecord, pin: Pin): Opening | null {
  return messages.length > 0 ? null : { trace: tracedIn(trace, pin), language: session.language }
}

function samePin(one: Pin, other: Pin): boolean {
  return JSON.stringify(one) === JSON.stringify(other)
}

function toMessage({ trace: _trace, act: _act, ...message }: NewMessage): Message {
  return message
}

/** PostgreSQL stores neither NUL nor half of a surrogate pair. */
function clean(text: string): string {
  return text.replaceAll('\u0000', '').replace(/\p{Surrogate}/gu, '\ufffd')
}

function hashOfSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex')
}

/** Never twice at once: who asks while it runs waits for that run. */
function singly(work: () => Promise<void>, failed: (error: unknown) => void): () => Promise<void> {
  let running: Promise<void> | null = null
  return () => {
    running ??= work()
      .catch(failed)
      .finally(() => {
        running = null
      })
    return running
  }
}

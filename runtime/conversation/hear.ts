import type { StepResult, UserMessage } from '#kit'
import { landingOf } from './landing.ts'
import { type Command, commandIn, isUpset } from './sense/commands.ts'
import { findCorrection } from './sense/corrections.ts'
import { afterPhrase } from './sense/phrases.ts'
import { notice, type Turn } from './turn.ts'
import { begin, recover, walk } from './walk.ts'
import { after, goToListener, type Target } from './way.ts'

/** Questions that may come between others before each is just an answer that does not fit. */
export const asideCap = 3

/**
 * What the waiting block takes for an answer is one. Other words may be meant for the bot itself, correct an earlier answer, or ask
 * about something else.
 */
export async function hear(turn: Turn, user: UserMessage): Promise<void> {
  const { session } = turn
  const result = turn.ask(session.at, user)
  // A button that was scrolled past is no answer to what was asked since, though its words might be one.
  const elsewhere = user.choice !== undefined && user.choice.block !== session.at
  if (result?.effect?.type === 'classify') session.listener = session.at
  if (result && !isAnswered(result)) {
    const command = commandOf(turn, user)
    if (command) return obey(turn, command, user)
    const corrected = await correct(turn, user, result)
    if (corrected !== undefined) return walk(turn, null, corrected)
    const between = result.fit && (await aside(turn, user, elsewhere ? 'none' : result.fit))
    if (between !== undefined) return walk(turn, null, between)
    if (elsewhere && result.fit === 'any') return sayAgain(turn)
  }
  await walk(turn, user)
  // The block had nothing more to ask for, and the words were not for it: they begin a round.
  if (result?.end === 'done' && result.fit === 'none' && session.status === 'ended' && session.pending) {
    turn.ended = false
    await hearAnew(turn, user)
  }
}

/**
 * Takes files that came without a word and that the waiting block has no use for, so that no model guesses at a file's name; false for
 * everything else. Who talks with a person is not answered.
 */
export async function receive(turn: Turn, user: UserMessage): Promise<boolean> {
  const { session } = turn
  if (!user.files || user.text !== '' || session.status === 'handoff') return false
  if (session.status === 'active' && turn.knows(session.at)) {
    if (turn.ask(session.at, user)?.took !== undefined) return false
  } else if (session.status !== 'active') await begin(turn)
  session.pending = null
  turn.trace.begin(null, true)
  turn.say([notice('file')])
  turn.pass(session.at, null, { key: 'conversation.note.file' })
  return true
}

/** Words that begin a round after the last one ended: the block that greets and waits has not seen them. */
export async function hearAnew(turn: Turn, user: UserMessage): Promise<void> {
  const command = commandOf(turn, user)
  if (command === 'person' || command === 'upset') return obey(turn, command, user)
  await begin(turn)
  const { session } = turn
  if (session.status !== 'active' || !session.pending) return
  // What it has just asked for nobody has answered yet: "hello" is no name.
  if (turn.ask(session.at, session.pending)?.fit) session.pending = null
  else await walk(turn, session.pending)
}

/** The block that it waited at is not in this version: words go to whoever listens, where somebody does. */
export async function land(turn: Turn, user: UserMessage): Promise<void> {
  const { session } = turn
  const landing = landingOf(session, (block) => turn.knows(block))
  if (landing.how !== 'listener') return recover(turn, 'restarted')
  const { at } = session
  // What was called while that block listened is left: its rest would go by what nobody was asked.
  const left = session.calls.findIndex(({ listener }) => listener === landing.block)
  const kept = session.calls.filter(({ back }, place) => left < 0 || place < left || back === null)
  session.calls = kept.filter(({ block }) => turn.knows(block))
  session.answered = []
  session.listener = landing.block
  turn.trace.begin(null, false)
  turn.enter(landing.block)
  turn.say([notice('updated')])
  turn.pass(at, null, { key: 'conversation.note.moved' })
  await hear(turn, user)
}

function commandOf(turn: Turn, user: UserMessage): Command | null {
  const { session, manners } = turn
  if (!manners) return null
  const underWay = session.status === 'active' && (session.at !== session.listener || session.calls.length > 0)
  const command = commandIn(user, manners, { underWay, upset: session.upset })
  if (isUpset(user.text, manners)) session.upset++
  return command
}

/** Does what a visitor wants of the bot itself. */
async function obey(turn: Turn, command: Command, user: UserMessage): Promise<void> {
  const { session } = turn
  const { at } = session
  const manners = turn.manners!
  turn.trace.begin(user.text, true)
  session.pending = null
  if (command !== 'person') turn.say([{ type: 'text', text: manners[command]!.reply }])
  turn.trace.pass(at, null, { key: `conversation.note.${command}` }, null)
  switch (command) {
    case 'person':
    case 'upset': {
      session.calls = []
      const { handOver } = turn.program
      if (handOver !== null) return walk(turn, null, { block: handOver })
      turn.say([{ type: 'text', text: manners.handOver }])
      // Whoever takes over reads what was said first of all.
      turn.outbox.push({ type: 'handoff', reason: user.text.slice(0, 200), note: '', block: at })
      session.status = 'handoff'
      session.memory = {}
      return
    }
    case 'repeat':
      return sayAgain(turn)
    case 'cancel':
      turn.forget(session.answered.flatMap(({ variables }) => variables))
      session.answered = []
      session.listener = session.calls[0]?.listener ?? session.listener
      session.calls = []
      turn.forgetPlaces()
      if (!goToListener(turn)) await begin(turn)
      return
    case 'restart':
      session.variables = { ...turn.program.defaults }
      session.counters = {}
      session.listener = null
      await begin(turn)
  }
}

/**
 * Gives an answer anew to the block that had asked for it; the answer is where to go on from there, null for nowhere. Undefined where
 * nothing is corrected.
 */
async function correct(turn: Turn, user: UserMessage, result: StepResult): Promise<Target | null | undefined> {
  const { session, manners } = turn
  if (!manners?.correct) return undefined
  const earlier = session.answered.filter(({ calls, block }) => calls === session.calls.length && turn.knows(block))
  const find = (open: boolean) =>
    findCorrection(user, manners.correct!.words, earlier, { ask: (block, event) => turn.ask(block, event, {}), open })
  let found = find(result.fit !== 'any')
  // Where any words would do as the last answer, they are one only if they are about nothing else: "sorry, I want to return this".
  if (found?.open && (await understand(turn, session.listener, user))) found = find(false)
  if (!found) return undefined
  const { block, result: answer } = found
  session.at = block
  session.memory = {}
  session.pending = null
  turn.trace.begin(user.text, true)
  turn.say([{ type: 'text', text: manners.correct.reply }])
  turn.apply(answer)
  turn.trace.pass(block, answer.leave!, { key: 'conversation.note.corrected' }, null)
  return after(turn, block, answer.leave!)
}

/**
 * Lets the block that listens to everything read words that are no answer; the answer is as that of `correct`. Undefined where they are
 * about nothing else.
 */
async function aside(turn: Turn, user: UserMessage, fit: 'none' | 'any'): Promise<Target | null | undefined> {
  const { session, manners } = turn
  const { at, listener } = session
  if (!manners?.digress || listener === null || listener === at || !turn.knows(listener)) return undefined
  if (session.calls.filter(({ back }) => back === null).length >= asideCap) return undefined
  const rest = afterPhrase(user.text, manners.digress.words)
  if (fit === 'any' && rest === null) return undefined
  const understood = await understand(turn, listener, { ...user, text: rest ?? user.text })
  if (!understood) return undefined
  const { topic, leave } = understood
  // The same branch once more is no side question: it is said again because no answer comes to mind.
  if (topic === session.topic || session.calls.some((call) => call.topic === topic)) return undefined
  turn.trace.begin(user.text, true)
  turn.trace.pass(at, null, { key: 'conversation.note.aside' }, user.text)
  session.calls.push({ block: at, back: null, listener, topic: session.topic, memory: session.memory })
  session.at = listener
  session.memory = {}
  turn.apply(understood)
  session.pending = null
  turn.trace.pass(listener, leave, understood.note, null)
  return after(turn, listener, leave)
}

/** What a block that listens makes of words, where it knows what they are about. Nothing is changed by it but what the model found. */
async function understand(turn: Turn, listener: string | null, words: UserMessage) {
  if (listener === null || !turn.knows(listener)) return null
  const { step, config } = turn.program.blocks[listener]!
  const view = { ...turn.view(listener), pending: words, memory: {}, aside: true }
  try {
    const { effect } = step.enter(config, view)
    if (effect?.type !== 'classify' && effect?.type !== 'retrieve') return null
    const heard = await (effect.type === 'classify' ? turn.judge : turn.lookUp).call(turn, listener, effect.text)
    const result = step.resume?.(config, view, heard)
    const { topic, leave } = result ?? {}
    return result && topic !== undefined && leave !== undefined ? { ...result, topic, leave } : null
  } catch {
    return null
  }
}

function sayAgain(turn: Turn): void {
  turn.repeated = true
  turn.session.pending = null
  turn.messages.push(...turn.session.said)
}

/** The block took the words for what it had asked for. */
function isAnswered({ took, fit, leave, consume, effect }: StepResult): boolean {
  return took !== undefined || (fit === undefined && leave !== undefined && consume === true && !effect)
}

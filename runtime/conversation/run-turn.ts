import type { UserMessage } from '#kit'
import { hearing } from './hearing.ts'
import { followLanguage, matchLanguage } from './language.ts'
import type { Session } from './session.ts'
import { wakeOf } from './silence.ts'
import type { TracedEffect } from './trace.ts'
import { type OutboxEntry, Turn, type TurnDeps, type TurnEvent, type TurnResult } from './turn.ts'
import { passTime, settleCall } from './unasked.ts'
import { begin, recover } from './walk.ts'

/** Stops of turns that said nothing. */
const mostUntold = 200
/** Messages that wait for another server's answer; of a flood the latest count. */
const mostHeld = 20

/**
 * One turn: from the visitor's message until some block waits or the conversation ends. The session given is not
 * changed. Never throws for what a graph, a stored session or a model can do wrong.
 */
export async function runTurn(before: Session | null, event: TurnEvent, deps: TurnDeps): Promise<TurnResult> {
  const turn = new Turn(before, deps)
  const { session } = turn
  switch (event.type) {
    case 'time.passed':
      await passTime(turn)
      break
    case 'call.settled':
    case 'call.failed':
      await settleCall(turn, event)
      break
    default:
      session.turns++
      session.reminders = 0
      session.unasked = 0
      await listen(turn, event)
      if (!turn.user) await begin(turn)
      else if (!before) await recover(turn, 'restarted')
      else if (session.calling) hold(turn, turn.user)
      else await hearing(turn, turn.user)
  }
  return resultOf(turn)
}

/** What is said while another server is asked waits for its answer. */
function hold({ session }: Turn, words: UserMessage): void {
  session.held = [...session.held, words].slice(-mostHeld)
}

/** Takes the visitor's words in: their language, and the words of a click. */
async function listen(
  turn: Turn,
  event: Extract<TurnEvent, { type: 'conversation.started' | 'user.message' }>,
): Promise<void> {
  const { session, program } = turn
  if (event.type === 'conversation.started')
    session.language = matchLanguage(event.language, program.languages) ?? session.language
  else {
    const { choice, files } = event
    const offered = choice && session.offered.find(({ block }) => block === choice.block)
    const label = offered?.options.find(({ value }) => value === choice?.value)?.text
    const text = event.text.trim() || label || ''
    // A click has the words of a button in the language that it was shown in; it says nothing of the visitor's.
    session.language = await followLanguage(choice ? '' : text, event.language, session.language, program.languages)
    turn.user = {
      type: 'user.message',
      id: event.id,
      text,
      language: session.language,
      ...(choice ? { choice } : {}),
      ...(files && files.length > 0 ? { files } : {}),
    }
    // Words that wait are read later; until then what the last ones said is still of use.
    if (!session.calling) turn.take(turn.user)
  }
  turn.readParameters()
}

function resultOf(turn: Turn): TurnResult {
  const { session, user, messages, outbox, trace, classification, retrieval } = turn
  if (messages.length > 0 && !turn.repeated) session.said = messages
  const { began, untold } = session
  const path = [...untold, ...trace.path]
  // What nobody can be told with yet stands with what is said next; a first turn without a word is told of by itself.
  const tells = user !== null || messages.length > 0 || session.turns === 1
  if (tells) {
    session.began = []
    session.untold = []
  } else session.untold = path.slice(-mostUntold)
  return {
    session,
    user,
    messages,
    outbox,
    wake: wakeOf(turn),
    trace: {
      path,
      classification,
      retrieval,
      variables: { ...session.variables },
      effects: outbox.map(traced),
      ...(tells && began.length > 0 ? { began } : {}),
      ms: trace.ms,
    },
  }
}

function traced(entry: OutboxEntry): TracedEffect {
  if (entry.type !== 'call') return entry
  const { method, url } = entry.request
  return { type: 'call', block: entry.block, method, host: URL.canParse(url) ? new URL(url).host : url.slice(0, 100) }
}

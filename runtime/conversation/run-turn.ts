import { hear, hearAnew, land } from './hear.ts'
import { followLanguage, matchLanguage } from './language.ts'
import { parametersIn } from './program.ts'
import type { Session } from './session.ts'
import { remind, silenceOf } from './silence.ts'
import { notice, Turn, type TurnDeps, type TurnEvent, type TurnResult } from './turn.ts'
import { begin, recover } from './walk.ts'

/**
 * One turn: from the visitor's message until some block waits or the conversation ends. The session given is not
 * changed. Never throws for what a graph, a stored session or a model can do wrong.
 */
export async function runTurn(before: Session | null, event: TurnEvent, deps: TurnDeps): Promise<TurnResult> {
  const turn = new Turn(before, deps)
  const { session } = turn
  if (event.type === 'visitor.silent') remind(turn)
  else {
    session.turns++
    session.reminders = 0
    await listen(turn, event)
    const { user } = turn
    if (!user) await begin(turn)
    else if (!before) await recover(turn, 'restarted')
    else if (session.status === 'active') await (turn.knows(session.at) ? hear : land)(turn, user)
    else if (session.status !== 'handoff') await hearAnew(turn, user)
    // Nobody who says something is met with silence, but for who talks with a person or has come to the end.
    const mayBeSilent = session.status === 'handoff' || turn.ended
    if (user && turn.messages.length === 0 && !mayBeSilent) turn.say([notice('unanswered')])
  }
  return resultOf(turn)
}

/** Takes the visitor's words in: their language, and the words of a click. */
async function listen(turn: Turn, event: Exclude<TurnEvent, { type: 'visitor.silent' }>): Promise<void> {
  const { session, program } = turn
  if (event.type === 'conversation.started')
    session.language = matchLanguage(event.language, program.languages) ?? session.language
  else {
    const { choice } = event
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
    }
    session.pending = turn.user
    session.lastMessage = turn.user
    session.entities = []
    session.taken = []
  }
  turn.parameters = parametersIn(program, session.language)
}

function resultOf(turn: Turn): TurnResult {
  const { session, user, messages, outbox, trace, classification, retrieval } = turn
  if (messages.length > 0 && !turn.repeated) session.said = messages
  return {
    session,
    user,
    messages,
    outbox,
    silence: silenceOf(turn),
    trace: {
      path: trace.path,
      classification,
      retrieval,
      variables: { ...session.variables },
      effects: outbox,
      ms: trace.ms,
    },
  }
}

import type { FilePart, SentFile } from '#kit'
import type { Session } from '#runtime/conversation/session.ts'
import type { OutboxEntry, TurnResult } from '#runtime/conversation/turn.ts'
import type { Trace } from '#server/api/dto.ts'
import { newId } from '#server/new-id.ts'
import type {
  ConversationRow,
  ConversationStatus,
  NewMessage,
  NewOutboxEntry,
  TurnRecord,
} from './conversation-rows.ts'
import type { Pin } from './program-cache.ts'
import { saidIn } from './said-in.ts'

/**
 * Numbers a turn's messages and makes the rows of it. A try calls no person and rates nothing: what it would have done stands in its
 * trace. Requests to other servers it makes, since nobody could see a bot work without their answers.
 */
export function recordOf(
  result: TurnResult,
  before: Pick<ConversationRow, 'seq' | 'isTry' | 'status' | 'pin'>,
  at: string,
): TurnRecord {
  const { session, user, trace, wake } = result
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
        ...(user.text === '' && user.files ? [] : [{ type: 'text', text: user.text }]),
        ...(user.choice ? [{ type: 'choice', ...user.choice, text: user.text }] : []),
        ...(user.files ?? []).map(toFilePart),
      ],
      // Who reads words alone reads what came instead of them.
      text: user.text || (user.files ?? []).map(({ name }) => name).join('\n'),
      language: user.language,
    })
  for (const message of saidIn(result)) add({ id: newId('msg'), ...message })
  if (messages[0]) messages[0].trace = tracedIn(trace, before.pin)
  const seen = result.outbox.filter(({ type }) => type === 'call' || !before.isTry)
  return {
    session: JSON.stringify(session),
    // Whoever has it keeps it, whatever the visitor writes.
    status: session.status === 'handoff' && before.status === 'agent' ? 'agent' : statusOf(session),
    block: session.at,
    language: session.language,
    seq,
    at,
    // Nobody is reminded of a try; what a block waits for comes in it too.
    wakeAt: wake === null || (before.isTry && wake.why === 'silence') ? null : wake.at,
    messages,
    outbox: seen.map((entry) => toOutbox(entry, 'version' in before.pin ? before.pin.version : null)),
  }
}

function toFilePart({ id, name, type, bytes }: SentFile): FilePart {
  return { type: 'file', file: id, text: name, mime: type, bytes }
}

export function statusOf(session: Session): ConversationStatus {
  return session.status === 'handoff' ? 'waiting' : session.status === 'ended' ? 'ended' : 'open'
}

function toOutbox(entry: OutboxEntry, version: number | null): NewOutboxEntry {
  const id = newId('out')
  switch (entry.type) {
    case 'handoff':
      return { id, kind: 'handoff', payload: { block: entry.block, reason: entry.reason, note: entry.note } }
    case 'rate':
      return { id, kind: 'rating', payload: { version, rating: entry.rating, comment: entry.comment } }
    case 'call':
      return { id, kind: 'call', call: entry.id, payload: entry.request }
  }
}

/**
 * What is kept of a trace: the first labels and neighbours, not the whole distribution, and which version talked, since a conversation may
 * go on in another one.
 */
export function tracedIn(trace: TurnResult['trace'], pin: Pin): Trace {
  const { classification, retrieval } = trace
  return {
    ...trace,
    ...('version' in pin ? { version: pin.version } : {}),
    classification: classification && {
      ...classification,
      labels: classification.labels.slice(0, 5),
      neighbours: classification.neighbours.slice(0, 3),
    },
    // What more a document has to say is in the conversation, if anybody asked for it.
    retrieval: retrieval && {
      ...retrieval,
      passages: retrieval.passages.map(({ more: _, ...passage }) => passage),
    },
  }
}

import type { NewOutboxEntry } from '#server/conversations/conversation-rows.ts'
import type { TurnTold } from '#server/conversations/turn-posts.ts'
import { newId } from '#server/new-id.ts'
import type { WebhookEventType } from './event-types.ts'
import type { WebhookInterest } from './webhook-interest.ts'

interface Happened {
  type: WebhookEventType
  about?: Record<string, unknown>
}

/** What webhooks are told of a turn, as entries of its outbox: only what somebody wants. */
export function toTurnEvents(told: TurnTold, interest: Pick<WebhookInterest, 'of'>): NewOutboxEntry[] {
  const { before, record } = told
  const wanted = interest.of(before.workspace, before.bot)
  if (!wanted) return []
  const turn = before.turn + 1
  const conversation = {
    id: before.id,
    bot: before.bot,
    version: 'version' in before.pin ? before.pin.version : null,
    channel: before.channel,
    environment: before.environment,
    status: record.status,
  }
  return happenedIn(told)
    .filter(({ type }) => wanted.has(type))
    .map(({ type, about }, place) => ({
      id: newId('evt'),
      kind: 'event' as const,
      payload: {
        type,
        bot: before.bot,
        turn,
        place,
        body: JSON.stringify({ type, timestamp: record.at, data: { conversation, ...about } }),
      },
    }))
}

function happenedIn({ before, record, cause }: TurnTold): Happened[] {
  const said = record.messages.map(
    ({ trace: _, ...message }): Happened => ({ type: 'message.created', about: { message } }),
  )
  const begun: Happened[] = before.turn === 0 ? [{ type: 'conversation.started' }] : []
  const ended: Happened[] =
    record.status === 'ended' && (before.turn === 0 || before.status !== 'ended')
      ? [{ type: 'conversation.ended', about: 'act' in cause ? { by: 'person', person: cause.person } : { by: 'bot' } }]
      : []
  if ('act' in cause) {
    const { act, person } = cause
    const taken: Happened[] =
      act.kind === 'take' || (act.kind === 'reply' && before.status !== 'agent')
        ? [{ type: 'conversation.taken', about: { person } }]
        : []
    const back: Happened[] = act.kind === 'give-back' ? [{ type: 'conversation.given_back', about: { person } }] : []
    return [...taken, ...back, ...said, ...ended]
  }
  const { result } = cause
  const asked = result.outbox.flatMap((entry): Happened[] => {
    const { block } = entry
    if (entry.type === 'handoff')
      return [{ type: 'conversation.handed_over', about: { block, reason: entry.reason, note: entry.note } }]
    if (entry.type !== 'rate') return []
    return [{ type: 'conversation.rated', about: { block, rating: entry.rating, comment: entry.comment } }]
  })
  return [...begun, ...said, ...asked, ...ended]
}

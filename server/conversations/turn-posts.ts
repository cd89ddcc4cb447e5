import type { DialogProgram } from '#runtime/conversation/program.ts'
import type { TurnResult } from '#runtime/conversation/turn.ts'
import type { Person } from '#server/api/dto.ts'
import type { ConversationRow, NewOutboxEntry, TurnRecord } from './conversation-rows.ts'
import type { PersonAct } from './person-acts.ts'

/** What made a turn: the dialog, or a person. */
export type TurnCause = { result: TurnResult; program: DialogProgram } | { act: PersonAct; person: Person }
type Record = Pick<TurnRecord, 'status' | 'seq' | 'at' | 'messages' | 'outbox'>
type Before = Pick<
  ConversationRow,
  'id' | 'workspace' | 'bot' | 'pin' | 'channel' | 'environment' | 'isTry' | 'status' | 'turn'
>
/** A turn that is about to be saved; `before.turn` is 0 where the conversation begins with it. */
export interface TurnTold {
  before: Before
  record: Record
  cause: TurnCause
}
export type PostsOf = (told: TurnTold) => readonly NewOutboxEntry[]

/** Puts what `postsOf` makes of a turn behind what its blocks want done: both are saved with it, or neither. */
export function withPosts(postsOf: PostsOf | undefined) {
  return <R extends Record>(record: R, before: Before, cause: TurnCause): R => {
    if (!postsOf || before.isTry) return record
    const posts = postsOf({ before, record, cause })
    return posts.length === 0 ? record : { ...record, outbox: [...record.outbox, ...posts] }
  }
}

import type { Session } from './session.ts'

/** Where a conversation goes on in a version that it was not begun with. */
export type Landing =
  /** At the block that it waits at. */
  | { how: 'same'; block: string }
  /** That block is gone: where the visitor was listened to. */
  | { how: 'listener'; block: string }
  /** So is that one: from the start, with a word about it. */
  | { how: 'start' }

/** `knows` says whether a block is in the new version. */
export function landingOf(
  { at, listener, calls }: Pick<Session, 'at' | 'listener' | 'calls'>,
  knows: (block: string) => boolean,
): Landing {
  if (knows(at)) return { how: 'same', block: at }
  const outer = [listener, ...calls.toReversed().map((call) => call.listener)]
  const found = outer.find((block) => block !== null && knows(block))
  return found ? { how: 'listener', block: found } : { how: 'start' }
}

/** Nothing is under way: the bot listens to whatever comes, or the conversation is over. */
export function isIdle({ status, at, listener, calls }: Session): boolean {
  return status === 'ended' || (status === 'active' && at === listener && calls.length === 0)
}

import type { LocalText, StepResult, UserMessage } from '#kit'
import { afterPhrase } from './phrases.ts'

/** What each block would make of words; null where it breaks. */
type Ask = (block: string, event: UserMessage) => StepResult | null

/**
 * The earlier answer that a message changes: what follows one of `words` fits what some block had asked for, the last one first. Where
 * any words would have been an answer, the very last one is meant, unless the waiting block takes any words itself (`openAnswer`).
 */
export function findCorrection(
  user: UserMessage,
  words: LocalText,
  answered: readonly { block: string }[],
  { ask, openAnswer }: { ask: Ask; openAnswer: boolean },
): { block: string; result: StepResult } | null {
  if (user.choice || answered.length === 0) return null
  const rest = afterPhrase(user.text, words)
  if (rest === null) return null
  const event: UserMessage = { ...user, text: rest }
  const latestFirst = answered.toReversed().map(({ block }) => ({ block, result: ask(block, event) }))
  const strict = latestFirst.find(({ result }) => isAnswer(result) && result?.fit === undefined)
  const found = strict ?? (openAnswer ? undefined : latestFirst.slice(0, 1).find(({ result }) => isAnswer(result)))
  return found?.result ? { block: found.block, result: found.result } : null
}

function isAnswer(result: StepResult | null): boolean {
  return result?.leave !== undefined && result.fit !== 'none' && Object.keys(result.set ?? {}).length > 0
}

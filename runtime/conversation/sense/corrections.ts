import type { LocalText, StepResult, UserMessage } from '#kit'
import { afterPhrases } from './phrases.ts'

/** "Sorry, do you deliver on friday?" names a day and changes none. */
const question =
  /^(?:do|does|did|are|is|when|where|what|how|why|who|which)\b|(?<!可以|行|好)[吗么][\s\p{P}]*$|几点|什么时候|怎么|多少|哪[里儿个天]/iu

/** What each block would make of words; null where it breaks. */
type Ask = (block: string, event: UserMessage) => StepResult | null

/**
 * The earlier answer that a message changes: what follows one of `words` fits what some block had asked for. Of several the one that the
 * most of the words fit, of equals the last: in "the blue one" blue is a colour rather than one a number. Where any words would have been
 * an answer, the very last one is meant, where `open` says so.
 */
export function findCorrection(
  user: UserMessage,
  words: LocalText,
  answered: readonly { block: string }[],
  { ask, open }: { ask: Ask; open: boolean },
): { block: string; result: StepResult; open: boolean } | null {
  if (user.choice || answered.length === 0) return null
  const rests = afterPhrases(user.text, words).filter((rest) => !question.test(rest))
  for (const [index, text] of rests.entries()) {
    const event: UserMessage = { ...user, text }
    const latestFirst = answered.toReversed().map(({ block }) => ({ block, result: ask(block, event) }))
    const fitting = latestFirst.filter(({ result }) => isAnswer(result) && result?.fit === undefined)
    const most = Math.max(...fitting.map(({ result }) => result?.took?.length ?? 0))
    const strict = fitting.find(({ result }) => (result?.took?.length ?? 0) === most)
    const last = open && index === 0 ? latestFirst.slice(0, 1).find(({ result }) => isAnswer(result)) : undefined
    const found = strict ?? last
    if (found?.result) return { block: found.block, result: found.result, open: found === last }
  }
  return null
}

function isAnswer(result: StepResult | null): boolean {
  return result?.leave !== undefined && result.fit !== 'none' && Object.keys(result.set ?? {}).length > 0
}

import type { ConfigOf, SessionView } from '#kit'
import type { Found } from '#runtime/conditions/found.ts'
import { leftWords } from '#runtime/conditions/left-words.ts'
import { foldText } from '#runtime/conditions/normalise.ts'
import type { Answer } from './answer.ts'
import type { ask } from './node.ts'
import { parseAnswer } from './parse-answer.ts'

type Config = ConfigOf<typeof ask>

/**
 * What the visitor has said already, before the question: "where is LB20261103" has answered, and to ask for the number again would
 * be deaf. First what a model found, then the words; parts that other questions took are gone from both.
 */
export function findAnswer(config: Config, session: SessionView): Found<Answer> | null {
  const { lastMessage } = session
  if (!config.prefill || lastMessage === null) return null
  const left = leftWords(lastMessage.text, session.taken)
  return entityAnswer(config, session, left) ?? parseAnswer(config, left, session, { amid: true })
}

function entityAnswer(config: Config, session: SessionView, left: string): Found<Answer> | null {
  if (config.entity === '') return null
  const wanted = foldText(config.entity)
  const words = foldText(left)
  for (const { type, text } of session.entities) {
    if (foldText(type) !== wanted || !words.includes(foldText(text))) continue
    const answer = parseAnswer(config, text, session)
    // All of it is taken: what else is in it was said of the same thing.
    if (answer !== null) return { value: answer.value, text }
  }
  return null
}

import { readFileSync } from 'node:fs'
import { projectRoot } from '#runtime/project-root.ts'
import type { Message } from '#server/api/dto.ts'
import type { Script, Words } from './load.ts'

/**
 * A refund, over and over: the words of a button begin a new round after the goodbye (start, set, condition, greeting,
 * menu, order, date: 7 blocks, 1 variable), a day (4 blocks, 1 variable), the end (2 blocks), a mark (3 blocks,
 * 1 variable). Four blocks a turn in the mean; no turn calls the model.
 */
export const ruleTurns: Script = (visitor, _turn, last) => {
  const block = waitingAt(last)
  if (block === 'menu') return { choice: { block, value: 'refund' } }
  if (block === 'anything-else') return { choice: { block, value: 'done' } }
  const text = last?.text ?? ''
  if (text.includes('订单号')) return { text: `XZ${20_250_000 + visitor}` }
  if (text.includes('哪天')) return { text: `${1 + (visitor % 9)}天前` }
  if (text.includes('打个分')) return { text: '5' }
  if (text.includes('谢谢您')) return { text: '退款到哪了' }
  return null
}

const faq = new Set(
  'invoice payment-failed coupon price-protection stock size-advice product-question warranty membership-points account-login opening-hours shipping-cost international-shipping'.split(
    ' ',
  ),
)

/** A different question each turn, about topics whose answer leads back to where the next question is read by the model. */
export function modelTurns(): Script {
  const questions = readFileSync(`${projectRoot}/nodes/templates/e-commerce/data/intents.jsonl`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { text: string; intent: string; language: string })
    .filter(({ intent, language }) => faq.has(intent) && language === 'zh-CN')
  let asked = 0
  return (_visitor, turn, last) => {
    // A question taken for another topic may lead to an ask, which reads the next words itself: begin anew then.
    if (turn > 0 && waitingAt(last) === null) return null
    const round = Math.floor(asked / questions.length)
    const { text } = questions[asked++ % questions.length]!
    return { text: round === 0 ? text : `${text} ${round}` } satisfies Words
  }
}

/** The block whose buttons were shown last, which also reads free words. */
function waitingAt(last: Message | undefined): string | null {
  const part = last?.parts.find(({ type }) => type === 'buttons')
  return part && 'block' in part && typeof part.block === 'string' ? part.block : null
}

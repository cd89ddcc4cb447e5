import { type BotMessage, renderMessage } from '#runtime/conversation/render.ts'
import type { Session } from '#runtime/conversation/session.ts'
import type { TurnResult } from '#runtime/conversation/turn.ts'

const waitingNotice = {
  'zh-CN': '您的请求已经记下，接着写的话也会一起保存。',
  en: 'Your request has been noted. Whatever you write here is kept with it.',
}

/** All that a visitor reads of a turn: what the dialog said, and that a person was asked for. */
export function saidIn({ session, messages, outbox }: TurnResult): BotMessage[] {
  return [...messages, ...outbox.flatMap(({ type }) => (type === 'handoff' ? [handoffMessage(session)] : []))]
}

function handoffMessage(session: Session): BotMessage {
  const view = { language: session.language, variables: {}, parameters: {} }
  const message = renderMessage([{ type: 'notice', text: waitingNotice }], session.at, view)!
  return { ...message, parts: [{ type: 'handoff', text: message.text }] }
}

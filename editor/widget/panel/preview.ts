import type { ChatClient, ChatState } from '../client/client.ts'
import type { ChatMessage } from '../client/protocol.ts'

const said = {
  zh: ['您好！有什么可以帮您？', '我的订单到哪儿了？', '请告诉我订单号，我马上帮您查。', '查订单', '找人工'],
  en: [
    'Hello! What can I do for you?',
    'Where is my order?',
    'Tell me its number, and I will look it up.',
    'My order',
    'A person',
  ],
}

/** A chat that says the same to everybody and asks no server: how it looks is all that matters. */
export function createPreview(language: string): ChatClient {
  const [hello = '', question = '', answer = '', ...choices] = language.startsWith('zh') ? said.zh : said.en
  const message = (seq: number, role: ChatMessage['role'], text: string): ChatMessage => ({
    ...{ id: `p${seq}`, seq, role, text, language, at: '' },
    parts: [{ type: 'text', text }],
  })
  const last = message(3, 'bot', answer)
  last.parts.push({ type: 'buttons', block: 'p', options: choices.map((text) => ({ value: text, text })) })
  const state: ChatState = {
    messages: [message(1, 'bot', hello), message(2, 'user', question), last],
    history: 3,
    unread: 0,
    status: 'ready',
    error: null,
  }
  const nothing = async (): Promise<void> => {}
  return {
    getState: () => state,
    subscribe: () => () => true,
    open: nothing,
    send: () => {},
    see: () => {},
    file: () => Promise.reject(new Error('a preview has no files')),
    identify: nothing,
    context: nothing,
    restart: nothing,
    close: () => {},
  }
}

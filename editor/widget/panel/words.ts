/** The chat window's own words; the bot's words come from the bot. */
const words = {
  zh: {
    title: '在线客服',
    placeholder: '输入你的问题…',
    send: '发送',
    close: '关闭聊天',
    restart: '重新开始',
    log: '聊天记录',
    typing: '正在输入…',
    offline: '网络断开了，消息会在恢复后自动发送。',
    failed: '暂时连不上客服。',
    retry: '再试一次',
    sending: '发送中',
    you: '你',
    bot: '客服',
    agent: '人工客服',
    today: '今天',
    newMessage: '新消息',
  },
  en: {
    title: 'Chat with us',
    placeholder: 'Type your question…',
    send: 'Send',
    close: 'Close chat',
    restart: 'Start over',
    log: 'Conversation',
    typing: 'Typing…',
    offline: 'You are offline; your message will be sent when you are back.',
    failed: 'The chat cannot be reached right now.',
    retry: 'Try again',
    sending: 'Sending',
    you: 'You',
    bot: 'Bot',
    agent: 'Agent',
    today: 'Today',
    newMessage: 'New messages',
  },
}
export type Words = typeof words.en

export function wordsFor(language: string): Words {
  return language.toLowerCase().startsWith('zh') ? words.zh : words.en
}

/** The chat window's own words; the bot's words come from the bot. */
const words = {
  zh: {
    title: '在线客服',
    placeholder: '输入你的问题…',
    send: '发送',
    close: '关闭聊天',
    restart: '重新开始',
    'restart.sure': '重新开始会清空这里的聊天记录。',
    'restart.yes': '清空并重新开始',
    'restart.no': '不了',
    log: '聊天记录',
    opening: '正在接通…',
    typing: '正在输入…',
    offline: '网络断开了，恢复后会自动发送。',
    failed: '暂时连不上客服。',
    retry: '再试一次',
    sending: '发送中',
    refused: '没有发出',
    you: '你',
    bot: '客服',
    agent: '人工客服',
  },
  en: {
    title: 'Chat with us',
    placeholder: 'Type your question…',
    send: 'Send',
    close: 'Close chat',
    restart: 'Start over',
    'restart.sure': 'Starting over clears this chat.',
    'restart.yes': 'Clear and start over',
    'restart.no': 'Keep it',
    log: 'Conversation',
    opening: 'Connecting…',
    typing: 'Typing…',
    offline: 'You are offline. Messages are sent when you are back.',
    failed: 'The chat cannot be reached right now.',
    retry: 'Try again',
    sending: 'Sending',
    refused: 'Not sent',
    you: 'You',
    bot: 'Bot',
    agent: 'Agent',
  },
}
export type Words = typeof words.en

export function wordsFor(language: string): Words {
  return language.toLowerCase().startsWith('zh') ? words.zh : words.en
}

import type { LocalText } from '#kit'

/** What the bot says for itself where no block has words. */
export const notices = {
  restarted: {
    'zh-CN': '不好意思，刚才出了点状况，我们从头来过。',
    en: 'Sorry, something went wrong on our side. Let us start over.',
  },
  updated: {
    'zh-CN': '我刚刚更新过，刚才那一步不在了，我们接着往下说。',
    en: 'I have just been updated, and the step that we were at is gone. Let us go on from here.',
  },
  circled: {
    'zh-CN': '不好意思，我绕进去了。请换个说法再告诉我一次，好吗？',
    en: 'Sorry, I am going round in circles. Could you put it another way?',
  },
  file: {
    'zh-CN': '文件收到了。请再用文字告诉我您想办什么，好吗？',
    en: 'I have your file. Could you also tell me in words what it is about?',
  },
  unanswered: {
    'zh-CN': '不好意思，这个问题我还答不上来。',
    en: 'Sorry, I do not have an answer to that yet.',
  },
} satisfies Record<string, LocalText>

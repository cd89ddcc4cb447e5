import { defineErrors } from './define-errors.ts'

/** Conversations and the public API. */
export const conversationErrors = defineErrors({
  'conversation-unknown': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '找不到这段对话。', remedy: '它可能已被删除，请重新开始一段对话。' },
    en: { message: 'There is no such conversation.', remedy: 'It may have been deleted; start a new one.' },
  },
  'bot-unknown': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '没有地址为“{{slug}}”的机器人。', remedy: '检查嵌入代码里的机器人地址。' },
    en: { message: 'There is no bot at "{{slug}}".', remedy: "Check the bot's address in the embed code." },
  },
  'bot-unpublished': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这个机器人还没有发布。', remedy: '在工作室里打开它，按“发布”。' },
    en: { message: 'This bot has not been published yet.', remedy: 'Open it in the studio and press Publish.' },
  },
  'test-key-invalid': {
    status: 403,
    retry: 'never',
    'zh-CN': { message: '这个测试链接已经失效。', remedy: '请向发链接给你的人要一个新的。' },
    en: { message: 'This test link does not work any more.', remedy: 'Ask whoever sent it to you for the new one.' },
  },
  'origin-refused': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '网页 {{origin}} 不在这个机器人允许的名单里。',
      remedy: '在工作室打开这个机器人，点“放到网站上”，把这个网址加进允许的网站。',
    },
    en: {
      message: "The page {{origin}} is not on this bot's list.",
      remedy: 'Open the bot in the studio, choose Put it on your site, and add that address to the allowed sites.',
    },
  },
  'server-callers-refused': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '这个机器人不接受来自其他服务器的请求。',
      remedy: '在工作室打开这个机器人，点“放到网站上”，打开“允许服务器调用”。',
    },
    en: {
      message: 'This bot does not take requests from other servers.',
      remedy: 'Open the bot in the studio, choose Put it on your site, and switch on Let servers talk to it.',
    },
  },
  'token-invalid': {
    status: 401,
    retry: 'never',
    'zh-CN': { message: '访客令牌无效或已过期。', remedy: '用恢复密钥换一个新的令牌。' },
    en: { message: 'The visitor token is not valid, or has run out.', remedy: 'Buy a new one with the resume secret.' },
  },
  'resume-invalid': {
    status: 401,
    retry: 'never',
    'zh-CN': { message: '恢复密钥不对。', remedy: '请重新开始一段对话。' },
    en: { message: 'That is not the resume secret of this conversation.', remedy: 'Start a new conversation.' },
  },
  'identity-invalid': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '网站给出的访客身份无效或已过期。',
      remedy: '请刷新页面；如果还是这样，请网站用这个机器人的身份密钥重新签发。',
    },
    en: {
      message: 'The identity that the site gave for this visitor is not valid, or has run out.',
      remedy: "Reload the page; if that does not help, the site has to sign it anew with this bot's identity secret.",
    },
  },
  'identity-other': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这段对话属于另一位访客。', remedy: '请重新开始一段对话。' },
    en: { message: 'This conversation is that of another visitor.', remedy: 'Start a new one.' },
  },
  'identity-needed': {
    status: 401,
    retry: 'never',
    'zh-CN': { message: '登录之后才能聊天。', remedy: '请先在网站上登录。' },
    en: { message: 'Only visitors who are signed in may chat here.', remedy: 'Sign in on the site first.' },
  },
  'visitor-file-too-large': {
    status: 413,
    retry: 'never',
    'zh-CN': { message: '文件太大了，上限是 {{limit}} MB。', remedy: '请换一个小一点的文件。' },
    en: { message: 'The file is too large; {{limit}} MB is the limit.', remedy: 'Send a smaller one.' },
  },
  'visitor-file-refused': {
    status: 415,
    retry: 'never',
    'zh-CN': {
      message: '不能发送这种文件。',
      remedy: '可以发图片、视频（MP4、MOV）、PDF、Word、Excel 和纯文本。',
    },
    en: {
      message: 'Files of this kind cannot be sent.',
      remedy: 'Send a picture, a video (MP4, MOV), a PDF, a Word or Excel document, or plain text.',
    },
  },
  'too-many-files': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这段对话里已经有 {{most}} 个文件。', remedy: '请重新开始一段对话再发送。' },
    en: { message: 'This conversation has {{most}} files already.', remedy: 'Start a new one to send more.' },
  },
  'too-many-conversations': {
    status: 429,
    retry: 'later',
    'zh-CN': { message: '这个地址新开的对话太多了。', remedy: '请等 {{seconds}} 秒再试。' },
    en: { message: 'Too many new conversations from this address.', remedy: 'Try again in {{seconds}} seconds.' },
  },
  'too-many-messages': {
    status: 429,
    retry: 'later',
    'zh-CN': { message: '消息发得太快了。', remedy: '请等 {{seconds}} 秒再发。' },
    en: { message: 'Messages are coming too fast.', remedy: 'Send the next one in {{seconds}} seconds.' },
  },
  'message-too-large': {
    status: 413,
    retry: 'never',
    'zh-CN': { message: '请求太大了（上限 {{limit}} 字节）。', remedy: '把消息分成几条发送。' },
    en: { message: 'The request is too large (at most {{limit}} bytes).', remedy: 'Send it as several messages.' },
  },
  'model-missing': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '“{{block}}”块还没有接上训练好的模型。', remedy: '运行学习流程，再试或发布。' },
    en: {
      message: 'Block "{{block}}" has no trained model yet.',
      remedy: 'Run the Learn half, then try or publish again.',
    },
  },
  'chat-with-colleague': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '{{name}} 正在接待这段会话，您的消息没有发出。', remedy: '请先接手，再发送。' },
    en: {
      message: '{{name}} has this chat, and your message was not sent.',
      remedy: 'Take the chat over first, then send it.',
    },
  },
  'chat-not-taken': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这段会话现在不在人工手里，您的消息没有发出。', remedy: '请先接手，再发送。' },
    en: {
      message: 'No person has this chat now, and your message was not sent.',
      remedy: 'Take the chat over first, then send it.',
    },
  },
  'conversation-busy': {
    status: 503,
    retry: 'now',
    'zh-CN': {
      message: '这段对话同时被多处更新，这条消息没能保存。',
      remedy: '请再发送一次，同样的消息不会重复处理。',
    },
    en: {
      message: 'The conversation was changed from several places at once and this message was not saved.',
      remedy: 'Send it again; the same message is never handled twice.',
    },
  },
})

import { defineErrors } from './define-errors.ts'

/** What this server asks other servers: an API call of a bot, a webhook, a messenger. */
export const outboundErrors = defineErrors({
  'outbound-address': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '这不是可以访问的网址：{{url}}', remedy: '请填写以 http:// 或 https:// 开头的完整网址。' },
    en: {
      message: 'This is no address that can be called: {{url}}',
      remedy: 'Give a whole one that begins with https:// or http://.',
    },
  },
  'outbound-refused': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '{{host}} 位于内部网络，Botloom 不会访问它。',
      remedy: '如果确实需要访问，请维护人员把它加入环境变量 BOTLOOM_OUTBOUND_ALLOW。',
    },
    en: {
      message: '{{host}} is inside of a private network, which Botloom does not call.',
      remedy: 'If it is meant to be called, whoever runs Botloom names it in BOTLOOM_OUTBOUND_ALLOW.',
    },
  },
  'outbound-unreachable': {
    status: 502,
    retry: 'later',
    'zh-CN': { message: '连不上 {{host}}（{{detail}}）。', remedy: '检查网址是否正确、对方服务是否在运行，然后重试。' },
    en: {
      message: '{{host}} cannot be reached ({{detail}}).',
      remedy: 'See whether the address is right and the service is up, then try again.',
    },
  },
  'outbound-timeout': {
    status: 504,
    retry: 'later',
    'zh-CN': {
      message: '{{host}} 在 {{seconds}} 秒内没有答复；请求可能已经生效，也可能没有。',
      remedy: '稍后再试，或把等待时间调长。',
    },
    en: {
      message: '{{host}} did not answer within {{seconds}} s; it may have done what was asked, or not.',
      remedy: 'Try later, or allow it more time.',
    },
  },
  'outbound-lost': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '与 {{host}} 的连接中断了（{{detail}}）；请求可能已经生效，也可能没有。',
      remedy: '到对方系统确认后再重试。',
    },
    en: {
      message: 'The connection to {{host}} broke ({{detail}}); it may have done what was asked, or not.',
      remedy: 'See in that system what became of it before you try again.',
    },
  },
  'outbound-too-large': {
    status: 502,
    retry: 'never',
    'zh-CN': { message: '{{host}} 的答复超过 {{limit}} KB。', remedy: '请让对方接口只返回需要的内容。' },
    en: {
      message: 'The answer of {{host}} is larger than {{limit}} KB.',
      remedy: 'Ask that service for what is needed only.',
    },
  },
  'outbound-redirects': {
    status: 502,
    retry: 'never',
    'zh-CN': { message: '{{host}} 一再跳转到别的网址。', remedy: '请填写跳转之后的最终网址。' },
    en: { message: '{{host}} keeps leading to other addresses.', remedy: 'Give the address that it finally leads to.' },
  },
  'secret-missing': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这个机器人没有名为“{{name}}”的密钥。', remedy: '打开发出请求的模块，在请求头里填写密钥。' },
    en: {
      message: 'This bot has no secret named “{{name}}”.',
      remedy: 'Open the block that makes the request and give it its secret under the headers.',
    },
  },
  'secret-elsewhere': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '密钥“{{name}}”只能发给 {{host}}，不能发给 {{asked}}。',
      remedy: '检查网址；如果对方换了域名，请为新域名重新填写密钥。',
    },
    en: {
      message: 'The secret “{{name}}” is for {{host}} and is not sent to {{asked}}.',
      remedy: 'See whether the address is right; if the service has moved, enter the secret anew for its new host.',
    },
  },
  'outcome-unknown': {
    status: 502,
    retry: 'never',
    'zh-CN': { message: '请求已经发出，但没有等到结果。', remedy: '到对方系统确认后再重试。' },
    en: {
      message: 'The request was sent, and nobody knows what became of it.',
      remedy: 'See in that system before you try again.',
    },
  },
  'call-not-sent': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '试聊时不会真正发出这个请求，而模块里还没有示例答复。',
      remedy: '在模块里贴一段示例答复，或允许试聊时真正发出请求。',
    },
    en: {
      message: 'This request is not sent while the bot is tried, and the block holds no sample answer.',
      remedy: 'Paste a sample answer into the block, or let it send the request in tries too.',
    },
  },
})

import { defineErrors } from './define-errors.ts'

/** Webhooks, and the channels that people write to a bot over. */
export const webhookErrors = defineErrors({
  'webhooks-full': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '一个工作区最多只能有 {{limit}} 个 Webhook。', remedy: '先删除不再使用的。' },
    en: { message: 'A workspace has at most {{limit}} webhooks.', remedy: 'Delete one that is not used any more.' },
  },
  'webhook-off': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '这个 Webhook 已停用。', remedy: '先启用它，再重新发送。' },
    en: { message: 'This webhook is switched off.', remedy: 'Switch it on, then send again.' },
  },
  'signature-invalid': {
    status: 401,
    retry: 'never',
    'zh-CN': { message: '请求的签名不对。', remedy: '检查两边的密钥是否一致，以及签名用的是否是收到的原始内容。' },
    en: {
      message: 'The signature of this request is not right.',
      remedy: 'See that both sides have the same secret, and that the raw body is what is signed.',
    },
  },
  'signature-old': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '请求的签名时间与现在相差超过 5 分钟。',
      remedy: '校准发送方服务器的时钟，每次发送都重新签名。',
    },
    en: {
      message: 'This request was signed more than 5 minutes from now.',
      remedy: 'Set the clock of the sending server, and sign anew each time.',
    },
  },
  'channel-unknown': {
    status: 404,
    retry: 'never',
    'zh-CN': { message: '没有这个地址。', remedy: '在工作室里核对渠道的地址。' },
    en: { message: 'There is nothing at this address.', remedy: 'Compare it with the one that the studio shows.' },
  },
  'channels-full': {
    status: 409,
    retry: 'never',
    'zh-CN': { message: '一个工作区最多只能接入 {{limit}} 个渠道。', remedy: '先删除不再使用的。' },
    en: { message: 'A workspace has at most {{limit}} channels.', remedy: 'Delete one that is not used any more.' },
  },
  'channel-base': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '不能把企业微信接口地址改为 {{host}}。',
      remedy: '留空即用官方地址；私有部署请维护人员把该主机加入环境变量 BOTLOOM_OUTBOUND_ALLOW。',
    },
    en: {
      message: 'The WeCom address cannot be {{host}}.',
      remedy:
        'Leave it empty for the official one; for one of your own, whoever runs Botloom names its host in BOTLOOM_OUTBOUND_ALLOW.',
    },
  },
  'channel-message': {
    status: 400,
    retry: 'never',
    'zh-CN': { message: '看不懂这条渠道消息（{{what}}）。', remedy: '对照文档检查消息格式。' },
    en: {
      message: 'This message of a channel cannot be read ({{what}}).',
      remedy: 'Compare its form with the documentation.',
    },
  },
  'channel-refused': {
    status: 502,
    retry: 'later',
    'zh-CN': { message: '消息没有送达：对方答复 {{status}}。', remedy: '查看接收方的日志；Botloom 会继续重试。' },
    en: {
      message: 'A message was not accepted: the other side answered {{status}}.',
      remedy: 'See the log of the receiver; Botloom goes on trying.',
    },
  },
  'wecom-nobody': {
    status: 409,
    retry: 'never',
    'zh-CN': {
      message: '企业微信里收不到消息的成员：{{user}}。',
      remedy: '检查该成员是否还在应用的可见范围内。',
    },
    en: {
      message: 'WeCom has nobody to give a message to: {{user}}.',
      remedy: 'See whether that member is still within the visible range of the app.',
    },
  },
  'wecom-refused': {
    status: 502,
    retry: 'later',
    'zh-CN': {
      message: '企业微信拒绝了请求（{{errcode}}：{{errmsg}}）。',
      remedy: '检查 CorpID、Secret、AgentId，以及应用的可信 IP 和可见范围。',
    },
    en: {
      message: 'WeCom refused a request ({{errcode}}: {{errmsg}}).',
      remedy: 'Check the CorpID, the Secret, the AgentId, and the trusted IPs and visible range of the app.',
    },
  },
})

import { defineErrors } from './define-errors.ts'

/** The API for other servers: keys, scopes, repeated requests. */
export const apiErrors = defineErrors({
  'api-key-missing': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '这个请求没有带 API 密钥。',
      remedy: '在请求头里写 Authorization: Bearer blk_…；密钥在“设置 → API 密钥”里创建。',
    },
    en: {
      message: 'This request carries no API key.',
      remedy: 'Send the header Authorization: Bearer blk_…; keys are made in Settings → API keys.',
    },
  },
  'api-key-invalid': {
    status: 401,
    retry: 'never',
    'zh-CN': {
      message: '这个 API 密钥无效：不存在、已撤销或已过期。',
      remedy: '在“设置 → API 密钥”里查看，或创建一个新的。',
    },
    en: {
      message: 'This API key is not valid: there is none such, or it was revoked or has expired.',
      remedy: 'Look it up in Settings → API keys, or make a new one there.',
    },
  },
  'api-key-in-query': {
    status: 400,
    retry: 'never',
    'zh-CN': {
      message: '密钥不能写在网址里：网址会留在日志和浏览记录中。',
      remedy: '撤销这个密钥，换一个新的，写在请求头 Authorization 里。',
    },
    en: {
      message: 'A key must not stand in an address: addresses stay in logs and histories.',
      remedy: 'Revoke that key, make a new one and send it in the Authorization header.',
    },
  },
  'api-key-in-browser': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: 'API 密钥不能在网页里使用：看到网页的人都能拿走它。',
      remedy: '从您的服务器发送请求；网页里请用访客令牌。',
    },
    en: {
      message: 'API keys are not for web pages: whoever sees the page could take the key.',
      remedy: 'Send the request from your server; a page uses a visitor token.',
    },
  },
  'scope-missing': {
    status: 403,
    retry: 'never',
    'zh-CN': {
      message: '这个 API 密钥没有“{{scope}}”权限。',
      remedy: '在“设置 → API 密钥”里创建一个有此权限的密钥。',
    },
    en: {
      message: 'This API key does not have the scope {{scope}}.',
      remedy: 'Make a key that has it in Settings → API keys.',
    },
  },
  'too-many-requests': {
    status: 429,
    retry: 'later',
    'zh-CN': { message: '这个 API 密钥的请求太频繁了。', remedy: '请等 {{seconds}} 秒再试。' },
    en: { message: 'Too many requests with this API key.', remedy: 'Try again in {{seconds}} seconds.' },
  },
  'idempotency-key-reused': {
    status: 422,
    retry: 'never',
    'zh-CN': {
      message: '这个 Idempotency-Key 已经用于另一个请求。',
      remedy: '每个新的请求用一个新的 Idempotency-Key。',
    },
    en: {
      message: 'This Idempotency-Key was used for another request.',
      remedy: 'Give each new request an Idempotency-Key of its own.',
    },
  },
  'idempotency-key-busy': {
    status: 409,
    retry: 'later',
    'zh-CN': { message: '同一个请求正在处理。', remedy: '稍等片刻再发送一次，会得到同样的答复。' },
    en: {
      message: 'The same request is being carried out.',
      remedy: 'Send it again in a moment: it gets the same answer.',
    },
  },
  'draft-changed': {
    status: 412,
    retry: 'never',
    'zh-CN': {
      message: '草稿在您读取之后又有改动，这次替换没有保存。',
      remedy: '重新读取草稿，把改动合并进去，再带上新的 draftHash 发送。',
    },
    en: {
      message: 'The draft has changed since you read it, and was not replaced.',
      remedy: 'Read it again, bring your change in, and send it with the new draftHash.',
    },
  },
})

import type { Env, Hono, Schema } from 'hono'
import { generateSpecs } from 'hono-openapi'
import { scopeTexts } from '#server/keys/scope-texts.ts'
import { apiScopes } from '#server/keys/scopes.ts'
import { type DocText, tags } from './describe.ts'

export type DocLanguage = 'zh-CN' | 'en'
/** The parts of the document that its page and its tests read. */
export interface ApiDocument {
  openapi: string
  info: { title: string; version: string; description: string }
  servers: { url: string }[]
  tags: { name: string; description: string }[]
  paths: Record<string, Record<string, ApiOperation>>
  components: { schemas: Record<string, object>; securitySchemes: Record<string, object> }
}
export interface ApiOperation {
  operationId: string
  tags: string[]
  summary: string
  security: Record<string, string[]>[]
  parameters?: {
    name: string
    in: string
    required?: boolean
    description?: string
    schema?: object
    example?: unknown
  }[]
  requestBody?: { content: Record<string, { schema: object; example?: unknown }> }
  responses: Record<string, { description: string; content?: Record<string, { schema?: object; example?: unknown }> }>
  'x-botloom'?: { summary: DocText; request?: unknown }
}

const info = {
  'zh-CN': {
    title: 'Botloom API',
    description: '两种身份：网页上的访客用访客令牌；您的服务器用 API 密钥（设置 → API 密钥）。每个操作写明需要哪一种。',
  },
  en: {
    title: 'Botloom API',
    description:
      'Two kinds of callers: visitors of a page, with a visitor token, and your servers, with an API key (Settings → API keys). Each operation names what opens it.',
  },
}
const pathExamples: Record<string, { example: string; about: DocText }> = {
  slug: { example: 'little-boat-shop', about: { 'zh-CN': '机器人的公开地址', en: 'Public name of the bot' } },
  bot: { example: 'bot_2f6j8s4d1a9g7k3l', about: { 'zh-CN': '机器人的编号或公开地址', en: 'Id or slug of the bot' } },
  id: { example: 'cnv_7h3n5t9w2r6y1k8p', about: { 'zh-CN': '会话编号', en: 'Id of the conversation' } },
  message: { example: 'msg_4k2v9x0q7c1m8d3e', about: { 'zh-CN': '消息编号', en: 'Id of the message' } },
  version: { example: '3', about: { 'zh-CN': '版本号', en: 'Number of the version' } },
}
const idempotency: DocText = {
  'zh-CN': '您为这次请求起的编号：24 小时内重发得到同样的答复',
  en: 'Your id of this request: sent again within 24 hours it gets the same answer',
}
const lastEvent: DocText = {
  'zh-CN': '最后收到的事件编号，从它之后接上',
  en: 'Id of the last event that you saw: what came after it is sent first',
}

/** The OpenAPI 3.1 document of an app, from its own routes, in one language. */
export async function toApiDocument<E extends Env, S extends Schema, B extends string>(
  app: Hono<E, S, B>,
  language: DocLanguage,
): Promise<ApiDocument> {
  const scopes = apiScopes.map((scope) => `- \`${scope}\`: ${scopeTexts[scope][language]}`).join('\n')
  const visitor = {
    'zh-CN': '访客令牌，一小时有效，只开一个会话',
    en: 'A visitor token: one conversation, for an hour',
  }
  const key = {
    'zh-CN': `API 密钥 \`blk_…\`，只放在服务器上。权限：\n${scopes}`,
    en: `An API key \`blk_…\`, for servers only. Scopes:\n${scopes}`,
  }
  const generated = await generateSpecs(app, {
    documentation: {
      openapi: '3.1.0',
      info: { ...info[language], version: '1' },
      servers: [{ url: '/v1' }],
      tags: Object.entries(tags).map(([name, about]) => ({ name, description: about[language] })),
      components: {
        securitySchemes: {
          visitor: { type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: visitor[language] },
          apiKey: { type: 'http', scheme: 'bearer', bearerFormat: 'blk', description: key[language] },
        },
      },
    },
    defaultValidationErrorResponse: false,
  })
  // The library's types allow references at every place; what it writes of our routes has none there.
  const document = structuredClone(generated) as unknown as ApiDocument
  for (const [path, methods] of Object.entries(document.paths))
    for (const [method, operation] of Object.entries(methods)) finish(path, method, operation, language)
  return document
}

function finish(path: string, method: string, operation: ApiOperation, language: DocLanguage): void {
  const about = operation['x-botloom']
  delete operation['x-botloom']
  if (!about) throw new Error(`${method} ${path} is not described`)
  operation.summary = about.summary[language]
  const json = operation.requestBody?.content['application/json']
  if (json && about.request !== undefined) json.example = about.request
  operation.parameters = (operation.parameters ?? []).map((parameter) => {
    const known = parameter.in === 'path' ? pathExamples[parameter.name] : undefined
    return known ? { ...parameter, example: known.example, description: known.about[language] } : parameter
  })
  if (operation.responses['422'] && method === 'post') operation.parameters.push(header('Idempotency-Key', idempotency))
  if (operation.responses['200']?.content?.['text/event-stream'])
    operation.parameters.push(header('Last-Event-ID', lastEvent))

  function header(name: string, text: DocText) {
    return { name, in: 'header', description: text[language], schema: { type: 'string' } }
  }
}

import { describeRoute, resolver, validator } from 'hono-openapi'
import type { z } from 'zod'
import { BotloomError, firstIssue } from '#kit'
import type { ApiScope } from '#server/keys/scopes.ts'
import { problem } from './schemas.ts'

/** A short text of the document in both languages. */
export interface DocText {
  'zh-CN': string
  en: string
}
export type Door = 'open' | 'visitor' | ApiScope
/** Names of the parts of the document, in its order. */
export const tags = {
  talk: { 'zh-CN': '访客对话', en: 'Talking as a visitor' },
  conversations: { 'zh-CN': '会话', en: 'Conversations' },
  events: { 'zh-CN': '事件', en: 'Events' },
  bots: { 'zh-CN': '机器人', en: 'Bots' },
  drafts: { 'zh-CN': '草稿', en: 'Drafts' },
  versions: { 'zh-CN': '发布与版本', en: 'Publishing and versions' },
} satisfies Record<string, DocText>
export type Tag = keyof typeof tags

/**
 * Describes a route for the document. `doors` are what opens it, each by itself; `request` is an example of its body. The document's
 * builder takes the `x-botloom` part out again and writes the texts in the reader's language.
 */
export function operation(about: {
  tag: Tag
  summary: DocText
  doors: readonly Door[]
  request?: unknown
  answers: Record<number, ReturnType<typeof answers> | object>
  refused: readonly number[]
}) {
  const { tag, summary, doors, request } = about
  const security = doors.flatMap((door): Record<string, string[]>[] =>
    door === 'open' ? [] : door === 'visitor' ? [{ visitor: [] }] : [{ apiKey: [door] }],
  )
  return describeRoute({
    tags: [tag],
    summary: summary.en,
    security,
    responses: { ...about.answers, ...refusals(...about.refused) },
    ...{ 'x-botloom': { summary, ...(request === undefined ? {} : { request }) } },
  })
}

/** A body or query of exactly this shape; what is wrong with another one is said with its place. */
export function checked<Target extends 'json' | 'query' | 'param', S extends z.ZodType>(target: Target, schema: S) {
  return validator(target, schema, (result) => {
    if (result.success) return
    // The library tells issues in their vendor-neutral form, without what they need to be worded.
    const { place, params } = firstIssue(schema.safeParse(result.data).error)
    throw new BotloomError('invalid-request', { at: place, ...params })
  })
}

export function answers(schema: z.ZodType, description: string, example?: unknown) {
  const content = { schema: resolver(schema), ...(example === undefined ? {} : { example }) }
  return { description, content: { 'application/json': content } }
}

function refusals(...statuses: number[]) {
  const content = { 'application/problem+json': { schema: resolver(problem), example: exampleProblem } }
  return Object.fromEntries(statuses.map((status) => [status, { description: 'Refused', content }]))
}

const exampleProblem = {
  type: 'about:blank',
  title: 'There is no such bot.',
  status: 404,
  code: 'not-found',
  message: 'There is no such bot.',
  remedy: 'It may have been deleted; go back and open it again.',
  retry: 'never',
  params: { what: 'bot' },
  request: 'a6f1c9d2-3b7e-4c58-9d0e-5f2b8c7a1e43',
}

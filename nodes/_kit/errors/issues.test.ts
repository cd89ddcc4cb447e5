import { expect, test } from 'vitest'
import { z } from 'zod'
import { BotloomError, errorText, toFailure, translated } from './errors.ts'
import { firstIssue, type IssueKey } from './issues.ts'

const words = (schema: z.ZodType, value: unknown) => {
  const { place, params } = firstIssue(schema.safeParse(value).error)
  const all = { block: 'b', field: place, ...params }
  const of = (locale: string) => errorText('invalid-config', all, locale).message.split(/不合要求：|will not do: /)[1]
  return [of('zh-CN'), of('en')]
}

test.each<[string, z.ZodType, unknown, string, string]>([
  ['a number out of range', z.number().max(50), 99, '不能大于 50。', 'it must be at most 50.'],
  ['a number below it', z.number().min(1), 0, '不能小于 1。', 'it must be at least 1.'],
  ['a limit that is not meant', z.number().gt(0), 0, '要大于 0。', 'it must be more than 0.'],
  ['a part of a number', z.int(), 1.5, '要填整数。', 'it must be a whole number.'],
  ['a long text', z.string().max(3), 'four', '太长，最多 3 个字。', 'too long; the most are 3 characters.'],
  ['a short list', z.array(z.string()).min(1), [], '太少，至少要 1 项。', 'too few; the least are 1 items.'],
  ['no text', z.string(), 7, '要填文字。', 'a text is needed here.'],
  ['another choice', z.enum(['a', 'b']), 'c', '只能是以下之一：a, b。', 'it must be one of these: a, b.'],
  ['a field too many', z.strictObject({}), { x: 1 }, '有不认识的字段：x。', 'there is no such field here: x.'],
  ['no address', z.url(), 'x y', '不是正确的网址。', 'it is no web address.'],
  ['a rule without words', z.string().refine(() => false), '', '这个值不合要求。', 'this value will not do.'],
  [
    'a rule that names its words',
    z.string().refine(() => false, { params: { issue: 'proto-key' satisfies IssueKey } }),
    '',
    '名字 __proto__ 不能用。',
    'the name __proto__ cannot be used.',
  ],
])('%s is told in the words of each language', (_, schema, value, zh, en) => {
  expect(words(schema, value)).toEqual([zh, en])
})

test('a failure that was kept is told again in another language, its issue too', () => {
  const { params } = firstIssue(z.number().max(50).safeParse(99).error)
  const kept = toFailure(new BotloomError('invalid-request', { at: 'epochs', ...params }), 'en')
  expect(kept.message).toBe('The request does not have the right form: epochs: it must be at most 50.')
  expect(translated(JSON.parse(JSON.stringify(kept)), 'zh-CN').message).toBe(
    '请求里有不符合要求的内容：epochs：不能大于 50。',
  )
})

test('what a person wrote stands in a message as it is, even where it looks like a place of ours', () => {
  const { message } = errorText('invalid-request', { at: '{{limit}}', issue: 'too-big', limit: 5 }, 'en')
  expect(message).toBe('The request does not have the right form: {{limit}}: it must be at most 5.')
})

test('a request with a thousand fields too many gets no thousand back', () => {
  const many = Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`f${i}`, 1]))
  expect(words(z.strictObject({}), many)[1]).toMatch(/: f0, f1, .*f9 \.\.\.\.$/)
})

import type { z } from 'zod'

type Locale = 'zh-CN' | 'en'

/**
 * What is wrong with one value of a config, a request or a file. An error carries the key with what the sentence needs
 * (`limit`, `choices`), never a sentence: it is worded where it is read, in the reader's language.
 */
const texts = {
  'too-small': { 'zh-CN': '不能小于 {{limit}}。', en: 'it must be at least {{limit}}.' },
  'too-big': { 'zh-CN': '不能大于 {{limit}}。', en: 'it must be at most {{limit}}.' },
  'not-above': { 'zh-CN': '要大于 {{limit}}。', en: 'it must be more than {{limit}}.' },
  'not-below': { 'zh-CN': '要小于 {{limit}}。', en: 'it must be less than {{limit}}.' },
  'too-short': { 'zh-CN': '太短，至少要 {{limit}} 个字。', en: 'too short; the least are {{limit}} characters.' },
  'too-long': { 'zh-CN': '太长，最多 {{limit}} 个字。', en: 'too long; the most are {{limit}} characters.' },
  'too-few': { 'zh-CN': '太少，至少要 {{limit}} 项。', en: 'too few; the least are {{limit}} items.' },
  'too-many': { 'zh-CN': '太多，最多 {{limit}} 项。', en: 'too many; the most are {{limit}} items.' },
  'not-text': { 'zh-CN': '要填文字。', en: 'a text is needed here.' },
  'not-number': { 'zh-CN': '要填数字。', en: 'a number is needed here.' },
  'not-whole': { 'zh-CN': '要填整数。', en: 'it must be a whole number.' },
  'not-yes-no': { 'zh-CN': '只能是 true 或 false。', en: 'it must be true or false.' },
  'not-list': { 'zh-CN': '要填列表。', en: 'a list is needed here.' },
  'not-object': { 'zh-CN': '要填对象。', en: 'an object is needed here.' },
  'not-a-choice': { 'zh-CN': '只能是以下之一：{{choices}}。', en: 'it must be one of these: {{choices}}.' },
  'unknown-keys': { 'zh-CN': '有不认识的字段：{{keys}}。', en: 'there is no such field here: {{keys}}.' },
  'bad-name': { 'zh-CN': '这个名字不能用。', en: 'this name cannot be used.' },
  'bad-address': { 'zh-CN': '不是正确的网址。', en: 'it is no web address.' },
  'bad-origin': {
    'zh-CN': '要写成 https://shop.example 这样，后面不带路径。',
    en: 'it must be written as https://shop.example, without a path.',
  },
  'bad-form': { 'zh-CN': '写法不对。', en: 'it is not written as it should be.' },
  'not-postgres': { 'zh-CN': '要以 postgres:// 开头。', en: 'it must start with postgres://.' },
  'proto-key': { 'zh-CN': '名字 __proto__ 不能用。', en: 'the name __proto__ cannot be used.' },
  'nothing-said': {
    'zh-CN': 'text 和 choice 至少要有一个。',
    en: 'one of text and choice is needed.',
  },
  empty: { 'zh-CN': '不能为空。', en: 'it must not be empty.' },
  'unknown-parameter': { 'zh-CN': '模板没有这个参数。', en: 'the template has no such parameter.' },
  'same-column': { 'zh-CN': '不能和文字用同一列。', en: 'it must be another column than the text.' },
  'id-differs': { 'zh-CN': '和它所在位置的编号不一致。', en: 'its id is not the one that it is kept under.' },
  'no-file': {
    'zh-CN': '要用 multipart/form-data 上传一个文件。',
    en: 'one file is expected, as multipart/form-data.',
  },
  'body-too-large': { 'zh-CN': '内容太大，最多 {{limit}} MB。', en: 'it is too large; the most are {{limit}} MB.' },
  'not-json': { 'zh-CN': '内容不是正确的 JSON。', en: 'the body is not valid JSON.' },
  'not-readable': { 'zh-CN': '内容读不出来。', en: 'it cannot be read.' },
  'not-storable': {
    'zh-CN': '有数据库存不下的值，例如空字符（NUL）或过大的数字。',
    en: 'it holds a value that no database stores, such as a NUL character or a number out of range.',
  },
  other: { 'zh-CN': '这个值不合要求。', en: 'this value will not do.' },
} satisfies Record<string, Record<Locale, string>>

export type IssueKey = keyof typeof texts
/** An issue as parameters of an error; `at` is its place where the error's own text does not name one. */
export interface IssueParams extends Record<string, string | number> {
  issue: IssueKey
}

const isIssueKey = (key: unknown): key is IssueKey => typeof key === 'string' && Object.hasOwn(texts, key)

/** The sentence of an issue, with `{{...}}` places for its parameters; undefined for what names none. */
export function issueSentence(params: Readonly<Record<string, unknown>>, locale: Locale): string | undefined {
  const { issue, at } = params
  if (!isIssueKey(issue)) return undefined
  const words = texts[issue][locale]
  if (at === undefined || at === '') return words
  return locale === 'en' ? `{{at}}: ${words}` : `{{at}}：${words}`
}

/** The first thing that a schema found wrong, and its place: keys joined by dots, empty for the whole value. */
export function firstIssue(error: z.core.$ZodError | undefined): { place: string; params: IssueParams } {
  const [issue] = error?.issues ?? []
  return issue ? { place: issue.path.join('.'), params: issueParams(issue) } : { place: '', params: { issue: 'other' } }
}

function issueParams(issue: z.core.$ZodIssue): IssueParams {
  switch (issue.code) {
    case 'too_small':
      return { issue: smallKey(issue), limit: Number(issue.minimum) }
    case 'too_big':
      return { issue: bigKey(issue), limit: Number(issue.maximum) }
    case 'invalid_type':
      return { issue: kinds[issue.expected] ?? 'other' }
    case 'not_multiple_of':
      return { issue: 'not-whole' }
    case 'invalid_value':
      return { issue: 'not-a-choice', choices: listed(issue.values) }
    case 'unrecognized_keys':
      return { issue: 'unknown-keys', keys: listed(issue.keys) }
    case 'invalid_key':
      return { issue: 'bad-name' }
    case 'invalid_format':
      return { issue: issue.format === 'url' ? 'bad-address' : 'bad-form' }
    case 'custom':
      // A rule of ours names its own sentence: `refine(..., { params: { issue: 'proto-key' } })`.
      return { issue: isIssueKey(issue.params?.issue) ? issue.params.issue : 'other' }
    default:
      return { issue: 'other' }
  }
}

/** Enough to see what is meant; whoever sends a thousand fields gets no thousand back. */
function listed(values: readonly unknown[]): string {
  return `${values.slice(0, 10).map(String).join(', ')}${values.length > 10 ? ' ...' : ''}`
}

const kinds: Readonly<Record<string, IssueKey>> = {
  string: 'not-text',
  number: 'not-number',
  int: 'not-whole',
  boolean: 'not-yes-no',
  array: 'not-list',
  object: 'not-object',
  record: 'not-object',
}

function smallKey({ origin, inclusive }: z.core.$ZodIssueTooSmall): IssueKey {
  if (origin === 'string') return 'too-short'
  if (origin === 'number' || origin === 'int') return inclusive === false ? 'not-above' : 'too-small'
  return 'too-few'
}

function bigKey({ origin, inclusive }: z.core.$ZodIssueTooBig): IssueKey {
  if (origin === 'string') return 'too-long'
  if (origin === 'number' || origin === 'int') return inclusive === false ? 'not-below' : 'too-big'
  return 'too-many'
}

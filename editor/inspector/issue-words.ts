import i18next from 'i18next'
import type { z } from 'zod'
import { number } from '#editor/app/ui/words.ts'

type Issue = z.core.$ZodIssue

/** What is wrong with a value, in plain words; null when it fits the schema. */
export function issueOf(schema: z.ZodType, value: unknown): string | null {
  const parsed = schema.safeParse(value)
  const issue = parsed.success ? undefined : parsed.error.issues[0]
  return issue ? issueText(issue) : null
}

function issueText(issue: Issue): string {
  const t = (key: string, params: Record<string, unknown> = {}) =>
    i18next.t(`issue.${key}`, { ns: 'inspector', ...params })
  switch (issue.code) {
    case 'too_small':
      if (issue.origin === 'number' || issue.origin === 'int')
        return t('too-small', { min: number(Number(issue.minimum), 6) })
      return issue.origin === 'string'
        ? t('too-short', { min: number(Number(issue.minimum)) })
        : t('too-few', { min: number(Number(issue.minimum)) })
    case 'too_big':
      if (issue.origin === 'number' || issue.origin === 'int')
        return t('too-big', { max: number(Number(issue.maximum), 6) })
      return issue.origin === 'string'
        ? t('too-long', { max: number(Number(issue.maximum)) })
        : t('too-many', { max: number(Number(issue.maximum)) })
    case 'invalid_type':
      if (issue.expected === 'int') return t('not-whole')
      return issue.expected === 'number' ? t('not-number') : t('missing')
    case 'not_multiple_of':
      return t('not-whole')
    case 'invalid_format':
      return t('format')
    case 'invalid_value':
      return t('choice')
    default:
      return t('other')
  }
}

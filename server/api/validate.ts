import { zValidator } from '@hono/zod-validator'
import type { ValidationTargets } from 'hono'
import type { z } from 'zod'
import { BotloomError } from '#kit'

/** A part of a request against its schema; what does not fit is `invalid-request` with the first fault's place. */
export function valid<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (result.success) return
    const issue = result.error.issues[0]
    const place = issue?.path.join('.') ?? ''
    throw new BotloomError('invalid-request', { detail: `${place === '' ? '' : `${place}: `}${issue?.message ?? ''}` })
  })
}

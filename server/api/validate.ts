import { zValidator } from '@hono/zod-validator'
import type { ValidationTargets } from 'hono'
import type { z } from 'zod'
import { BotloomError, firstIssue } from '#kit'

/** A part of a request against its schema; what does not fit is `invalid-request` with the first fault's place. */
export function valid<Target extends keyof ValidationTargets, Schema extends z.ZodType>(
  target: Target,
  schema: Schema,
) {
  return zValidator(target, schema, (result) => {
    if (result.success) return
    const { place, params } = firstIssue(result.error)
    throw new BotloomError('invalid-request', { at: place, ...params })
  })
}

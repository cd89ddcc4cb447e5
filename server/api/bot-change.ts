import { z } from 'zod'
import type { IssueKey } from '#kit'
import { look } from '#kit/look.ts'

/** Scheme, host and port and nothing behind them, as browsers send it. */
const origin = z
  .string()
  .max(200)
  .refine(isOrigin, { params: { issue: 'bad-origin' satisfies IssueKey } })
/** What may be changed of a bot outside of its graph. */
export const botChange = z.strictObject({
  name: z.string().trim().min(1).max(80).optional(),
  origins: z.array(origin).max(100).optional(),
  allowServerCallers: z.boolean().optional(),
  look: look.partial().optional(),
  verifiedOnly: z.boolean().optional(),
})

/** A `*` would be taken for a host and fit none. */
function isOrigin(text: string): boolean {
  return URL.canParse(text) && /^https?:/.test(text) && !text.includes('*') && new URL(text).origin === text
}

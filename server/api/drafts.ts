import { Hono } from 'hono'
import { z } from 'zod'
import { translated } from '#kit'
import { graphDiff } from '#runtime/graph/diff.ts'
import type { StudioEnv } from '#server/auth/guard.ts'
import { localeOf } from '#server/observability/problem.ts'
import type { Services } from '#server/services.ts'
import type { DraftView, NodeState, PushAnswer } from './dto.ts'
import { valid } from './validate.ts'

const push = z.strictObject({
  base: z.number().int().min(0),
  diffs: z.array(graphDiff).max(500),
  allowLargeRemoval: z.boolean().optional(),
})

export function draftRoutes({ bots, drafts, viewer }: Services) {
  return new Hono<StudioEnv>()
    .get('/:bot/draft', async (c) => {
      const draft = await viewer.read(c.get('signedIn').workspace, c.req.param('bot'))
      return c.json({ ...draft, states: inWords(draft.states, localeOf(c)) } satisfies DraftView)
    })
    .post('/:bot/draft/diffs', valid('json', push), async (c) => {
      const { workspace, user } = c.get('signedIn')
      const bot = c.req.param('bot')
      const { draft, clashes, others, applied } = await drafts.push(workspace, bot, c.req.valid('json'), user.id)
      if (applied.length > 0) await bots.touch(workspace, bot)
      const known = await viewer.about(workspace, bot, draft.document)
      return c.json({
        revision: draft.revision,
        draftHash: draft.draftHash,
        contentHash: draft.contentHash,
        savedAt: draft.savedAt,
        clashes,
        others,
        ...known,
        states: inWords(known.states, localeOf(c)),
      } satisfies PushAnswer)
    })
}

/** What went wrong in the last run, in the caller's language. */
function inWords(states: readonly NodeState[], locale: string): NodeState[] {
  return states.map((state) => ({ ...state, failure: state.failure && translated(state.failure, locale) }))
}

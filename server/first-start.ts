import { eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import { learnNodes } from '#runtime/graph/topology.ts'
import type { RunView, StartProgress } from './api/dto.ts'
import { mainWorkspace, workspaces } from './db/schema/auth.ts'
import { registry, type Services } from './services.ts'

export const sampleSlug = 'little-boat-shop'
const sampleTemplate = 'e-commerce'
const author = 'usr_owner'

/**
 * Makes, trains and publishes the sample bot, once an installation. Each step looks first whether it was done, so that a
 * start that was killed goes on where it was. Throws what the run failed with.
 */
export async function prepareSample(
  services: Services,
  given: {
    locale: 'zh-CN' | 'en'
    report: (progress: Pick<StartProgress, 'phase' | 'share' | 'detail' | 'secondsLeft'>) => void
  },
): Promise<void> {
  const { database, bots, removeBot, sets, templates, versions, log } = services
  const { db } = database
  const workspace = mainWorkspace
  const [row] = await db.select().from(workspaces).where(eq(workspaces.workspaceId, workspace))
  if (row?.preparedAt) return

  let bot = await bots.findBySlug(sampleSlug)
  if (bot && !(await isWhole(bot.id))) {
    await removeBot(workspace, bot.id)
    bot = null
  }
  bot ??= await templates.instantiate(workspace, sampleTemplate, {
    name: given.locale === 'zh-CN' ? '小舟商城' : 'Little Boat Shop',
    slug: sampleSlug,
    locale: given.locale,
    allowServerCallers: true,
  })
  if (bot.currentVersion === null) {
    await train(bot.id)
    given.report({ phase: 'publishing', share: 0.97, detail: '', secondsLeft: 1 })
    await versions.publish(workspace, bot.id, { note: '' }, { id: author, name: '' })
  }
  await db.update(workspaces).set({ preparedAt: new Date() }).where(eq(workspaces.workspaceId, workspace))

  /** A killed import leaves its set without rows, since rows appear by one switch. */
  async function isWhole(id: string): Promise<boolean> {
    const found = await sets.list(workspace, id)
    return found.length > 0 && found.every((set) => set.rows > 0)
  }

  async function train(id: string): Promise<void> {
    const { runs, drafts } = services
    const { document, revision } = await drafts.load(workspace, id)
    const states = await runs.states(workspace, id, document)
    if (states.length > 0 && states.every((state) => state.stale === null)) return
    const busy = (await runs.list(workspace, id)).find((run) => run.status === 'running')
    const run = busy ?? (await runs.start({ workspace, bot: id, document, revision }))
    const order = learnNodes(document, registry)
    const done = new Set<string>()
    const ended = await runs.ended(workspace, run.id, {
      progress: (node, progress) => {
        if (progress.share >= 1) done.add(node)
        const name = document.nodes[node]?.name ?? node
        given.report({
          phase: 'training',
          share:
            0.45 + (0.5 * Math.min(order.length, done.size + (done.has(node) ? 0 : progress.share))) / order.length,
          detail: name,
          secondsLeft: progress.secondsLeft ?? null,
        })
      },
    })
    if (ended.status !== 'done') throw toError(ended)
    log.info({ run: run.id }, 'the sample is trained')
  }
}

function toError(run: RunView): BotloomError {
  const { failure } = run
  return failure
    ? new BotloomError(failure.code, failure.params)
    : new BotloomError('unexpected', { detail: `run ${run.status}` })
}

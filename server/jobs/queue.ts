import { sql } from 'drizzle-orm'
import { fromDrizzle, fromPglite, PgBoss } from 'pg-boss'
import type { Logger } from 'pino'
import { isTrial } from '#runtime/compiler/pipeline-vocabulary.ts'
import type { OpenDatabase, Transaction } from '#server/db/client.ts'

/** A block, or a trial of one, to be run: the only job that a run makes. */
export interface BlockJob {
  run: string
  node: string
  attempt: number
  shrink: number
  avoid: string[]
}

export interface Queue {
  /** Enqueues in the caller's transaction; `delay` in milliseconds. */
  send(tx: Transaction, job: BlockJob, delay: number): Promise<void>
  /**
   * Hands each job to `handle`, `atOnce` blocks at a time, and one trial: two would share its cores and memory, and their times are
   * compared. A job is handed out once, its run decides what a lost one means.
   */
  work(handle: (job: BlockJob) => Promise<void>, atOnce: number): Promise<void>
  stop(): Promise<void>
}

/** The longest that a block may take before its job counts as lost. */
const longestSeconds = 23 * 3600

/** A job that waits for its time is announced to nobody: by default pg-boss would look for it twice a minute. */
const polling = { pollingIntervalSeconds: 2, notifyPollingIntervalSeconds: 2 }

/**
 * pg-boss on our own database: a job lives and dies with the transaction that asked for it. Jobs of one `name` are handed to
 * whoever works for that name and to nobody else.
 */
export async function createQueue(database: OpenDatabase, log: Logger, name = 'blocks'): Promise<Queue> {
  const { driver } = database
  const trials = `${name}-trials`
  const boss = new PgBoss({
    ...(driver.kind === 'pglite'
      ? { backend: 'pglite' as const, db: fromPglite(driver.pglite) }
      : { connectionString: driver.pool.options.connectionString ?? '', max: 4 }),
    useListenNotify: true,
  })
  boss.on('error', (error: Error) => log.error({ err: error }, 'queue'))
  await boss.start()
  for (const each of [name, trials])
    await boss.createQueue(each, { notify: true, retryLimit: 0, expireInSeconds: longestSeconds })

  return {
    async send(tx, job, delay) {
      await boss.send(isTrial(job.node) ? trials : name, job, {
        db: fromDrizzle(tx as never, sql),
        ...(delay > 0 ? { startAfter: new Date(Date.now() + delay) } : {}),
      })
    },
    async work(handle, atOnce) {
      for (const each of [trials, ...Array<string>(atOnce).fill(name)])
        await boss.work<BlockJob>(each, { batchSize: 1, ...polling }, async (jobs) => {
          // Jobs of releases that knew no devices lie there without them.
          for (const job of jobs) await handle({ ...job.data, avoid: job.data.avoid ?? [] })
        })
    },
    async stop() {
      await boss.stop({ graceful: true, timeout: 5_000 })
    },
  }
}

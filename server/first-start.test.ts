import { eq } from 'drizzle-orm'
import { afterEach, expect, test } from 'vitest'
import { BotloomError } from '#kit'
import { embeddedDatabase } from '../tests/drivers/database.ts'
import { noCompute } from '../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../tests/drivers/studio.ts'
import type { OpenDatabase } from './db/client.ts'
import { mainWorkspace } from './db/schema/auth.ts'
import { setRows } from './db/schema/sets.ts'
import { prepareSample, sampleSlug } from './first-start.ts'
import type { Compute } from './jobs/compute.ts'

let database: OpenDatabase
let studio: Studio
afterEach(async () => {
  await studio.close()
  await database.close()
})

/** Training stops at once, as on a machine that cannot: what a start does before and after it is looked at here. */
const compute: Compute = {
  ...noCompute,
  classify: () => Promise.reject(new BotloomError('classifier-unavailable')),
  runJob: () => Promise.reject(new BotloomError('data-nothing-left')),
}
const quiet = { locale: 'en' as const, report: () => {} }

test('a first start that fails says why, keeps the bot, and the next start goes on with the same one', async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute })
  const { services } = studio
  await services.runs.work()
  await expect(prepareSample(services, quiet)).rejects.toMatchObject({ code: 'data-nothing-left' })
  const bot = await services.bots.findBySlug(sampleSlug)
  expect(bot).toMatchObject({ currentVersion: null, allowServerCallers: true })
  await expect(prepareSample(services, quiet)).rejects.toMatchObject({ code: 'data-nothing-left' })
  expect((await services.bots.findBySlug(sampleSlug))?.id).toBe(bot?.id)
  expect(await services.runs.list(mainWorkspace, bot!.id)).toHaveLength(2)
})

test('a first start that was killed while it brought in the records begins the bot anew', async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute })
  const { services } = studio
  await services.runs.work()
  await expect(prepareSample(services, quiet)).rejects.toThrow()
  const half = await services.bots.findBySlug(sampleSlug)
  const [set] = await services.sets.list(mainWorkspace, half!.id)
  await services.sets.deleteRows(
    mainWorkspace,
    set!.id,
    (await database.db.select({ id: setRows.id }).from(setRows).where(eq(setRows.setId, set!.id))).map((row) => row.id),
  )
  await expect(prepareSample(services, quiet)).rejects.toThrow()
  const whole = await services.bots.findBySlug(sampleSlug)
  expect(whole?.id).not.toBe(half?.id)
  expect((await services.sets.list(mainWorkspace, whole!.id))[0]?.rows).toBeGreaterThan(1_000)
})

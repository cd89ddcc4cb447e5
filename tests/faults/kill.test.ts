import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type House, openHouse } from './house.ts'
import { strike, victims } from './strike.ts'

/** The short form: one moment each on the embedded database; `npm run test:kill` strikes ten times each, on both databases. */
describe.skipIf(process.platform !== 'linux')('kill -9 in the midst of a run and a chat', () => {
  let house: House
  let dataFolder: string
  beforeAll(async () => {
    dataFolder = await mkdtemp(join(tmpdir(), 'botloom-kill-'))
    house = await openHouse({ dataFolder })
  }, 420_000)
  afterAll(async () => {
    await house?.stop()
    await rm(dataFolder, { recursive: true, force: true })
  })

  test.each(victims)(
    'of the %s process: nothing acknowledged is lost, no message is doubled, the run ends',
    async (victim) => {
      const struck = await strike(house, victim, 700, 1000 + victims.indexOf(victim))
      expect(struck.killed, house.output()).toBe(true)
      expect(struck.faults, house.output()).toEqual([])
      expect(struck.run).toBe('done')
      expect(struck.messages).toBeGreaterThan(2)
    },
    400_000,
  )
})

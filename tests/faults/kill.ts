import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { postgresDatabase } from '../drivers/database.ts'
import { openHouse } from './house.ts'
import { type Struck, strike, victims } from './strike.ts'

/**
 * `npm run test:kill [TIMES]`: kill -9 of the train, the serve and the server process at TIMES (10) random moments each, during runs
 * and chats, on the embedded database and on PostgreSQL. Ends with 1 when a promise was broken.
 */
const times = Number(process.argv[2] ?? 10)
/** Milliseconds after the beginning of a run within which a kill comes, by what its model learns with. */
const span = { head: 6_000, full: 30_000 }

async function strikeAll(name: string, databaseUrl?: string): Promise<Struck[]> {
  const dataFolder = await mkdtemp(join(tmpdir(), 'botloom-kill-'))
  console.log(`${name}: preparing the sample bot ...`)
  const house = await openHouse({ dataFolder, databaseUrl })
  const all: Struck[] = []
  try {
    for (let i = 0; i < times; i++)
      for (const victim of victims) {
        const method = i % 2 === 0 ? 'full' : 'head'
        const moment = Math.round(Math.random() * span[method])
        const struck = await strike(house, victim, moment, 10_000 + all.length, method)
        all.push(struck)
        const { run, messages, killed, faults } = struck
        console.log(
          `${name} ${method} ${victim.padEnd(6)} at ${String(moment).padStart(5)} ms${killed ? '' : ' (was not up)'}: run ${run}, ${messages} messages, ${
            faults.length === 0 ? 'nothing lost' : faults.join('; ')
          }`,
        )
      }
  } finally {
    await house.stop()
    await rm(dataFolder, { recursive: true, force: true })
  }
  return all
}

const struck = await strikeAll('embedded')
const postgres = await postgresDatabase()
if (postgres) {
  try {
    struck.push(...(await strikeAll('PostgreSQL', postgres.url)))
  } finally {
    await postgres.close()
  }
} else console.warn('SKIPPED: PostgreSQL: none answers on 127.0.0.1:5432; set TEST_DATABASE_URL')

const kills = struck.filter((one) => one.killed).length
const broken = struck.filter((one) => one.faults.length > 0)
const messages = struck.reduce((sum, one) => sum + one.messages, 0)
console.log(`\n${kills} kills, ${struck.length} runs, ${messages} messages: ${broken.length} with a broken promise`)
process.exit(broken.length > 0 ? 1 : 0)

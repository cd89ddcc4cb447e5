import pg from 'pg'
import { type Product, startProduct } from '../drivers/product.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'
import { runLoad } from './turns/load.ts'
import { modelTurns, ruleTurns } from './turns/scripts.ts'
import { keepTraining } from './turns/training.ts'

type Log = (text: string) => void
const running = new Map<string, Product>()
const server = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const database = `botloom_bench_${process.pid}`

/** The product over one store, its sample bot published; started once for all lines. */
async function productOn(store: string, log: Log): Promise<Product> {
  const known = running.get(store)
  if (known) return known
  log(`starting Botloom on ${store}, training the sample bot ...`)
  const unlimited = { BOTLOOM_CONVERSATIONS_PER_MINUTE: '1000000', BOTLOOM_MESSAGES_PER_MINUTE: '1000000' }
  const env = store === 'PostgreSQL' ? { ...unlimited, DATABASE_URL: await makeDatabase() } : unlimited
  const product = await startProduct({ env, deadline: 600_000 })
  running.set(store, product)
  return product
}

async function admin<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: server, connectionTimeoutMillis: 2_000 })
  try {
    await client.connect()
  } catch {
    throw new SkipLine(`no PostgreSQL answers at ${server}; set TEST_DATABASE_URL`)
  }
  return work(client).finally(() => client.end())
}

async function makeDatabase(): Promise<string> {
  await admin((client) => client.query(`create database ${database}`))
  const url = new URL(server)
  url.pathname = `/${database}`
  return url.href
}

function linesOf(store: 'PGlite' | 'PostgreSQL'): BenchLine[] {
  const key = (name: string): string => (store === 'PGlite' ? name : `${name}Postgres`)
  const label = (what: string): string => `${what} (${store})`
  return [
    {
      figures: {
        [key('ruleTurnsPerSecond')]: { label: label('rule turns a second, persisted'), reference: '>= 500', digits: 0 },
        [key('ruleP95Ms')]: { label: label('rule turn, p95 in ms'), reference: '< 50', digits: 1 },
      },
      async measure(log) {
        const { url } = await productOn(store, log)
        const { turnsPerSecond, p95Ms, turns } = await runLoad(url, ruleTurns)
        log(`${turns} rule turns on ${store}`)
        return { [key('ruleTurnsPerSecond')]: turnsPerSecond, [key('ruleP95Ms')]: p95Ms }
      },
    },
    {
      figures: {
        [key('modelTurnsPerSecond')]: { label: label('turns a second with the model'), reference: '>= 200', digits: 0 },
        [key('modelP95Ms')]: { label: label('turn with the model, p95 in ms'), reference: '< 50', digits: 1 },
      },
      async measure(log) {
        const { url } = await productOn(store, log)
        const { turnsPerSecond, p95Ms, turns } = await runLoad(url, modelTurns())
        log(`${turns} turns with the model on ${store}`)
        return { [key('modelTurnsPerSecond')]: turnsPerSecond, [key('modelP95Ms')]: p95Ms }
      },
    },
    {
      figures: {
        [key('modelP95WhileTrainingMs')]: {
          label: label('turn with the model during a training, p95 in ms'),
          reference: '< 250',
          digits: 1,
        },
      },
      async measure(log) {
        const { url, links } = await productOn(store, log)
        const training = await keepTraining(url, links.studio)
        try {
          const { p95Ms, turns } = await runLoad(url, modelTurns())
          log(`${turns} turns with the model on ${store} while it trained`)
          return { [key('modelP95WhileTrainingMs')]: p95Ms }
        } finally {
          await training.stop()
        }
      },
    },
  ]
}

try {
  await runBench('turns', [...linesOf('PGlite'), ...linesOf('PostgreSQL')])
} finally {
  for (const product of running.values()) await product.stop()
  if (running.has('PostgreSQL'))
    await admin((client) => client.query(`drop database if exists ${database} with (force)`))
}

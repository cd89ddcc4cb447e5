import pg from 'pg'
import { type Product, startProduct } from '../drivers/product.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'
import { runLoad, type Script } from './turns/load.ts'
import { modelTurns, ruleTurns } from './turns/scripts.ts'
import { keepTraining } from './turns/training.ts'

type Log = (text: string) => void
type Store = 'PGlite' | 'PostgreSQL'
const running = new Map<string, Product>()
const server = process.env.TEST_DATABASE_URL ?? 'postgres://postgres@127.0.0.1:5432/postgres'
const database = `botloom_bench_${process.pid}`

/** The product over one store, its sample bot published; started once for all lines. */
async function productOn(store: Store, log: Log): Promise<Product> {
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

type Named = (name: string) => string

/** One kind of turn under load: how many a second, and how long half, 95 and 99 of 100 take. */
function loadLine(
  store: Store,
  what: { name: string; label: string; perSecond: string; p95: string; script: () => Script; visitors?: number },
): BenchLine {
  const key = keyOf(store)
  const keys = {
    rate: key(`${what.name}TurnsPerSecond`),
    p50: key(`${what.name}P50Ms`),
    p95: key(`${what.name}P95Ms`),
    p99: key(`${what.name}P99Ms`),
  }
  const label = (part: string): string => `${what.label}, ${part} (${store})`
  return {
    figures: {
      [keys.rate]: { label: label('turns a second'), reference: what.perSecond, digits: 0 },
      [keys.p50]: { label: label('half of them within ms'), reference: '', digits: 1 },
      [keys.p95]: { label: label('p95 in ms'), reference: what.p95, digits: 1 },
      [keys.p99]: { label: label('p99 in ms'), reference: '', digits: 1 },
    },
    async measure(log) {
      const { url } = await productOn(store, log)
      const { turnsPerSecond, p50Ms, p95Ms, p99Ms, turns } = await runLoad(url, what.script(), {
        visitors: what.visitors,
      })
      log(`${turns} turns on ${store}: ${what.label}`)
      return { [keys.rate]: turnsPerSecond, [keys.p50]: p50Ms, [keys.p95]: p95Ms, [keys.p99]: p99Ms }
    },
  }
}

const keyOf =
  (store: Store): Named =>
  (name) =>
    store === 'PGlite' ? name : `${name}Postgres`

function linesOf(store: Store): BenchLine[] {
  const key = keyOf(store)
  return [
    loadLine(store, {
      name: 'rule',
      label: 'rule turns, persisted',
      perSecond: '>= 500',
      p95: '< 50',
      script: () => ruleTurns,
    }),
    loadLine(store, { name: 'model', label: 'with the model', perSecond: '>= 200', p95: '< 50', script: modelTurns }),
    loadLine(store, {
      name: 'crowd',
      label: 'rule turns of 1,000 visitors at once',
      perSecond: '',
      p95: '',
      script: () => ruleTurns,
      visitors: 1_000,
    }),
    {
      figures: {
        [key('modelP95WhileTrainingMs')]: {
          label: `turn with the model during a training, p95 in ms (${store})`,
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

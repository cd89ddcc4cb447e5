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

/** One kind of turn under load: how many a second at most, or how long half, 95 and 99 of 100 take at a rate. */
interface LoadKind {
  name: string
  label: string
  script: () => Script
  visitors?: number
}

/** Each visitor speaks as soon as it was answered. */
function mostLine(store: Store, kind: LoadKind & { asked: string }): BenchLine {
  const key = keyOf(store)
  const keys = { rate: key(`${kind.name}TurnsPerSecond`), p95: key(`${kind.name}SaturatedP95Ms`) }
  return {
    figures: {
      [keys.rate]: { label: `${kind.label}, turns a second at most (${store})`, reference: kind.asked, digits: 0 },
      [keys.p95]: { label: `${kind.label}, p95 in ms there (${store})`, reference: '', digits: 1 },
    },
    async measure(log) {
      const { url } = await productOn(store, log)
      const { turnsPerSecond, p95Ms, turns } = await runLoad(url, kind.script(), { visitors: kind.visitors })
      log(`${turns} turns on ${store}: ${kind.label}`)
      return { [keys.rate]: turnsPerSecond, [keys.p95]: p95Ms }
    },
  }
}

/** Visitors who think, and together say `perSecond` messages a second. */
function pacedLine(store: Store, kind: LoadKind & { perSecond: number; asked: string }): BenchLine {
  const key = keyOf(store)
  const { name, perSecond } = kind
  const keys = { p50: key(`${name}P50Ms`), p95: key(`${name}P95Ms`), p99: key(`${name}P99Ms`) }
  const label = (part: string): string => `${kind.label}, ${part} in ms at ${perSecond} a second (${store})`
  return {
    figures: {
      [keys.p50]: { label: label('p50'), reference: '', digits: 1 },
      [keys.p95]: { label: label('p95'), reference: kind.asked, digits: 1 },
      [keys.p99]: { label: label('p99'), reference: '', digits: 1 },
    },
    async measure(log) {
      const { url } = await productOn(store, log)
      const { turnsPerSecond, p50Ms, p95Ms, p99Ms } = await runLoad(url, kind.script(), {
        visitors: kind.visitors,
        perSecond,
      })
      if (turnsPerSecond < perSecond * 0.95)
        log(`only ${turnsPerSecond.toFixed(0)} of ${perSecond} turns a second were answered: the times mean little`)
      return { [keys.p50]: p50Ms, [keys.p95]: p95Ms, [keys.p99]: p99Ms }
    },
  }
}

const keyOf =
  (store: Store): Named =>
  (name) =>
    store === 'PGlite' ? name : `${name}Postgres`

function linesOf(store: Store): BenchLine[] {
  const key = keyOf(store)
  const rule = { name: 'rule', label: 'rule turns, persisted', script: () => ruleTurns }
  const model = { name: 'model', label: 'with the model', script: modelTurns }
  const crowd = {
    name: 'crowd',
    label: 'rule turns of 1,000 visitors at once',
    script: () => ruleTurns,
    visitors: 1_000,
  }
  return [
    mostLine(store, { ...rule, asked: '>= 500' }),
    pacedLine(store, { ...rule, perSecond: 500, asked: '< 50' }),
    mostLine(store, { ...model, asked: '>= 200' }),
    pacedLine(store, { ...model, perSecond: 200, asked: '< 50' }),
    mostLine(store, { ...crowd, asked: '' }),
    pacedLine(store, { ...crowd, perSecond: 500, asked: '' }),
    {
      figures: {
        [key('modelP95WhileTrainingMs')]: {
          label: `turn with the model at 200 a second during a training, p95 in ms (${store})`,
          reference: '< 250',
          digits: 1,
        },
      },
      async measure(log) {
        const { url, links } = await productOn(store, log)
        const training = await keepTraining(url, links.studio)
        try {
          const { p95Ms, turnsPerSecond } = await runLoad(url, modelTurns(), { perSecond: 200 })
          log(`${turnsPerSecond.toFixed(0)} turns a second with the model on ${store} while it trained`)
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

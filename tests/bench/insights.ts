import { randomUUID } from 'node:crypto'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import { definitions, steps } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { projectRoot } from '#runtime/project-root.ts'
import { createConversationService } from '#server/conversations/conversation-service.ts'
import { type OpenDatabase, openDatabase } from '#server/db/client.ts'
import { createInsightCounter } from '#server/insights/insight-counter.ts'
import { createInsightStore } from '#server/insights/insight-store.ts'
import { verdict } from '../drivers/chat.ts'
import { addBot, postgresDatabase } from '../drivers/database.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'

/** Messages that figures are made of; `BENCH_MESSAGES=1000000` for a million. */
const wanted = Number(process.env.BENCH_MESSAGES ?? 200_000)
const seeds = 100
const bot = 'bot_bench'

type Log = (text: string) => void

const lines = [
  '我要退货',
  'XZ20251234',
  '颜色发错了',
  '三天前',
  '还很新',
  '好的',
  '我的快递怎么还没到',
  'XZ20250001',
  '5天',
  '天气如何',
]

async function sample(): Promise<GraphDocument> {
  const text = await readFile(join(projectRoot, 'nodes', 'templates', 'e-commerce', 'graph.json'), 'utf8')
  return parseDocument(JSON.parse(text))
}

function labelsOf(document: GraphDocument): string[] {
  const ports = Object.values(document.edges).map(({ from }) => from.port)
  return [...new Set(ports.filter((port) => port.startsWith('lbl_')))]
}

/** Conversations with the sample bot, held by the engine and copied by the database until there are enough messages. */
async function fill(database: OpenDatabase, document: GraphDocument, log: Log): Promise<void> {
  await addBot(database, 'ws', bot)
  const labels = labelsOf(document)
  const deploy = Object.values(document.nodes).find(({ type }) => type === 'deploy')!.id
  const service = await createConversationService({
    database,
    classifier: {
      retrieve: () => Promise.reject(new Error('this bot has no knowledge')),
      classify: async (_model, texts) =>
        texts.map((text) => {
          const at = [...String(text)].reduce((sum, char) => sum + char.codePointAt(0)!, 0)
          return verdict({ [labels[at % labels.length]!]: at % 7 === 0 ? 0.2 : 0.93, lbl_other: 0.05 }).result
        }),
    },
    calls: { perform: () => Promise.reject(new Error('this bot asks no other server')) },
    versions: {
      load: async () => ({
        document,
        classifiers: { [deploy]: { artifact: 'a'.repeat(64), labels: [], threshold: 0.5, accuracy: null } },
      }),
      choose: async () => ({ version: 1, drawn: null }),
    },
    registry: { nodes: definitions },
    steps,
    log: pino({ level: 'silent' }),
  })
  for (let seed = 0; seed < seeds; seed++) {
    const { conversationId } = await service.start({ workspace: 'ws', bot, pin: { version: 1 }, language: 'zh-CN' })
    for (let turn = 0; turn < 2 + (seed % 6); turn++)
      await service.send(conversationId, { text: lines[(seed + turn) % lines.length]! })
  }
  await service.close()
  const [{ count = 0 } = {}] = await database.query<{ count: number }>('select count(*)::int as count from messages')
  const copies = Math.ceil(wanted / count)
  const columns = async (table: string) => {
    const found = await database.query<{ name: string }>(
      `select column_name as name from information_schema.columns where table_name = $1 order by ordinal_position`,
      [table],
    )
    return found.map(({ name }) => `"${name}"`)
  }
  const chats = await columns('conversations')
  const said = await columns('messages')
  for (let copy = 1; copy < copies; copy++) {
    const shift = `interval '${copy % 90} days'`
    const of = (names: string[], id: string) =>
      names.map((name) =>
        name === `"${id}"` ? `"${id}" || '_${copy}'` : /_at"$|"at"$/.test(name) ? `${name} - ${shift}` : name,
      )
    await database.query(
      `insert into conversations (${chats}) select ${of(chats, 'id')} from conversations where id !~ '_[0-9]+$'`,
    )
    await database.query(
      `insert into messages (${said}) select ${of(said, 'conversation_id')} from messages where conversation_id !~ '_[0-9]+$'`,
    )
  }
  await database.query('analyze')
  log(`${copies * count} messages in ${copies * seeds} conversations`)
}

async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const from = performance.now()
  const result = await work()
  return [performance.now() - from, result]
}

function lineOf(store: 'PGlite' | 'PostgreSQL'): BenchLine {
  const key = (name: string): string => (store === 'PGlite' ? name : `${name}Postgres`)
  const info = (label: string, reference: string) => ({ label: `${label} (${store})`, reference, digits: 0 })
  return {
    figures: {
      [key('countSeconds')]: info('seconds to count everything anew', 'a command, not a wait'),
      [key('longestPauseMs')]: info('longest that a turn would have waited meanwhile, ms', '< 50 at p95 of a turn'),
      [key('figuresMs')]: info('figures by day, 90 days, ms', '< 1000'),
      [key('graphMs')]: info('figures on the graph, 90 days, ms', '< 1000'),
      [key('lookMs')]: info('looking whether all is counted, ms', 'once an hour'),
      [key('fromTracesMs')]: info('one figure straight from the stored traces, ms', 'why they are counted beforehand'),
    },
    async measure(log) {
      const folder = await mkdtemp(join(tmpdir(), 'botloom-insights-'))
      const database = store === 'PGlite' ? await openDatabase({ dataFolder: folder }) : await postgresDatabase()
      if (!database) throw new SkipLine('no PostgreSQL answers on 127.0.0.1:5432; set TEST_DATABASE_URL')
      try {
        const document = await sample()
        await fill(database, document, log)
        const counter = createInsightCounter({
          database,
          zoneOf: async () => document.timeZone,
          log: pino({ level: 'silent' }),
        })
        const insights = createInsightStore({
          database,
          documentOf: async () => document,
          currentVersion: async () => 1,
        })
        // What a turn writes beside it: how long has it to wait for the one connection?
        let counting = true
        const pauses: number[] = []
        const beside = (async () => {
          while (counting) {
            const [ms] = await timed(() =>
              database.query('update bots set name = $1 where id = $2', [randomUUID(), bot]),
            )
            pauses.push(ms)
            await new Promise((resolve) => setTimeout(resolve, 20))
          }
        })()
        const [count] = await timed(() => counter.rebuild())
        counting = false
        await beside
        pauses.sort((a, b) => a - b)
        log(
          `beside it: median ${pauses[pauses.length >> 1]?.toFixed(1)} ms, p95 ${pauses[Math.floor(pauses.length * 0.95)]?.toFixed(1)} ms`,
        )
        await database.query('analyze')
        const days = { from: new Date(Date.now() - 90 * 86_400_000).toISOString().slice(0, 10) }
        const [figures] = await timed(() => insights.figures('ws', bot, 'day', days))
        const [graph] = await timed(() => insights.graph('ws', bot, 1, days))
        const [look] = await timed(() =>
          createInsightCounter({
            database,
            zoneOf: async () => document.timeZone,
            log: pino({ level: 'silent' }),
          }).catchUp(),
        )
        const [fromTraces] = await timed(() =>
          database.query(
            `select left(at::text, 10), count(*) filter (where trace::jsonb -> 'classification' <> 'null'),
               percentile_disc(0.95) within group (order by (trace::jsonb ->> 'ms')::real)
             from messages where trace is not null group by 1`,
          ),
        )
        await counter.stop()
        return {
          [key('countSeconds')]: count / 1000,
          [key('longestPauseMs')]: pauses.at(-1) ?? Number.NaN,
          [key('figuresMs')]: figures,
          [key('graphMs')]: graph,
          [key('lookMs')]: look,
          [key('fromTracesMs')]: fromTraces,
        }
      } finally {
        await database.close()
        await rm(folder, { recursive: true, force: true })
      }
    },
  }
}

await runBench('insights', [lineOf('PGlite'), lineOf('PostgreSQL')])

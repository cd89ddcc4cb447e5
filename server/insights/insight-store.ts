import { BotloomError } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type {
  InsightChats,
  InsightChatsFilter,
  InsightFigures,
  InsightFilter,
  InsightGraph,
  InsightKey,
  InsightView,
} from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { dayIn, entered, type Slice } from './count-turns.ts'

/** Milliseconds of silence after which nobody is waited for any more. */
const silentAfter = 30 * 60_000
/** Days of a period where none is asked for. */
const usualDays = 28
const mostDays = 400
const mostChats = 1_000

export type InsightStore = ReturnType<typeof createInsightStore>

/** `$1` to `$7`: whose slices, from which day to which, of which version, language and channel; null where any. */
const sliced = `workspace_id = $1 and bot_id = $2 and day >= $3 and day <= $4 and ($5::int is null or version = $5::int)
  and ($6::text is null or language = $6) and ($7::text is null or channel = $7)`
/** A conversation in what is looked at; `$8` is the instant before which the last word must lie for it to be silent. */
const chatsBy = (key: string): string => `
  select ${key} as key, conversation_id, sum(said) as said, bool_or(person) as person, bool_and(over or last_at < $8::timestamptz) as over,
    sum(no_match) as no_match
  from conversation_days where ${sliced} group by 1, 2`
const outcomes = {
  conversations: 'said > 0',
  contained: 'said > 0 and over and not person',
  handedOver: 'said > 0 and person',
  noMatch: 'no_match > 0',
}

const keys: Record<InsightKey | 'total', string> = {
  day: 'day',
  version: 'version::text',
  language: 'language',
  channel: 'channel',
  total: `''::text`,
}

const nothing = (): InsightFigures => ({
  conversations: 0,
  contained: 0,
  handedOver: 0,
  messages: 0,
  verdicts: 0,
  noMatch: 0,
  apiCalls: 0,
  ratings: { count: 0, sum: 0 },
  responseMs: null,
})

/** Figures over what was counted of conversations, over either database. */
export function createInsightStore(deps: {
  database: Pick<OpenDatabase, 'query'>
  documentOf: (workspace: string, bot: string, version: number) => Promise<GraphDocument>
  /** The version of new conversations, else the latest; null where nothing was published. */
  currentVersion: (workspace: string, bot: string) => Promise<number | null>
  now?: () => Date
}) {
  const { database, documentOf, currentVersion } = deps
  const now = deps.now ?? (() => new Date())
  const silentSince = (): string => new Date(now().getTime() - silentAfter).toISOString()

  /** The bot's today is that of its current version. */
  async function zoneOf(workspace: string, bot: string): Promise<string> {
    const version = await currentVersion(workspace, bot)
    return version === null ? 'Asia/Shanghai' : (await documentOf(workspace, bot, version)).timeZone
  }

  async function periodOf(zone: () => Promise<string>, { from, to }: InsightFilter) {
    const last = to ?? dayIn(await zone(), now())
    const first = from ?? shiftDay(last, 1 - usualDays)
    if (first > last || first < shiftDay(last, 1 - mostDays))
      throw new BotloomError('invalid-request', { at: 'from', issue: 'not-readable' })
    return { from: first, to: last }
  }

  function slicesOf(workspace: string, bot: string, filter: InsightFilter & { from: string; to: string }): unknown[] {
    const { from, to, version, language, channel } = filter
    return [workspace, bot, from, to, version ?? null, language ?? null, channel ?? null]
  }

  async function figuresBy(by: InsightKey | 'total', slices: unknown[]): Promise<Map<string, InsightFigures>> {
    const key = keys[by]
    const found = new Map<string, InsightFigures>()
    const of = (name: string): InsightFigures => {
      const figures = found.get(name) ?? nothing()
      found.set(name, figures)
      return figures
    }
    const chats = await database.query<
      { key: string } & Pick<InsightFigures, 'conversations' | 'contained' | 'handedOver'>
    >(
      `select key, ${(['conversations', 'contained', 'handedOver'] as const)
        .map((figure) => `count(*) filter (where ${outcomes[figure]})::int as "${figure}"`)
        .join(', ')}
       from (${chatsBy(key)}) chats group by key`,
      [...slices, silentSince()],
    )
    for (const { key, ...counts } of chats) Object.assign(of(key), counts)
    const sums = await database.query<
      { key: string } & Pick<InsightFigures, 'messages' | 'verdicts' | 'noMatch' | 'apiCalls'>
    >(
      `select ${key} as key, sum(said)::int as messages, sum(verdicts)::int as verdicts, sum(no_match)::int as "noMatch",
         sum(api_calls)::int as "apiCalls"
       from conversation_days where ${sliced} group by 1`,
      slices,
    )
    for (const { key, ...counts } of sums) Object.assign(of(key), counts)
    const times = await database.query<{ key: string; times: number[] }>(
      `select ${key} as key, percentile_disc(array[0.5, 0.95]) within group (order by time) as times
       from conversation_days, unnest(ms) as t(time) where ${sliced} group by 1`,
      slices,
    )
    for (const {
      key,
      times: [p50 = 0, p95 = 0],
    } of times)
      of(key).responseMs = { p50, p95 }
    return found
  }

  /**
   * How often each block was entered and left by each port, and by how many. Day by day, since the embedded database does nothing else
   * while it answers; conversations that lie in one slice alone, which are nearly all, need not be remembered.
   */
  async function passesIn(slices: unknown[], { from, to }: { from: string; to: string }): Promise<Passes> {
    const several = await database.query<{ id: string; said: number }>(
      `select conversation_id as id, sum(said)::int as said from conversation_days where ${sliced} group by 1 having count(*) > 1`,
      slices,
    )
    const spoken = new Map(several.map(({ id, said }) => [id, said > 0]))
    const passes = createPasses()
    for (let day = from; day <= to; day = shiftDay(day, 1)) {
      const rows = await database.query<{ id: string; said: number; passes: string }>(
        `select conversation_id as id, said, passes::text as passes from conversation_days where ${sliced}`,
        [...slices.slice(0, 2), day, day, ...slices.slice(4)],
      )
      for (const { id, said, passes: of } of rows)
        if (spoken.get(id) ?? said > 0) passes.add(JSON.parse(of), spoken.has(id) ? id : null)
      await new Promise((resolve) => setImmediate(resolve))
    }
    return passes
  }

  /** A rating belongs to the day on which it was given and the version that asked; the rest is its conversation's. */
  async function ratingsBy(by: InsightKey | 'total', slices: unknown[], zone: string) {
    return database.query<{ key: string; count: number; sum: number }>(
      `select ${keys[by]} as key, count(*)::int as count, sum(rating)::int as sum from (
         select r.workspace_id, r.bot_id, to_char(r.at at time zone $8, 'YYYY-MM-DD') as day, r.version, c.language, c.channel, r.rating
         from conversation_ratings r join conversations c on c.id = r.conversation_id and not c.is_try
           and c.environment = 'live'
         where r.workspace_id = $1 and r.bot_id = $2
       ) rated where ${sliced} group by 1`,
      [...slices, zone],
    )
  }

  /** Ids of the conversations behind a figure that is no place on the graph. */
  const behind = {
    rated: `select r.conversation_id from conversation_ratings r join conversations c on c.id = r.conversation_id and not c.is_try
        and c.environment = 'live'
      where r.workspace_id = $1 and r.bot_id = $2 and to_char(r.at at time zone $8, 'YYYY-MM-DD') between $3 and $4
        and ($5::int is null or r.version = $5::int) and ($6::text is null or c.language = $6) and ($7::text is null or c.channel = $7)`,
    stopped: `select conversation_id from conversation_facts where ${sliced} and stopped_at = $9
      and (ended or last_at < $8::timestamptz) and ($10::text is null or (via_node = $10 and via_port = $11))`,
    passed: `select conversation_id from conversation_days where ${sliced} and passes -> $8 ->> $9 is not null
      and conversation_id in (select conversation_id from conversation_days where ${sliced} and said > 0)`,
    reached: `select conversation_id from conversation_days where ${sliced} and passes -> $8 is not null
      and conversation_id in (select conversation_id from conversation_days where ${sliced} and said > 0)`,
  }

  async function idsBehind(workspace: string, bot: string, filter: InsightChatsFilter): Promise<[string, unknown[]]> {
    const slices = slicesOf(workspace, bot, { ...filter, ...(await periodOf(() => zoneOf(workspace, bot), filter)) })
    const { figure, block, edge, version } = filter
    const wireOf = async () => {
      const wire = version === undefined ? undefined : (await documentOf(workspace, bot, version)).edges[edge ?? '']
      if (!wire) throw new BotloomError('not-found', { what: 'wire' })
      return wire
    }
    switch (figure) {
      case 'rated':
        return [behind.rated, [...slices, await zoneOf(workspace, bot)]]
      case 'stopped': {
        const wire = edge === undefined ? null : await wireOf()
        const at = wire ? [wire.to.node, wire.from.node, wire.from.port] : [block ?? '', null, null]
        return [behind.stopped, [...slices, silentSince(), ...at]]
      }
      case 'passed': {
        const { from } = await wireOf()
        return [behind.passed, [...slices, from.node, from.port]]
      }
      case 'reached':
        return [behind.reached, [...slices, block ?? '']]
      default:
        return [
          `select conversation_id from (${chatsBy(keys.total)}) chats where ${outcomes[figure]}`,
          [...slices, silentSince()],
        ]
    }
  }

  return {
    async figures(workspace: string, bot: string, by: InsightKey, filter: InsightFilter): Promise<InsightView> {
      const zone = await zoneOf(workspace, bot)
      const { from, to } = await periodOf(async () => zone, filter)
      const slices = slicesOf(workspace, bot, { ...filter, from, to })
      const rows = await figuresBy(by, slices)
      const total = (await figuresBy('total', slices)).get('') ?? nothing()
      for (const { key, ...ratings } of await ratingsBy(by, slices, zone)) {
        const figures = rows.get(key) ?? nothing()
        rows.set(key, { ...figures, ratings })
        total.ratings.count += ratings.count
        total.ratings.sum += ratings.sum
      }
      if (by === 'day')
        for (let day = from; day <= to; day = shiftDay(day, 1)) rows.set(day, rows.get(day) ?? nothing())
      const ever = await database.query(
        `select 1 from conversation_days where workspace_id = $1 and bot_id = $2 and said > 0 limit 1`,
        [workspace, bot],
      )
      return {
        from,
        to,
        rows: [...rows].map(([key, figures]) => ({ key, figures })).sort((a, b) => inOrder(by, a.key, b.key)),
        total,
        any: ever.length > 0,
      }
    },

    /** What went over the wires of a version. Throws `not-found` where there is no such version. */
    async graph(
      workspace: string,
      bot: string,
      version: number,
      filter: Omit<InsightFilter, 'version'>,
    ): Promise<InsightGraph> {
      const document = await documentOf(workspace, bot, version)
      const period = await periodOf(() => zoneOf(workspace, bot), filter)
      const slices = slicesOf(workspace, bot, { ...filter, version, ...period })
      const passes = await passesIn(slices, period)
      const stops = await database.query<{ block: string; node: string | null; port: string | null; count: number }>(
        `select stopped_at as block, via_node as node, via_port as port, count(*)::int as count from conversation_facts
         where ${sliced} and stopped_at is not null and (ended or last_at < $8::timestamptz) group by 1, 2, 3`,
        [...slices, silentSince()],
      )
      const [all] = await database.query<{ count: number }>(
        `select count(*) filter (where ${outcomes.conversations})::int as count from (${chatsBy(keys.total)}) chats`,
        [...slices, silentSince()],
      )
      return { version, conversations: all?.count ?? 0, ...onGraph(document, passes, stops) }
    },

    async chats(workspace: string, bot: string, filter: InsightChatsFilter): Promise<InsightChats> {
      const [ids, params] = await idsBehind(workspace, bot, filter)
      const rows = await database.query<{ id: string; total: number }>(
        `select id, count(*) over ()::int as total from conversations where id in (${ids})
         order by created_at desc, id desc limit ${mostChats}`,
        params,
      )
      return { total: rows[0]?.total ?? 0, ids: rows.map(({ id }) => id) }
    },
  }
}

type Passes = ReturnType<typeof createPasses>

/** Sums of what slices say, by block and port. */
function createPasses() {
  const found = new Map<string, Map<string, { count: number; conversations: number }>>()
  const met = new Set<string>()
  return {
    of: (node: string, port: string) => found.get(node)?.get(port),

    /** `conversation` where others of its slices may follow: it counts once. */
    add(slice: Slice['passes'], conversation: string | null): void {
      for (const [node, ports] of Object.entries(slice)) {
        const block = found.get(node) ?? new Map<string, { count: number; conversations: number }>()
        found.set(node, block)
        for (const [port, times] of Object.entries(ports)) {
          const sum = block.get(port) ?? { count: 0, conversations: 0 }
          block.set(port, sum)
          sum.count += times
          const key = conversation === null ? null : JSON.stringify([conversation, node, port])
          if (key === null || !met.has(key)) sum.conversations++
          if (key !== null) met.add(key)
        }
      }
    },
  }
}

function onGraph(
  { nodes, edges }: GraphDocument,
  passes: Passes,
  stops: readonly { block: string; node: string | null; port: string | null; count: number }[],
): Pick<InsightGraph, 'wires' | 'blocks'> {
  const blocks: InsightGraph['blocks'] = {}
  for (const id of Object.keys(nodes)) {
    const come = passes.of(id, entered)
    if (!come) continue
    const stopped = stops.filter(({ block }) => block === id).reduce((sum, { count }) => sum + count, 0)
    blocks[id] = { entries: come.count, conversations: come.conversations, stopped }
  }
  const wires: InsightGraph['wires'] = {}
  for (const { id, from, to } of Object.values(edges)) {
    const gone = passes.of(from.node, from.port)
    if (!gone) continue
    const here = stops.find(({ block, node, port }) => block === to.node && node === from.node && port === from.port)
    wires[id] = { passes: gone.count, conversations: gone.conversations, stopped: here?.count ?? 0 }
  }
  return { wires, blocks }
}

function shiftDay(day: string, days: number): string {
  const at = new Date(`${day}T00:00:00Z`)
  at.setUTCDate(at.getUTCDate() + days)
  return at.toISOString().slice(0, 10)
}

function inOrder(by: InsightKey, a: string, b: string): number {
  if (by === 'version') return Number(b) - Number(a)
  return a < b ? -1 : a > b ? 1 : 0
}

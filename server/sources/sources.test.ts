import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  ConnectionTables,
  ConnectionView,
  ImportAnswer,
  RowsPage,
  SetSummary,
  SourcePreview,
  SourceView,
} from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { createConnectPolicy } from '#server/outbound/connect-policy.ts'
import { cutLine } from '../../tests/drivers/cut-line.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { type ForeignPostgres, foreignPostgres } from '../../tests/drivers/foreign-postgres.ts'
import { type MariaDb, startMariaDb } from '../../tests/drivers/mariadb.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { startPasswordPostgres } from '../../tests/drivers/password-postgres.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'
import { openMysqlSource } from './mysql.ts'
import { openPostgresSource } from './postgres.ts'
import type { DatabaseRequest } from './source-shapes.ts'

let database: OpenDatabase
let studio: Studio
let bot = ''
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute, env: { BOTLOOM_OUTBOUND_ALLOW: '127.0.0.1' } })
  bot = (await studio.call<{ id: string }>('POST', '/api/bots', { name: 'Shop', template: null })).body.id
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

type Refused = { code: string; message: string; remedy: string }
const connect = (settings: object) =>
  studio.call<ConnectionTables & Refused>('POST', `/api/bots/${bot}/connections`, settings)
const look = (connection: string, query: object) =>
  studio.call<SourcePreview & Refused>('POST', `/api/bots/${bot}/connections/${connection}/preview`, { query })
const newSet = async () => (await studio.call<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: 'Set' })).body.id
const rowsOf = async (set: string) =>
  (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows?limit=500`)).body.rows.reverse()
const summaryOf = async (set: string) => (await studio.call<SetSummary>('GET', `/api/sets/${set}`)).body
const keep = (set: string, connection: string, query: object, more: object = {}) =>
  studio.call<SourceView & Refused>('POST', `/api/sets/${set}/sources`, {
    connection,
    name: 'Questions',
    query,
    mapping: { textColumn: 'question', labelColumn: 'topic', label: null },
    cursorColumn: 'id',
    ...more,
  })
const seen = async (set: string, source: string) =>
  (await studio.call<SourceView>('GET', `/api/sets/${set}/sources/${source}`)).body
/** The import when it has come to its end. */
async function ended(set: string, source: string): Promise<SourceView> {
  await expect.poll(async () => (await seen(set, source)).state, { timeout: 60_000 }).not.toBe('running')
  return seen(set, source)
}
async function importNew(set: string, source: string): Promise<SourceView> {
  expect((await studio.call('POST', `/api/sets/${set}/sources/${source}/import`)).status).toBe(202)
  return ended(set, source)
}
const table = (name: string, schema = 'public') => ({ from: 'table', schema, table: name })
const statement = (sql: string) => ({ from: 'statement', sql })

const foreign = await foreignPostgres()
if (!foreign) console.warn('SKIPPED: sources from PostgreSQL: none answers; set TEST_DATABASE_URL')
describe.skipIf(!foreign)('PostgreSQL', () => {
  const shop = foreign as ForeignPostgres
  const settings = (more: object = {}) => ({
    kind: 'postgres',
    name: 'Shop',
    host: shop.host,
    port: shop.port,
    database: shop.database,
    user: shop.user,
    password: shop.password,
    tls: 'off',
    ...more,
  })
  let connection = ''
  beforeAll(async () => {
    await shop.query(`create table questions (id bigserial primary key, question text, topic text,
      at timestamptz, extra jsonb)`)
    await shop.query(`insert into questions (question, topic, at, extra) values
      ('Where is my parcel', 'delivery', '2026-01-01 00:00:00.000001+08', '{"a": [1, 2]}'),
      ('I want my money back', 'refund', null, null), (null, 'refund', '2026-01-02', null),
      (repeat('x', 10001), 'refund', '2026-01-02', null), ('  ', 'refund', '2026-01-02', null)`)
    await shop.query('create view open_questions as select * from questions')
    await shop.query('create table secret_notes (id int); revoke all on secret_notes from public')
    await shop.query(`revoke select on secret_notes from ${shop.user}`)
    await shop.query('analyze questions')
    connection = (await connect(settings())).body.connection.id
  })
  afterAll(() => shop.stop())

  test('what may be read is listed; the password is sealed and comes out nowhere', async () => {
    const { status, body } = await connect(settings())
    expect(status).toBe(201)
    expect(body.tables).toEqual([
      { schema: 'public', name: 'open_questions', kind: 'view', rows: null },
      { schema: 'public', name: 'questions', kind: 'table', rows: 5 },
    ])
    const listed = await studio.call<ConnectionView[]>('GET', `/api/bots/${bot}/connections`)
    expect(listed.body).toEqual([{ ...body.connection }])
    expect(JSON.stringify([body, listed.body])).not.toContain('秘密')
    const stored = JSON.stringify(await database.query('select * from data_connections'))
    expect(stored).not.toContain('秘密')
  })

  test.each([
    ['a wrong user', { user: 'nobody' }, 'source-login'],
    ['a database that is not there', { database: 'nope' }, 'source-database'],
    ['a port where nobody answers', { port: 1 }, 'source-unreachable'],
    ['a private host that is not allowed', { host: '10.0.0.1' }, 'outbound-refused'],
    ['cloud metadata', { host: '169.254.169.254', port: 80 }, 'outbound-refused'],
    ['TLS where there is none', { tls: 'verify' }, 'source-tls'],
  ])('%s is told apart, and nothing is kept', async (_, change, code) => {
    const { body } = await connect(settings({ name: 'Wrong', ...change }))
    expect(body.code).toBe(code)
    expect(body.remedy).not.toBe('')
    expect(JSON.stringify(body)).not.toContain('秘密')
    const listed = await studio.call<ConnectionView[]>('GET', `/api/bots/${bot}/connections`)
    expect(listed.body.map(({ name }) => name)).toEqual(['Shop'])
  })

  test('a name of a private host is refused where it is connected to', async () => {
    const nothing = createConnectPolicy([])
    const request = { ...settings(), host: 'localhost' } as DatabaseRequest
    await expect(openPostgresSource(request, nothing)).rejects.toMatchObject({ code: 'outbound-refused' })
    await expect(openMysqlSource(request, nothing)).rejects.toMatchObject({ code: 'outbound-refused' })
  })

  test('the first rows are shown as those of a file: text of every type, broken rows apart', async () => {
    const { body } = await look(connection, table('questions'))
    expect(body).toMatchObject({
      format: 'postgres',
      name: 'questions',
      columns: ['id', 'question', 'topic', 'at', 'extra'],
      guess: { text: 'question', label: 'topic' },
      growing: ['id', 'at'],
      likely: true,
      more: false,
      rows: 4,
      broken: [{ line: 4, reason: 'too-long' }],
    })
    expect(body.sample[0]).toEqual({
      id: '1',
      question: 'Where is my parcel',
      topic: 'delivery',
      at: '2025-12-31 16:00:00.000001+00',
      extra: '{"a": [1, 2]}',
    })
    const own = await look(connection, statement('select 9223372036854775807 as id, true as b, null as n -- end'))
    expect(own.body.sample).toEqual([{ id: '9223372036854775807', b: 'true' }])
    expect((await look(connection, statement('select 1 as a where false'))).body.code).toBe('source-empty')
  })

  test.each([
    ['delete from questions', 'source-not-select'],
    ['select 1; drop table questions', 'source-several'],
    ['select 1) as x; drop table questions; --', 'source-several'],
    ['with gone as (delete from questions returning *) select * from gone', 'source-writes'],
    ['select * into stolen from questions', 'source-writes'],
    ["select nextval('questions_id_seq')", 'source-writes'],
    ["select setval('questions_id_seq', 1)", 'source-writes'],
    ['select * from secret_notes', 'source-denied'],
    ['select nope from questions', 'source-table'],
    ['select 1 as a, 2 as a', 'source-columns'],
    ['select 1 from', 'source-query'],
  ])('%s is refused with a clear word', async (sql, code) => {
    // Also where the user could: the transaction is read-only, whoever it is.
    await shop.query(`grant all on questions, questions_id_seq to ${shop.user}`)
    const { body } = await look(connection, statement(sql))
    expect([body.code, body.remedy !== '']).toEqual([code, true])
    expect(await shop.query('select count(*)::int as n from questions')).toEqual([{ n: 5 }])
  })

  test('a name of a table is a name, whatever is in it', async () => {
    await shop.query('create table "odd""; drop table questions; --" (question text)')
    await shop.query(`insert into "odd""; drop table questions; --" values ('still here')`)
    const found = await look(connection, table('odd"; drop table questions; --'))
    expect(found.body.sample).toEqual([{ question: 'still here' }])
    for (const name of ['questions; drop table questions', 'questions" as q; --', 'pg_shadow'])
      expect((await look(connection, table(name))).body.code).toBe('source-table')
    expect((await look(connection, table('questions', 'public"."x'))).body.code).toBe('source-table')
    expect(await shop.query('select count(*)::int as n from questions')).toEqual([{ n: 5 }])
  })

  test('rows come in, and later only those that are new: ties are neither lost nor doubled', async () => {
    await shop.query('create table logs (at timestamp, question text, topic text)')
    const add = (at: string | null, ...texts: string[]) =>
      shop.query('insert into logs select $1::timestamp, t, $3 from unnest($2::text[]) t', [at, texts, 'log'])
    await add(null, 'no time')
    await add('2026-01-01 10:00:00.123456', 'one', 'two')
    const set = await newSet()
    const made = await keep(set, connection, table('logs'), { cursorColumn: 'at' })
    expect(made.status).toBe(202)
    const source = made.body.id
    expect(await ended(set, source)).toMatchObject({
      state: 'done',
      read: 3,
      added: 3,
      reached: '2026-01-01 10:00:00.123456',
    })
    // As late as the last one, one of them the same text under another topic, and one a microsecond later.
    await add('2026-01-01 10:00:00.123456', 'three', 'one')
    await shop.query(`update logs set topic = 'other' where ctid = (select max(ctid) from logs)`)
    await add('2026-01-01 10:00:00.123457', 'four')
    await add('2025-01-01', 'of old')
    expect(await importNew(set, source)).toMatchObject({ state: 'done', read: 3, added: 3, duplicates: 0 })
    expect(await importNew(set, source)).toMatchObject({ state: 'done', read: 0, added: 0 })
    expect((await rowsOf(set)).map(({ text, labelName }) => `${text} ${labelName}`)).toEqual([
      'no time log',
      'one log',
      'two log',
      'three log',
      'one other',
      'four log',
    ])
  })

  test('numbers beyond 2^53 are compared as what they are', async () => {
    await shop.query('create table wide (id bigint, question text, topic text)')
    const first = 9007199254740993n
    const add = (n: bigint) => shop.query('insert into wide values ($1, $2, $3)', [String(n), `q${n}`, 'x'])
    await add(first)
    const set = await newSet()
    const { id } = (await keep(set, connection, table('wide'))).body
    await ended(set, id)
    await add(first - 1n)
    await add(first + 1n)
    expect(await importNew(set, id)).toMatchObject({ read: 1, added: 1, reached: String(first + 1n) })
  })

  test('a row that does not fit is kept apart with its reason, the others come in', async () => {
    const set = await newSet()
    const { id } = (await keep(set, connection, table('questions'))).body
    expect(await ended(set, id)).toMatchObject({
      state: 'done',
      read: 5,
      added: 2,
      brokenRows: 1,
      broken: [{ line: 4, reason: 'too-long' }],
    })
  })

  test('a table that changed between preview and import says so and changes nothing', async () => {
    await shop.query(
      `create table moving (id serial, question text, topic text); insert into moving (question) values ('a')`,
    )
    expect((await look(connection, table('moving'))).status).toBe(200)
    await shop.query('alter table moving rename question to text')
    const set = await newSet()
    const { id } = (await keep(set, connection, table('moving'))).body
    expect((await ended(set, id)).fault).toMatchObject({ code: 'data-column', params: { column: 'question' } })
    await shop.query('alter table moving rename text to question; alter table moving alter id type text')
    await importNew(set, id)
    expect((await seen(set, id)).fault?.code).toBe('source-cursor')
    await shop.query('drop table moving')
    expect((await importNew(set, id)).fault?.code).toBe('source-table')
    expect((await summaryOf(set)).rows).toBe(0)
  })

  test('a line that breaks keeps what came and goes on from there, by itself and by the button', async () => {
    const line = await cutLine(shop.port)
    await shop.query(`create table many as
      select i::bigint as id, 'question ' || i || repeat(' long', 120) as question, 'topic ' || i % 7 as topic
      from generate_series(1, 12000) i; grant select on many to public`)
    const shaky = (await connect(settings({ name: 'Shaky', port: line.port }))).body.connection.id
    const set = await newSet()
    line.cutAfter(3_500_000, 1)
    const made = await keep(set, shaky, table('many'))
    expect(await ended(set, made.body.id)).toMatchObject({ state: 'done', read: 12_000, added: 12_000, duplicates: 0 })
    // Broken each time that it is tried: what came is there, and the button goes on.
    const other = await newSet()
    line.cutAfter(3_500_000, 1)
    const unsorted = await keep(other, shaky, table('many'), { cursorColumn: null })
    const broken = await ended(other, unsorted.body.id)
    expect(broken).toMatchObject({ state: 'failed', fault: { code: 'source-lost' } })
    const came = (await summaryOf(other)).rows
    expect(came).toBe(broken.added)
    expect(came).toBeGreaterThan(1_000)
    expect(await importNew(other, unsorted.body.id)).toMatchObject({
      state: 'done',
      added: 12_000 - came,
      duplicates: came,
    })
    await line.stop()
  })

  test('a table without end is stopped in the middle; what came stays, and the rest can follow', async () => {
    const set = await newSet()
    const sql = `select i as id, 'question ' || i as question, 'x' as topic from generate_series(1, 100000000) i`
    const { id } = (await keep(set, connection, statement(sql), { cursorColumn: null })).body
    await expect.poll(async () => (await seen(set, id)).added, { timeout: 30_000 }).toBeGreaterThan(0)
    expect((await studio.call<Refused>('POST', `/api/sets/${set}/sources/${id}/import`)).body.code).toBe('source-busy')
    const stopped = await studio.call<SourceView>('DELETE', `/api/sets/${set}/sources/${id}/import`)
    expect(stopped.body).toMatchObject({ state: 'stopped', fault: null })
    expect((await summaryOf(set)).rows).toBe(stopped.body.added)
    expect(stopped.body.added).toBeLessThan(1_000_000)
    // Somebody else's edit of the set has its turn between two parts, and an upload after it.
    const file = await studio.upload('more.csv', Buffer.from('question,topic\nfrom a file,x\n'))
    const answer = await studio.call<ImportAnswer>('POST', `/api/sets/${set}/import`, {
      file: file.body.file,
      textColumn: 'question',
      labelColumn: 'topic',
      label: null,
    })
    expect(answer.body.added).toBe(1)
  })

  test('an import ends at its limit, and the next one goes on behind it', async () => {
    await shop.query(
      `create table few as select i as id, 'few ' || i as question, 'x' as topic from generate_series(1, 25) i`,
    )
    const set = await newSet()
    const { id } = (await keep(set, connection, table('few'), { most: 10 })).body
    expect(await ended(set, id)).toMatchObject({ read: 10, added: 10, reached: '10' })
    expect(await importNew(set, id)).toMatchObject({ read: 10, added: 10, reached: '20' })
    expect(await importNew(set, id)).toMatchObject({ read: 5, added: 5, reached: '25' })
  })

  test('a server that dies in the middle leaves a source that says so and can go on', async () => {
    const set = await newSet()
    const { id } = (await keep(set, connection, table('few'))).body
    await ended(set, id)
    await database.query(
      `update data_sources set state = 'running', beat_at = now() - interval '1 minute' where id = $1`,
      [id],
    )
    expect(await seen(set, id)).toMatchObject({ state: 'failed', fault: { code: 'source-interrupted' } })
    expect(await importNew(set, id)).toMatchObject({ state: 'done', fault: null })
  })

  test('a source is forgotten, its rows stay; a connection takes its sources along', async () => {
    const set = await newSet()
    const other = (await connect(settings({ name: 'Other' }))).body.connection.id
    const { id } = (await keep(set, other, table('few'))).body
    await ended(set, id)
    expect((await studio.call('DELETE', `/api/bots/${bot}/connections/${other}`)).status).toBe(204)
    expect((await studio.call<SourceView[]>('GET', `/api/sets/${set}/sources`)).body).toEqual([])
    expect((await summaryOf(set)).rows).toBe(25)
    expect((await look(other, table('few'))).status).toBe(404)
    const kept = (await keep(set, connection, table('few'))).body.id
    await ended(set, kept)
    expect((await studio.call('DELETE', `/api/sets/${set}/sources/${kept}`)).status).toBe(204)
    expect((await studio.call('GET', `/api/sets/${set}/sources/${kept}`)).status).toBe(404)
  })
})

test('a PostgreSQL that asks for a password takes the right one and no other', async () => {
  const server = await startPasswordPostgres()
  if (!server) return console.warn('SKIPPED: a wrong password for PostgreSQL: this machine has no server programs')
  const settings = { kind: 'postgres', host: '127.0.0.1', database: 'postgres', tls: 'off', ...server.login }
  for (const password of ['guess', ''])
    expect((await connect({ ...settings, name: 'Locked', password })).body.code).toBe('source-login')
  expect((await connect({ ...settings, name: 'Locked' })).status).toBe(201)
  await server.stop()
}, 60_000)

describe('MariaDB', () => {
  let shop: MariaDb | null = null
  let connection = ''
  const settings = (more: object = {}) => ({
    kind: 'mysql',
    name: 'Shop (MariaDB)',
    host: '127.0.0.1',
    port: shop?.port,
    database: 'shop',
    user: shop?.user,
    password: shop?.password,
    tls: 'off',
    ...more,
  })
  beforeAll(async () => {
    shop = await startMariaDb()
    if (!shop) return console.warn('SKIPPED: sources from MySQL and MariaDB: this machine has no mariadbd')
    connection = (await connect(settings())).body.connection.id
  }, 60_000)
  afterAll(() => shop?.stop())
  const whereThere = (name: string, work: (shop: MariaDb) => Promise<void>) =>
    test(name, (context) => (shop ? work(shop) : context.skip()))

  whereThere('each fault of a login is told apart', async () => {
    const codes = async (more: object) => (await connect(settings({ name: 'Wrong', ...more }))).body.code
    expect(await codes({ password: 'guess' })).toBe('source-login')
    expect(await codes({ user: 'nobody' })).toBe('source-login')
    expect(await codes({ database: 'nope' })).toBe('source-database')
    expect(await codes({ port: 1 })).toBe('source-unreachable')
    expect(await codes({ host: '192.168.0.1' })).toBe('outbound-refused')
    expect(await codes({ tls: 'verify' })).toBe('source-tls')
  })

  whereThere('columns in GBK and latin1, NULL, JSON, dates that are none, wide numbers and bytes', async (shop) => {
    await shop.query(`set sql_mode = '';
      create table asked (id bigint primary key, question varchar(100) character set gbk, topic varchar(50) character set latin1,
        at datetime(6), extra json, day date, raw blob);
      insert into asked values
        (9223372036854775806, '快递到哪了', 'café', '2026-01-01 00:00:00.123456', '{"a":1}', '0000-00-00', null),
        (9223372036854775807, null, null, null, null, null, 0xfffe)`)
    const { body } = await look(connection, table('asked', 'shop'))
    expect(body).toMatchObject({ format: 'mysql', growing: ['id', 'at', 'day'], likely: true, brokenRows: 0 })
    expect(body.sample[0]).toEqual({
      id: '9223372036854775806',
      question: '快递到哪了',
      topic: 'café',
      at: '2026-01-01 00:00:00.123456',
      extra: '{"a":1}',
      day: '0000-00-00',
    })
    const set = await newSet()
    const { id } = (await keep(set, connection, table('asked', 'shop'))).body
    expect(await ended(set, id)).toMatchObject({ read: 2, added: 1, reached: '9223372036854775807' })
    expect((await rowsOf(set)).map(({ text, labelName }) => [text, labelName])).toEqual([['快递到哪了', 'café']])
    expect(await importNew(set, id)).toMatchObject({ state: 'done', read: 0 })
    // Bytes that are no text, in the column of the question.
    await shop.query(`create table bytes (id int, question blob, topic text);
      insert into bytes values (1, 0xfffe41, 'x'), (2, '好', 'x')`)
    const kept = (await keep(set, connection, table('bytes', 'shop'))).body.id
    expect(await ended(set, kept)).toMatchObject({ added: 1, brokenRows: 1, broken: [{ line: 1, reason: 'encoding' }] })
  })

  whereThere('nothing is written, whatever a statement tries and whoever the user is', async (shop) => {
    await shop.query('create table safe (a int); insert into safe values (1); grant all on *.* to analyst@`%`')
    const tried = async (sql: string) => (await look(connection, statement(sql))).body.code
    expect(await tried('delete from safe')).toBe('source-not-select')
    expect(await tried('select 1; delete from safe')).toBe('source-several')
    expect(await tried("select * from safe into outfile '/tmp/stolen'")).toBe('source-writes')
    expect(await tried("select 1) as q into outfile '/tmp/stolen' -- ")).toBe('source-writes')
    expect(await tried("select 1 /*!into outfile '/tmp/stolen' */")).toBe('source-writes')
    expect(await tried('select * from safe for update')).toBe('source-writes')
    expect((await look(connection, table('safe` where 0; -- ', 'shop'))).body.code).toBe('source-table')
    await shop.query('create function f() returns int begin insert into safe values (2); return 1; end')
    expect(await tried('select f()')).toBe('source-writes')
    expect(await shop.query('select count(*) as n from safe')).toEqual([{ n: 1 }])
    await shop.query('revoke all on *.* from analyst@`%`; grant select on shop.* to analyst@`%`')
  })

  whereThere('a line that breaks goes on from there; ties at the break are neither lost nor doubled', async (shop) => {
    await shop.query(`create table many (at datetime, question text, topic text);
      insert into many select '2026-01-01' + interval (seq div 1000) minute, concat('question ', seq, repeat(' long', 120)), 'x'
      from seq_1_to_12000`)
    const line = await cutLine(shop.port)
    const shaky = (await connect(settings({ name: 'Shaky (MariaDB)', port: line.port }))).body.connection.id
    const set = await newSet()
    line.cutAfter(3_500_000, 1)
    const { id } = (await keep(set, shaky, table('many', 'shop'), { cursorColumn: 'at' })).body
    expect(await ended(set, id)).toMatchObject({ state: 'done', read: 12_000, added: 12_000, duplicates: 0 })
    await shop.query(
      `insert into many values ('2026-01-01 00:12:00', 'late', 'x'), ('2026-01-01 00:13:00', 'later', 'x')`,
    )
    expect(await importNew(set, id)).toMatchObject({ read: 2, added: 2, duplicates: 0 })
    await line.stop()
  })

  whereThere('a table of very many rows is stopped in the middle and frees the server', async (shop) => {
    const set = await newSet()
    const sql = "select seq as id, concat('question ', seq) as question, 'x' as topic from seq_1_to_100000000"
    const { id } = (await keep(set, connection, statement(sql), { cursorColumn: null })).body
    await expect.poll(async () => (await seen(set, id)).added, { timeout: 30_000 }).toBeGreaterThan(0)
    const stopped = await studio.call<SourceView>('DELETE', `/api/sets/${set}/sources/${id}/import`)
    expect(stopped.body.state).toBe('stopped')
    expect((await summaryOf(set)).rows).toBe(stopped.body.added)
    await expect
      .poll(() => shop.query("select id from information_schema.processlist where user = 'analyst'"), {
        timeout: 10_000,
      })
      .toEqual([])
  })
})

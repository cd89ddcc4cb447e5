import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { afterEach, expect, test, vi } from 'vitest'
import { describeOnEachDatabase, postgresAnswers, postgresDatabase } from '../../tests/drivers/database.ts'
import { openDatabase } from './client.ts'
import { lockDataFolder } from './lock.ts'

describeOnEachDatabase('our own store', (open) => {
  test('is migrated, answers, and rolls back as a whole', async () => {
    const database = await open()
    await database.query('create table t (n int)')
    await expect(
      database.db.transaction(async (tx) => {
        await tx.execute(sql`insert into t values (1)`)
        throw new Error('no')
      }),
    ).rejects.toThrow('no')
    expect(await database.query('select count(*)::int as n from t')).toEqual([{ n: 0 }])
    await database.query('drop table t')
    await database.close()
  })

  test('a prepared statement gives what the same one gives unprepared, rows and errors, time after time', async () => {
    const database = await open()
    const text = `select $1::int + 1 as n, $2::text as t, $3::timestamptz as at, $4::text::jsonb as j, $5::boolean as b
      where $1::int <> 7`
    const params = (n: number) => [n, n % 2 ? null : '您好 ‘’', '2026-11-28T04:05:06.789Z', '{"a":[1]}', n > 2]
    for (const n of [1, 2, 3, 4, 5, 6, 7, 8])
      expect(await database.prepared(text, params(n))).toEqual(await database.query(text, params(n)))
    const bad = 'select 1 / $1::int as n'
    for (const _ of [1, 2]) {
      await expect(database.prepared(bad, [0])).rejects.toMatchObject({ code: '22012' })
      expect(await database.prepared(bad, [1])).toEqual([{ n: 1 }])
    }
    await expect(database.prepared('select nonsense')).rejects.toMatchObject({ code: '42703' })
    await database.close()
  })

  test('a prepared statement stays out of a transaction that is open beside it', async () => {
    const database = await open()
    await database.query('create table kept (n int)')
    const rolledBack = database.db.transaction(async (tx) => {
      await tx.execute(sql`insert into kept values (1)`)
      await new Promise((resolve) => setTimeout(resolve, 20))
      throw new Error('no')
    })
    await Promise.all([
      expect(rolledBack).rejects.toThrow('no'),
      database.prepared('insert into kept values ($1::int)', [2]),
    ])
    expect(await database.query('select n from kept')).toEqual([{ n: 2 }])
    await database.query('drop table kept')
    await database.close()
  })

  test('hears what is notified until it stops listening', async () => {
    const database = await open()
    const heard: string[] = []
    const stop = await database.listen('news', (payload) => heard.push(payload))
    await database.notify('news', 'hello')
    await vi.waitFor(() => expect(heard).toEqual(['hello']))
    await stop()
    await database.notify('news', 'nobody hears this')
    expect(heard).toEqual(['hello'])
    await database.close()
  })
})

test.skipIf(!(await postgresAnswers()))(
  'a listener whose connection broke listens again and is told of the gap',
  async () => {
    const database = await postgresDatabase()
    if (!database) throw new Error('PostgreSQL went away')
    const heard: string[] = []
    await database.listen(
      'news',
      (payload) => heard.push(payload),
      () => heard.push('(a gap)'),
    )
    await database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and pid <> pg_backend_pid() and query ilike 'listen%'`,
    )
    await vi.waitFor(() => expect(heard).toEqual(['(a gap)']), { timeout: 10_000 })
    await database.notify('news', 'still here')
    await vi.waitFor(() => expect(heard).toEqual(['(a gap)', 'still here']))
    await database.close()
  },
)

test('a PostgreSQL that does not answer is named, with what to do', async () => {
  const at = await folder()
  const closed = openDatabase({ dataFolder: at, databaseUrl: 'postgres://nobody@127.0.0.1:1/none' })
  await expect(closed).rejects.toMatchObject({ code: 'database-unreachable' })
  await (await lockDataFolder(at))()
})

const folders: string[] = []
afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true })
})
const folder = async (): Promise<string> => {
  const made = await mkdtemp(join(tmpdir(), 'botloom-db-'))
  folders.push(made)
  return made
}

test.each([
  ['free', null],
  ['left by one that died', JSON.stringify({ pid: 2 ** 30, started: '1' })],
])('of many that start at the same moment on a folder that is %s, one gets it', async (_, left) => {
  const at = await folder()
  for (let round = 0; round < 40; round++) {
    if (left) await writeFile(join(at, 'botloom.lock'), left)
    const all = await Promise.allSettled(Array.from({ length: 8 }, () => lockDataFolder(at)))
    const won = all.filter((one) => one.status === 'fulfilled')
    expect(won).toHaveLength(1)
    for (const one of all)
      if (one.status === 'rejected') expect(one.reason).toMatchObject({ code: 'data-folder-in-use' })
    await won[0]?.value()
  }
})

test('a data folder serves one Botloom at a time, and says who holds it', async () => {
  const at = await folder()
  const unlock = await lockDataFolder(at)
  await expect(lockDataFolder(at)).rejects.toMatchObject({ code: 'data-folder-in-use', params: { pid: process.pid } })
  await unlock()
  await (await lockDataFolder(at))()
})

test('the lock of a process that is gone, or of another one with its number, is taken over', async () => {
  const at = await folder()
  for (const holder of [
    { pid: 2 ** 22 + 1, started: '1' },
    { pid: process.pid, started: 'another life' },
  ]) {
    await writeFile(join(at, 'botloom.lock'), JSON.stringify(holder))
    const unlock = await lockDataFolder(at)
    expect(JSON.parse(await readFile(join(at, 'botloom.lock'), 'utf8')).pid).toBe(process.pid)
    await unlock()
  }
})

test('what was written is there after a close and a new start', async () => {
  const at = await folder()
  const first = await openDatabase({ dataFolder: at })
  await first.query('create table kept (n int)')
  await first.query('insert into kept values (7)')
  await first.close()
  const second = await openDatabase({ dataFolder: at })
  expect(await second.query('select n from kept')).toEqual([{ n: 7 }])
  await second.close()
})

import { access, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, expect, test, vi } from 'vitest'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import type { ImportAnswer, SetSummary } from '#server/api/dto.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { newId } from '#server/new-id.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

const workspace = 'wsp_main'
/** Every table that holds something of a bot, with the condition that finds it. */
const places: Record<string, string> = {
  bots: 'id = $1',
  drafts: 'bot_id = $1',
  draft_diffs: 'bot_id = $1',
  versions: 'bot_id = $1',
  sets: 'bot_id = $1',
  set_rows: 'set_id = $2',
  set_labels: 'set_id = $2',
  set_revisions: 'set_id = $2',
  runs: 'bot_id = $1',
  node_results: 'bot_id = $1',
  conversations: 'bot_id = $1',
  messages: 'conversation_id = $3',
  outbox: 'conversation_id = $3',
  handoffs: 'bot_id = $1',
  visitors: 'bot_id = $1',
  draft_pins: 'bot_id = $1',
  try_turns: 'conversation_id = $3',
  chat_tests: 'bot_id = $1',
  events: `topic = 'bot:' || $1`,
  webhook_endpoints: 'bot_id = $1',
  webhook_deliveries: 'conversation_id = $3',
  channel_connections: 'bot_id = $1',
  channel_threads: 'conversation_id = $3',
  channel_inbox: 'sender = $3',
  files: 'id = $4',
}

describeOnEachDatabase('a bot that is deleted', (open) => {
  let database: OpenDatabase
  let studio: Studio
  afterEach(async () => {
    await studio.close()
    await database.close()
  })

  async function openHere(): Promise<void> {
    database = await open()
    studio = await openStudio(database, { compute: noCompute })
  }

  /** A bot with something in every place, and an artifact of its own beside one that others may name too. */
  async function fullBot(shared: string) {
    const { call, services } = studio
    const { id: bot } = (await call<{ id: string }>('POST', '/api/bots', { name: 'Full', template: null })).body
    const set = (await call<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: 'Questions' })).body.id
    const lines = Array.from({ length: 1_200 }, (_, i) => `question number ${i},${i % 2 ? 'odd' : 'even'}`)
    const file = (await studio.upload('rows.csv', Buffer.from(`text,label\n${lines.join('\n')}\n`))).body.file as string
    const request = { file, textColumn: 'text', labelColumn: 'label', label: null, outOfScope: false }
    expect((await call<ImportAnswer>('POST', `/api/sets/${set}/import`, request)).body.added).toBe(1_200)
    const document = {
      ...graphOf({ s: { type: 'start' }, h: { type: 'hand-over', config: { reason: 'asked', note: '' } } }, ['s -> h']),
      id: bot,
    }
    const say = { id: 'say', type: 'say', version: 1, dialog: 'main', config: { text: { en: 'Hi', 'zh-CN': '好' } } }
    const diff = { id: newId('dif'), added: { 'nodes/say': say }, removed: {}, updated: {} }
    await call('POST', `/api/bots/${bot}/draft/diffs`, { base: 1, diffs: [diff] })
    const pin = await services.conversations.pinDraft(workspace, bot, { document, classifiers: {} })
    const { conversationId } = await services.conversations.start({ workspace, bot, pin, language: 'en' })
    await vi.waitFor(async () =>
      expect(await database.query('select 1 from handoffs where bot_id = $1', [bot])).toHaveLength(1),
    )
    await database.query(
      `insert into messages (conversation_id, workspace_id, seq, id, turn, role, parts, text, language, at)
       select $1, $2, n, 'msg_' || n, 2, 'user', '[]', 'hello', 'en', now() from generate_series(100, 1400) n`,
      [conversationId, workspace],
    )
    await database.query(
      `insert into try_turns (conversation_id, turn, workspace_id, session) values ($1, 1, $2, '{}')`,
      [conversationId, workspace],
    )
    await services.webhooks.add(workspace, { url: 'https://a.invalid/', events: ['conversation.rated'], bot })
    await database.query(
      `insert into webhook_deliveries (id, workspace_id, endpoint_id, event_id, type, conversation_id, body, status, next_at, created_at)
       values ($1::text, $2, 'whk_of_all_bots', 'evt_1', 'message.created', $1, '{}', 'done', now(), now())`,
      [conversationId, workspace],
    )
    const way = { kind: 'webhook' as const, bot, name: 'Way', settings: {} }
    const { connection } = await services.channelStore.add(workspace, way, 'en')
    await database.query(
      `insert into channel_threads (connection_id, sender, workspace_id, conversation_id, next_at) values ($1, 'ann', $2, $3, now())`,
      [connection.id, workspace, conversationId],
    )
    await database.query(
      `insert into channel_inbox (connection_id, workspace_id, message_id, sender, incoming, next_at, handled_at, created_at)
       values ($1, $2, 'm1', $3, '{}', now(), now(), now())`,
      [connection.id, workspace, conversationId],
    )
    const turns = [{ user: null, replies: [{ pieces: ['Hi'] }] }]
    await services.tests.add(workspace, bot, [{ name: 'Hello', language: 'en', now: '2026-11-24T04:00:00Z', turns }])
    const artifacts = createArtifactFolder(join(services.config.dataFolder, 'artifacts'))
    const own = await artifacts.write((folder) => writeFile(join(folder, 'model'), bot))
    // Made long ago: what is young may be another server's, which has not named it yet.
    const then = new Date(Date.now() - 24 * 3_600_000)
    await utimes(join(services.config.dataFolder, 'artifacts', own.slice(0, 2), own), then, then)
    const outputs = JSON.stringify({ model: { artifact: own }, data: { artifact: shared } })
    await database.query(
      `insert into node_results (workspace_id, bot_id, node, hash, fingerprint, outputs, seconds, run_id, at)
       values ($1, $2, 'deploy', 'h', '{}', $3::text::jsonb, 1, 'run_x', now())`,
      [workspace, bot, outputs],
    )
    await database.query(
      `insert into runs (id, workspace_id, bot_id, revision, document, fingerprints, status, snapshot, seq, started_at, owner, beat_at)
       values ($1, $2, $3, 1, '{}', '{}', 'done', '{"value":"done","context":{"blocks":{},"progress":{}}}', 1, now(), 'o', now())`,
      [newId('run'), workspace, bot],
    )
    await database.query(
      `insert into versions (bot_id, workspace_id, version, document, content_hash, facts, classifiers, sets, note, author, created_at)
       values ($1, $2, 1, '{}', 'h', '{}', '{}', '{}', '', 'a', now())`,
      [bot, workspace],
    )
    const left = async (): Promise<Record<string, number>> => {
      const counts: Record<string, number> = {}
      for (const [table, condition] of Object.entries(places)) {
        const keys = [bot, set, conversationId, file].filter((_, i) => condition.includes(`$${i + 1}`))
        const sql = condition.replace(/\$\d/, '$1')
        const [row] = await database.query<{ n: number }>(`select count(*)::int as n from ${table} where ${sql}`, keys)
        counts[table] = row?.n ?? 0
      }
      return counts
    }
    const onDisk = (path: string) =>
      access(join(services.config.dataFolder, path)).then(
        () => true,
        () => false,
      )
    return {
      bot,
      conversationId,
      left,
      upload: () => onDisk(`files/${file}`),
      model: () => onDisk(`artifacts/${own.slice(0, 2)}/${own}`),
    }
  }

  test('takes all that is its own with it and nothing of another bot', async () => {
    await openHere()
    const artifacts = createArtifactFolder(join(studio.services.config.dataFolder, 'artifacts'))
    const shared = await artifacts.write((folder) => writeFile(join(folder, 'rows'), 'both learnt from these'))
    const gone = await fullBot(shared)
    const stays = await fullBot(shared)
    const before = await stays.left()
    for (const [table, rows] of Object.entries(await gone.left())) expect(rows, table).toBeGreaterThan(0)

    expect(await studio.call('DELETE', `/api/bots/${gone.bot}`)).toMatchObject({ status: 204 })
    for (const [table, rows] of Object.entries(await gone.left())) expect(rows, table).toBe(0)
    expect(await gone.upload()).toBe(false)
    await vi.waitFor(async () => expect(await gone.model()).toBe(false))
    expect(await stays.left()).toEqual(before)
    expect(await stays.upload()).toBe(true)
    expect(await stays.model()).toBe(true)
    await expect(artifacts.open(shared)).resolves.toBeTruthy()
  }, 60_000)

  test('is talked to by nobody any more, in an old conversation or a new one', async () => {
    await openHere()
    const { bot, conversationId } = await fullBot('0'.repeat(64))
    const { conversations } = studio.services
    const document = { ...graphOf({ s: { type: 'start' } }, []), id: bot }
    const pin = await conversations.pinDraft(workspace, bot, { document, classifiers: {} })
    await conversations.start({ workspace, bot, pin })
    await studio.call('DELETE', `/api/bots/${bot}`)
    await expect(conversations.send(conversationId, { text: 'hello?' })).rejects.toMatchObject({
      code: 'conversation-unknown',
    })
    await expect(conversations.start({ workspace, bot, pin })).rejects.toMatchObject({ code: 'not-found' })
    expect(await database.query('select 1 from messages where conversation_id = $1', [conversationId])).toEqual([])
  }, 60_000)
})

import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import iconv from 'iconv-lite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type {
  BotDetail,
  DraftView,
  ImportAnswer,
  PublishPreview,
  PushAnswer,
  RecordsPreview,
  RowsPage,
  VersionView,
} from '#server/api/dto.ts'
import { openRoutes } from '#server/auth/guard.ts'
import type { OpenDatabase } from '#server/db/client.ts'
import { graphOf } from '../../tests/drivers/chat.ts'
import { embeddedDatabase } from '../../tests/drivers/database.ts'
import { noCompute } from '../../tests/drivers/no-compute.ts'
import { openStudio, type Studio } from '../../tests/drivers/studio.ts'

let database: OpenDatabase
let studio: Studio
beforeAll(async () => {
  database = await embeddedDatabase()
  studio = await openStudio(database, { compute: noCompute, env: { BOTLOOM_UPLOAD_MB: '1' } })
})
afterAll(async () => {
  await studio.close()
  await database.close()
})

const newBot = async (name = 'Test'): Promise<string> =>
  (await studio.call<{ id: string }>('POST', '/api/bots', { name, template: null })).body.id
const draftOf = async (bot: string) => (await studio.call<DraftView>('GET', `/api/bots/${bot}/draft`)).body
let count = 0
const diff = (added: Record<string, unknown>, rest: object = {}) => ({
  id: `diff_${String(++count).padStart(6, '0')}`,
  added,
  removed: {},
  updated: {},
  ...rest,
})
const say = (id: string, text: string) => ({
  id,
  type: 'say',
  version: 1,
  dialog: 'main',
  config: { text: { en: text, 'zh-CN': text } },
})
const push = (bot: string, base: number, diffs: unknown[], more: object = {}) =>
  studio.call<PushAnswer & { code: string; remedy: string }>('POST', `/api/bots/${bot}/draft/diffs`, {
    base,
    diffs,
    ...more,
  })

describe('who may come in', () => {
  test('every route of the studio answers 401 without a session', async () => {
    const routes = studio.app.routes.filter(
      ({ method, path }) => method !== 'ALL' && !openRoutes.some((route) => route.matches(method, path)),
    )
    expect(routes.length).toBeGreaterThan(25)
    for (const { method, path } of routes) {
      const response = await studio.bare(method, path.replace(/:\w+/g, 'x'))
      expect(response.status, `${method} ${path}`).toBe(401)
      expect(response.headers.get('content-type')).toContain('application/problem+json')
    }
  })

  test('nothing below /api or /control is open but the start and the link of the command line', () => {
    const open = (method: string, path: string) => openRoutes.some((route) => route.matches(method, path))
    expect(open('GET', '/api/bots')).toBe(false)
    expect(open('POST', '/api/start')).toBe(false)
    expect(open('GET', '/api')).toBe(false)
    expect(open('GET', '/control/anything')).toBe(false)
    expect(open('POST', '/anything')).toBe(false)
  })

  test('a write without the CSRF token, or with a wrong one, is refused', async () => {
    const body = JSON.stringify({ name: 'x', template: null })
    const headers = { cookie: studio.cookie, 'content-type': 'application/json', origin: 'http://127.0.0.1:4600' }
    expect((await studio.bare('POST', '/api/bots', headers, body)).status).toBe(403)
    const wrong = { ...headers, 'x-botloom-csrf': `${studio.csrf.slice(0, -1)}_` }
    expect((await studio.bare('POST', '/api/bots', wrong, body)).status).toBe(403)
  })

  test('a foreign origin is refused, reads too', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:9999'])
      expect((await studio.call('GET', '/api/bots', undefined, { origin })).status, origin).toBe(403)
    expect((await studio.call('GET', '/api/bots', undefined, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
  })

  test('a foreign name that resolves to this machine is refused', async () => {
    const headers = { cookie: studio.cookie, host: 'rebound.example' }
    expect((await studio.bare('GET', '/api/me', headers)).status).toBe(403)
    expect((await studio.bare('GET', '/healthz', headers)).status).toBe(403)
  })

  test('a sign-in link signs in once; its cookie is strict and not for scripts', async () => {
    const token = await studio.services.auth.makeLinkToken()
    const first = await studio.bare('GET', `/sign-in?token=${token}&next=/bots/x/canvas`)
    expect(first.status).toBe(200)
    expect(first.headers.getSetCookie().join()).toMatch(/HttpOnly.*SameSite=Strict/)
    expect(await first.text()).toContain('url=/bots/x/canvas')
    const again = await studio.bare('GET', `/sign-in?token=${token}`)
    expect(again.status).toBe(401)
    expect(again.headers.getSetCookie()).toEqual([])
  })

  test('a session that is used goes on: the browser gets its new date with it', async () => {
    const prolonged = () => studio.bare('GET', '/api/me', { cookie: studio.cookie })
    expect((await prolonged()).headers.getSetCookie()).toEqual([])
    await database.query(`update auth_sessions set expires_at = now() + interval '20 days'`)
    const cookie = (await prolonged()).headers.getSetCookie().join()
    expect(cookie).toMatch(/session_token=.+Max-Age=2592000.*HttpOnly.*SameSite=Strict/)
    expect((await prolonged()).headers.getSetCookie()).toEqual([])
    // Signing out has the last word, also in a session that would have been prolonged.
    const token = await studio.services.auth.makeLinkToken()
    const other = (await studio.bare('GET', `/sign-in?token=${token}`)).headers.getSetCookie()[0]?.split(';')[0] ?? ''
    const { csrf } = (await (await studio.bare('GET', '/api/me', { cookie: other })).json()) as { csrf: string }
    await database.query(`update auth_sessions set expires_at = now() + interval '20 days'`)
    const out = await studio.bare('POST', '/api/sign-out', { cookie: other, 'x-botloom-csrf': csrf })
    expect(out.headers.getSetCookie().join()).toMatch(/session_token=;.*Max-Age=0/)
  })

  test('the encoders of this installation are listed, and nothing that is none', async () => {
    const folder = studio.services.config.modelsFolder
    for (const place of ['my-encoder', 'hub/owner--model', 'hub/owner--other.1.part']) {
      await mkdir(join(folder, place), { recursive: true })
      for (const file of ['config.json', 'model.safetensors']) await writeFile(join(folder, place, file), '{}')
    }
    await mkdir(join(folder, 'empty'))
    expect((await studio.call<unknown>('GET', '/api/encoders')).body).toEqual([
      'botloom-zh-en',
      'my-encoder',
      'owner/model',
    ])
  })

  test('a sign-in link leads to no foreign page', async () => {
    for (const next of ['https://evil.example', '//evil.example', '/\\evil.example', '/a"><script>']) {
      const token = await studio.services.auth.makeLinkToken()
      const page = await studio.bare('GET', `/sign-in?token=${token}&next=${encodeURIComponent(next)}`)
      expect(await page.text()).toContain('content="0; url=/"')
    }
  })

  test('the command line gets a link by its token only', async () => {
    expect((await studio.bare('POST', '/control/link')).status).toBe(401)
    const right = await studio.bare('POST', '/control/link', { authorization: 'Bearer control-token-of-this-test' })
    expect(await right.json()).toMatchObject({ link: expect.stringContaining('/sign-in?token=') })
  })

  test('signing out ends the session', async () => {
    const token = await studio.services.auth.makeLinkToken()
    const signedIn = await studio.bare('GET', `/sign-in?token=${token}`)
    const cookie = signedIn.headers.getSetCookie()[0]!.split(';')[0]!
    const me = (await (await studio.bare('GET', '/api/me', { cookie })).json()) as { csrf: string }
    expect((await studio.bare('POST', '/api/sign-out', { cookie, 'x-botloom-csrf': me.csrf })).status).toBe(204)
    expect((await studio.bare('GET', '/api/me', { cookie })).status).toBe(401)
  })

  test('pages carry a policy that runs no foreign script and loads nothing foreign but pictures', async () => {
    const { headers } = await studio.bare('GET', '/healthz')
    expect(headers.get('content-security-policy')).toContain("script-src 'self'")
    expect(headers.get('content-security-policy')).toContain("frame-ancestors 'none'")
    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('content-security-policy')).toMatch(/img-src [^;]*https:(;|$)/)
    expect(headers.get('x-content-type-options')).toBe('nosniff')
  })

  test('errors speak the language of the caller', async () => {
    const of = async (language: string) =>
      (await studio.call('GET', '/api/bots/bot_no', undefined, { 'accept-language': language })).body
    expect(await of('zh-CN,zh;q=0.9')).toMatchObject({ code: 'not-found', message: '找不到要打开的内容（bot）。' })
    expect(await of('en-GB')).toMatchObject({ code: 'not-found', remedy: expect.stringContaining('go back') })
  })
})

describe('bots', () => {
  test('are made, renamed, listed and deleted', async () => {
    const bot = await newBot('My Bot')
    const changed = await studio.call<BotDetail>('PATCH', `/api/bots/${bot}`, {
      name: 'Other',
      origins: ['https://shop.example'],
    })
    expect(changed.body).toMatchObject({
      name: 'Other',
      slug: 'my-bot',
      origins: ['https://shop.example'],
      published: null,
    })
    for (const origin of ['https://shop.example/path', 'https://*.shop.example', 'shop.example']) {
      const refused = await studio.call('PATCH', `/api/bots/${bot}`, { origins: [origin] }, { 'accept-language': 'en' })
      expect(refused).toMatchObject({ status: 400, body: { message: expect.stringMatching(/without a path\.$/) } })
    }
    expect((await studio.call('PATCH', `/api/bots/${bot}`, { slug: 'stolen' })).status).toBe(400)
    expect((await studio.call('DELETE', `/api/bots/${bot}`)).status).toBe(204)
    expect((await studio.call('GET', `/api/bots/${bot}`)).status).toBe(404)
  })

  test('of one name get different addresses, and a name without Latin letters gets one', async () => {
    const slugs = []
    for (const name of ['Same', 'Same', '客服'])
      slugs.push((await studio.call<{ slug: string }>('POST', '/api/bots', { name, template: null })).body.slug)
    expect(new Set(slugs).size).toBe(3)
    expect(slugs[2]).toMatch(/^bot-/)
  })

  test('come from a template with its records, labels as ports, and the form filled in', async () => {
    const made = await studio.call<{ id: string; code: string }>('POST', '/api/bots', {
      name: '小店',
      template: 'e-commerce',
      parameters: { brand: '小店', tone: 'formal' },
    })
    expect(made.status).toBe(201)
    const draft = await draftOf(made.body.id)
    expect(draft.problems.filter((problem) => problem.severity === 'error')).toEqual([])
    expect(draft.document.parameters.brand?.value).toMatchObject({ 'zh-CN': '小店', en: '小店' })
    const [labels] = Object.values(draft.facts.labels)
    expect(labels?.length).toBeGreaterThanOrEqual(24)
    const wired = Object.values(draft.document.edges).map((edge) => edge.from.port)
    expect(labels?.filter((label) => wired.includes(label.id)).length).toBe(labels?.length)
    expect(draft.states.every((state) => state.stale?.[0]?.kind === 'never-ran')).toBe(true)
  })

  test('come from a template with blocks, groups, records and labels named in the language of whoever makes them', async () => {
    for (const [language, block, group, label] of [
      ['en', 'Understand the question', 'Deliveries', 'Track a delivery'],
      ['zh-CN', '听懂问题', '物流', '查物流'],
    ] as const) {
      const made = await studio.call<{ id: string }>(
        'POST',
        '/api/bots',
        { name: 'shop', template: 'e-commerce' },
        { 'accept-language': language },
      )
      const { document, facts } = await draftOf(made.body.id)
      expect(document.nodes.understand?.name).toBe(block)
      expect(document.view.groups.deliveries?.name).toBe(group)
      expect(Object.values(facts.labels)[0]?.find(({ id }) => id === 'lbl_track-delivery')?.name).toBe(label)
    }
  })

  test('refuse a template or a value of its form that does not exist', async () => {
    const make = (template: string, parameters: object) =>
      studio.call('POST', '/api/bots', { name: 'x', template, parameters })
    expect((await make('../../etc', {})).body.code).toBe('not-found')
    expect((await make('e-commerce', { colour: 'red' })).body.code).toBe('invalid-request')
    expect((await make('e-commerce', { tone: 'rude' })).body.code).toBe('invalid-request')
    expect((await make('e-commerce', { apiBase: 'javascript:alert(1)' })).body.code).toBe('invalid-request')
  })
})

describe('drafts', () => {
  test('a diff is applied once, whatever is sent twice, and its hash acknowledged', async () => {
    const bot = await newBot()
    const one = diff({ 'nodes/a': say('a', 'hello') })
    const first = await push(bot, 1, [one])
    expect(first.status).toBe(200)
    expect(first.body.revision).toBe(2)
    const second = await push(bot, 1, [one])
    expect(second.body).toMatchObject({ revision: 2, draftHash: first.body.draftHash, others: [] })
    const draft = await draftOf(bot)
    expect(draft.draftHash).toBe(first.body.draftHash)
    expect(draft.document.nodes.a?.config).toMatchObject({ text: { en: 'hello' } })
  })

  test('two people on one field: the later value stands, the other one is given back, and again on a repeated push', async () => {
    const bot = await newBot()
    await push(bot, 1, [diff({ 'nodes/a': say('a', 'one') })])
    const change = (to: string) => diff({}, { updated: { 'nodes/a': { '/config/text/en': ['one', to] } } })
    const theirs = change('theirs')
    await push(bot, 2, [theirs])
    const mine = change('mine')
    const clash = { record: 'nodes/a', path: '/config/text/en', kept: 'mine', other: 'theirs', diff: theirs.id }
    const answer = await push(bot, 2, [mine])
    expect(answer.body.clashes).toEqual([clash])
    expect(answer.body.others).toEqual([theirs])
    expect((await push(bot, 2, [mine])).body.clashes).toEqual([clash])
    expect((await draftOf(bot)).document.nodes.a?.config).toMatchObject({ text: { en: 'mine' } })
  })

  test('removing more than half of the blocks needs a word', async () => {
    const bot = await newBot()
    const blocks = Object.fromEntries(['a', 'b', 'c'].map((id) => [`nodes/${id}`, say(id, id)]))
    await push(bot, 1, [diff(blocks)])
    const removed = { 'nodes/a': blocks['nodes/a'], 'nodes/b': blocks['nodes/b'] }
    const doomed = diff({}, { removed })
    expect((await push(bot, 2, [doomed])).body.code).toBe('large-removal')
    expect(Object.keys((await draftOf(bot)).document.nodes)).toHaveLength(3)
    expect((await push(bot, 2, [doomed], { allowLargeRemoval: true })).status).toBe(200)
    expect(Object.keys((await draftOf(bot)).document.nodes)).toEqual(['c'])
  })

  test.each([
    ['file', 'train', '/etc/passwd'],
    ['file', 'test', '../../secret'],
    ['file', 'train', 'file_../../etc/passwd'],
    ['set', 'set', '/etc/passwd'],
    ['set', 'set', '..'],
  ])('a data block that names a path is refused (%s %s %s)', async (_, field, value) => {
    const bot = await newBot()
    const block = { id: 'd', type: 'data-source', version: 1, dialog: 'main', config: { [field]: value } }
    expect((await push(bot, 1, [diff({ 'nodes/d': block })])).body).toMatchObject({ code: 'path-refused' })
    const empty = { ...block, config: {} }
    await push(bot, 1, [diff({ 'nodes/d': empty })])
    const later = diff({}, { updated: { 'nodes/d': { [`/config/${field}`]: [null, value] } } })
    expect((await push(bot, 2, [later])).body).toMatchObject({ code: 'path-refused', remedy: expect.any(String) })
    expect((await draftOf(bot)).revision).toBe(2)
  })

  test.each(['/etc/passwd', '../../models/x', 'a/../../b', './x', '~/x', 'C:\\x'])(
    'an encoder named by a path is refused (%s)',
    async (encoder) => {
      const bot = await newBot()
      const block = { id: 't', type: 'fine-tune', version: 1, dialog: 'main', config: { encoder } }
      expect((await push(bot, 1, [diff({ 'nodes/t': block })])).body).toMatchObject({ code: 'path-refused' })
    },
  )

  test('what is no document is refused as a whole and changes nothing', async () => {
    const bot = await newBot()
    const before = await draftOf(bot)
    const codes = async (...diffs: unknown[]) => (await push(bot, 1, diffs)).body.code
    expect(await codes(diff({ 'nodes/a': { ...say('a', 'x'), extra: 1 } }))).toBe('graph-invalid')
    expect(await codes(diff({ 'nodes/a': say('b', 'x') }))).toBe('graph-invalid')
    expect(await codes(diff({ 'nodes/a': { ...say('a', 'x'), type: 'no-such-block' } }))).toBe('unknown-block')
    expect(
      await codes(diff({ 'nodes/ok': say('ok', 'x') }), diff({}, { updated: { bot: { '/id': ['', 'bot_other'] } } })),
    ).toBe('graph-invalid')
    const sneaky = JSON.stringify({ base: 1, diffs: [diff({ 'nodes/a': say('a', 'x') })] }).replace(
      '"en"',
      '"__proto__"',
    )
    const answer = await studio.bare(
      'POST',
      `/api/bots/${bot}/draft/diffs`,
      { cookie: studio.cookie, 'x-botloom-csrf': studio.csrf, 'content-type': 'application/json' },
      sneaky,
    )
    expect(answer.status).toBe(400)
    expect(await draftOf(bot)).toEqual(before)
  })
})

describe('records', () => {
  const importAll = async (preview: RecordsPreview, extra: object = {}) => {
    const bot = await newBot()
    const set = (await studio.call<{ id: string }>('POST', `/api/bots/${bot}/sets`, { name: 'Questions' })).body.id
    const answer = await studio.call<ImportAnswer & { code: string }>('POST', `/api/sets/${set}/import`, {
      file: preview.file,
      textColumn: preview.guess.text ?? preview.columns[0],
      labelColumn: preview.guess.label,
      label: null,
      ...extra,
    })
    return { bot, set, answer }
  }

  test('a GB18030 export is understood, imported, edited and deleted', async () => {
    const csv = '问题,意图\n我的快递到哪了,物流\n怎么退货,退货\n多,一,列\n'
    const { status, body } = await studio.upload('..\\..\\导出.csv', iconv.encode(csv, 'gb18030'))
    expect(status).toBe(201)
    const preview = body as unknown as RecordsPreview
    expect(preview).toMatchObject({ name: '导出.csv', encoding: 'GB18030', format: 'csv', rows: 2 })
    expect(preview.broken).toEqual([{ line: 4, reason: 'too-many-fields', raw: '多,一,列' }])
    const { set, answer } = await importAll(preview)
    expect(answer.body).toMatchObject({ added: 2, duplicates: 0, broken: 1 })
    expect(answer.body.newLabels.map((label) => label.name)).toEqual(['物流', '退货'])

    const page = (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows?limit=10&search=快递`)).body
    expect(page).toMatchObject({ total: 1, rows: [{ text: '我的快递到哪了', labelName: '物流', language: 'zh-CN' }] })
    const edited = await studio.call('PATCH', `/api/sets/${set}/rows/${page.rows[0]!.id}`, { label: '催件' })
    expect(edited.body).toMatchObject({ labelName: '催件' })
    const after = await studio.call('POST', `/api/sets/${set}/rows/delete`, { rows: [page.rows[0]!.id] })
    expect(after.body).toMatchObject({ changed: 1 })
  })

  test('pasted lines take the label that is given, and a new label is a new port of the intent block', async () => {
    const pasted = await studio.call<RecordsPreview>('POST', '/api/files/paste', { text: '能开专票吗\n发票抬头写错了' })
    expect(pasted.body).toMatchObject({ format: 'text', rows: 2 })
    const { answer } = await importAll(pasted.body, { labelColumn: null, label: '开发票' })
    expect(answer.body).toMatchObject({ added: 2, newLabels: [{ name: '开发票', rows: 2, trained: false }] })
  })

  test.each([
    ['empty', new Uint8Array(), 'data-empty'],
    ['not text', new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0x0d]), 'data-encoding'],
    ['broken JSON', new TextEncoder().encode('{"rows": ['), 'data-json'],
    ['too large', new Uint8Array(1_100_000).fill(97), 'data-too-large'],
  ])('an upload that is %s is refused with words in both languages', async (_, bytes, code) => {
    const { status, body } = await studio.upload('upload.csv', bytes)
    expect(status).toBeGreaterThanOrEqual(400)
    expect(body).toMatchObject({ code, remedy: expect.stringMatching(/\w/) })
  })

  test('an import names columns that exist', async () => {
    const preview = (await studio.call<RecordsPreview>('POST', '/api/files/paste', { text: 'hello\nbye' })).body
    const { answer } = await importAll(preview, { textColumn: 'no such column' })
    expect(answer.body.code).toBe('data-column')
  })

  test('one-label data and a label with one row are told at the block that deals the records', async () => {
    const preview = (
      await studio.call<RecordsPreview>('POST', '/api/files/paste', { text: 'text,label\na,x\nb,x\nc,y\n' })
    ).body
    const { bot, set } = await importAll(preview)
    const graph = graphOf({ data: { type: 'data-source', config: { set } }, split: { type: 'split' } }, [
      'data/data -> split/data',
    ])
    await push(bot, 1, [diff({ ...prefixed('nodes', graph.nodes), ...prefixed('edges', graph.edges) })])
    const about = async () => (await draftOf(bot)).problems.filter((problem) => problem.code.startsWith('split.'))
    expect(await about()).toMatchObject([
      { code: 'split.problem.one-row-label', severity: 'warning', node: 'split', params: { label: 'y' } },
    ])
    const rows = (await studio.call<RowsPage>('GET', `/api/sets/${set}/rows`)).body.rows
    await studio.call('POST', `/api/sets/${set}/rows/delete`, {
      rows: rows.filter((row) => row.labelName === 'y').map((row) => row.id),
    })
    expect(await about()).toMatchObject([{ code: 'split.problem.one-label', severity: 'error' }])
    const refused = await studio.call('POST', `/api/bots/${bot}/runs`, {})
    expect(refused).toMatchObject({ status: 409, body: { code: 'graph-has-problems' } })
  })
})

describe('versions', () => {
  const talk = graphOf(
    {
      start: { type: 'start' },
      hello: { type: 'say', config: { text: { en: 'first', 'zh-CN': '一' } } },
      bye: { type: 'end' },
    },
    ['start -> hello', 'hello -> bye'],
  )

  test('are stored for good; going back brings the very same bytes; open conversations stay on theirs', async () => {
    const bot = await newBot()
    await push(bot, 1, [diff({ ...prefixed('nodes', talk.nodes), ...prefixed('edges', talk.edges) })])
    const preview = await studio.call('GET', `/api/bots/${bot}/publish`)
    expect(preview.body).toMatchObject({
      problems: [],
      changedBlocks: { added: ['bye', 'hello', 'start'], removed: [] },
    })
    const first = await studio.call<VersionView>('POST', `/api/bots/${bot}/publish`, { note: 'first' })
    expect(first).toMatchObject({ status: 201, body: { version: 1, current: true, note: 'first' } })
    const stored = await bytes(bot, 1)

    await push(bot, 2, [diff({}, { updated: { 'nodes/hello': { '/config/text/en': ['first', 'second'] } } })])
    const second = await studio.call('GET', `/api/bots/${bot}/publish`)
    expect(second.body).toMatchObject({ changedBlocks: { added: [], removed: [], updated: ['hello'] } })
    await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })
    expect(await bytes(bot, 1)).toEqual(stored)

    const back = await studio.call<VersionView>('POST', `/api/bots/${bot}/versions/1/current`, {})
    expect(back.body).toMatchObject({ version: 1, current: true })
    const list = (await studio.call<VersionView[]>('GET', `/api/bots/${bot}/versions`)).body
    expect(list.map(({ version, current }) => [version, current])).toEqual([
      [2, false],
      [1, true],
    ])
    const { versions } = studio.services
    const current = (await versions.current('wsp_main', bot))!
    const { document } = await versions.load('wsp_main', bot, current)
    expect(document.nodes.hello?.config).toMatchObject({ text: { en: 'first' } })
    expect((await studio.call('POST', `/api/bots/${bot}/versions/7/current`, {})).status).toBe(404)
  })

  test('a draft with errors in its Talk half is not published', async () => {
    const bot = await newBot()
    await push(bot, 1, [diff({ 'nodes/hello': talk.nodes.hello })])
    const answer = await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })
    expect(answer).toMatchObject({ status: 409, body: { code: 'graph-has-problems' } })
    const preview = await studio.call<PublishPreview>('GET', `/api/bots/${bot}/publish`)
    expect(preview.body.problems.map((problem) => problem.code)).toEqual(['start-missing', 'unreachable'])
  })

  test('an error of the Learn half stops a run, not a publish; what the dialog lists is what is refused', async () => {
    const bot = await newBot()
    const data = { id: 'data', type: 'data-source', version: 1, dialog: 'main', config: { set: '' } }
    await push(bot, 1, [diff({ 'nodes/start': talk.nodes.start, 'nodes/data': data })])
    const { problems } = await draftOf(bot)
    expect(problems.filter(({ severity, half }) => severity === 'error' && half === 'learn')).not.toEqual([])
    const preview = await studio.call<PublishPreview>('GET', `/api/bots/${bot}/publish`)
    expect(preview.body.problems).toEqual([])
    const answer = await studio.call('POST', `/api/bots/${bot}/publish`, { note: '', keepOldModel: true })
    expect(answer).toMatchObject({ status: 201 })
  })

  test('with a stale Learn half a person must choose: run first, or keep the old model', async () => {
    const made = await studio.call<{ id: string }>('POST', '/api/bots', { name: 'shop', template: 'e-commerce' })
    const bot = made.body.id
    const refused = await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })
    expect(refused).toMatchObject({ status: 409, body: { code: 'publish-stale' } })
    const kept = await studio.call('POST', `/api/bots/${bot}/publish`, { note: '', keepOldModel: true })
    expect(kept.status).toBe(201)
  })

  async function bytes(bot: string, version: number) {
    return database.query('select document, facts, content_hash from versions where bot_id = $1 and version = $2', [
      bot,
      version,
    ])
  }

  test('the simulator talks with the draft, and why it said something can be asked', async () => {
    const bot = await newBot()
    await push(bot, 1, [diff({ ...prefixed('nodes', talk.nodes), ...prefixed('edges', talk.edges) })])
    const started = await studio.call<{ conversationId: string; messages: { id: string; text: string }[] }>(
      'POST',
      `/api/bots/${bot}/tries`,
      { language: 'en' },
    )
    expect(started).toMatchObject({ status: 201, body: { hasModel: false, messages: [{ text: 'first' }] } })
    const { conversationId, messages } = started.body
    const trace = await studio.call('GET', `/api/conversations/${conversationId}/messages/${messages[0]!.id}/trace`)
    expect(trace.body).toMatchObject({ path: expect.arrayContaining([expect.objectContaining({ node: 'hello' })]) })
  })
})

describe('events', () => {
  test('a stream tells what changed and goes on after the last event that was seen', async () => {
    const bot = await newBot()
    const read = async (
      headers: Record<string, string>,
      until: (text: string) => boolean,
      act?: () => Promise<unknown>,
    ) => {
      const response = await studio.bare('GET', `/api/bots/${bot}/events`, { cookie: studio.cookie, ...headers })
      expect(response.headers.get('content-type')).toContain('text/event-stream')
      const reader = response.body!.pipeThrough(new TextDecoderStream() as never).getReader()
      let text = ''
      await reader.read()
      await act?.()
      while (!until(text)) {
        const { value, done } = await reader.read()
        if (done) break
        text += value
      }
      await reader.cancel()
      return text
    }
    const first = await read(
      {},
      (text) => text.includes('draft.changed'),
      () => push(bot, 1, [diff({ 'nodes/a': say('a', 'one') })]),
    )
    const id = Number(/^id: (\d+)$/m.exec(first)?.[1])
    await push(bot, 2, [diff({ 'nodes/b': say('b', 'two') })])
    const second = await read({ 'last-event-id': String(id) }, (text) => text.includes('nodes/b'))
    expect(second).not.toContain('nodes/a')
    const talk = graphOf({ start: { type: 'start' }, bye: { type: 'end' } }, ['start -> bye'])
    await push(bot, 3, [diff({ ...prefixed('nodes', talk.nodes), ...prefixed('edges', talk.edges) })])
    await studio.call('POST', `/api/bots/${bot}/publish`, { note: '' })
    const third = await read({ 'last-event-id': String(id) }, (text) => text.includes('version.published'))
    expect(third).toContain('"version":1')
  })
})

function prefixed(kind: string, table: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(table).map(([id, record]) => [`${kind}/${id}`, record]))
}

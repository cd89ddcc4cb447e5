import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openFeatureCache } from '#runtime/language/feature-cache.ts'
import type { RunView } from '#server/api/dto.ts'
import { graphOf } from '../drivers/chat.ts'
import { openShop, type Shop } from './shop.ts'
import { botloom, expectWords, lastWords, refusedByApi } from './told.ts'

const run = promisify(execFile)
const smallDisk = (folder: string, size: string) => run('mount', ['-t', 'tmpfs', '-o', `size=${size}`, 'tmpfs', folder])
const takeAway = (folder: string) => run('umount', [folder])

/** A real file system with no room left, where this machine lets us make one. */
async function canMount(): Promise<boolean> {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-mount-'))
  try {
    await smallDisk(folder, '64k')
    await takeAway(folder)
    return true
  } catch {
    return false
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
const mountable = process.platform === 'linux' && (await canMount())
if (!mountable)
  console.warn(
    'SKIPPED: a full disk: only root on Linux may mount a small one (what an artifact store does: artifacts.test.ts)',
  )

/** Some 300 kB of rows, far more than the small disks hold. */
const many = (label: string): string[] =>
  Array.from(
    { length: 1_500 },
    (_, i) => `a rather long question number ${i} about ${label} that takes some room,${label}`,
  )
const csv = `text,label\n${[...many('refund'), ...many('track')].join('\n')}\n`

describe.skipIf(!mountable)('a full disk', () => {
  let shop: Shop
  let artifacts: string
  let files: string
  beforeAll(async () => {
    shop = await openShop()
    const { dataFolder } = shop.studio.services.config
    artifacts = join(dataFolder, 'artifacts')
    files = join(dataFolder, 'files')
  })
  afterAll(() => shop.close())

  test('under the uploads: the upload is refused in words, nothing half is left, and with room it is taken', async () => {
    const upload = (headers: Record<string, string> = {}) =>
      shop.studio.upload('many.csv', new TextEncoder().encode(csv), headers)
    const before = await shop.everything()
    // What was uploaded before lies below the small disk and is seen again when that goes.
    await smallDisk(files, '64k')
    try {
      const { status, params } = await refusedByApi('disk-full', upload)
      expect([status, params]).toEqual([507, { folder: files }])
      expect(await readdir(files)).toEqual([])
    } finally {
      await takeAway(files)
    }
    expect(await shop.everything()).toEqual(before)
    expect((await upload()).status).toBe(201)
  })

  test('under the cache of features: training goes on without it, and nothing half is left', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botloom-cache-'))
    await smallDisk(folder, '64k')
    try {
      const width = 384
      const texts = Array.from({ length: 100 }, (_, i) => `text ${i}`)
      const cache = await openFeatureCache(folder, 'encoder', width)
      await cache.add(texts, new Float32Array(texts.length * width).fill(0.5))
      expect(cache.get('text 7')?.[0]).toBe(0.5)
      expect(await readdir(join(folder, 'encoder'))).toEqual([])
    } finally {
      await takeAway(folder)
      await rm(folder, { recursive: true, force: true })
    }
  })

  // The two below wait for their attempts most of the time, each for itself.
  test.concurrent('under the artifacts: the run fails in words at its block, rows and results stay, and with room the next run is done', async () => {
    const bot = await shop.newBot({ data: { type: 'data-source' }, split: { type: 'split' } }, [
      'data/data -> split/data',
    ])
    const set = await shop.newSet(bot, csv)
    await shop.push(bot, { updated: { 'nodes/data': { '/config/set': ['', set] } } })
    const before = await shop.everything()
    const rows = async () => (await shop.studio.call('GET', `/api/sets/${set}`)).body
    const rowsBefore = await rows()
    await smallDisk(artifacts, '64k')
    try {
      const { id } = await shop.run(bot)
      const told = async (language: string) => {
        const path = `/api/bots/${bot}/runs/${id}`
        const { body } = await shop.studio.call<RunView>('GET', path, undefined, { 'accept-language': language })
        expect([body.status, body.failure?.node, body.failure?.params]).toEqual([
          'failed',
          'data',
          { folder: artifacts },
        ])
        return body.failure ?? {}
      }
      expectWords({ 'zh-CN': await told('zh-CN'), en: await told('en') }, 'disk-full')
      expect((await readdir(artifacts, { recursive: true, withFileTypes: true })).filter((e) => e.isFile())).toEqual([])
    } finally {
      await takeAway(artifacts)
    }
    expect(await shop.everything()).toEqual(before)
    expect(await rows()).toEqual(rowsBefore)
    expect(await shop.run(bot)).toMatchObject({ status: 'done' })
    await shop.expectUsable()
  })

  test.concurrent('under the temporary folder of the command line: it ends in words and leaves the files as they were', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'botloom-full-'))
    const disk = join(folder, 'tmp')
    try {
      await mkdir(disk)
      await writeFile(join(folder, 'many.csv'), csv)
      const graph = graphOf({ data: { type: 'data-source', config: { train: 'many.csv' } } }, [])
      await writeFile(join(folder, 'graph.json'), JSON.stringify(graph))
      await smallDisk(disk, '64k')
      const { code, err, out } = await botloom(['run', join(folder, 'graph.json')], 'zh-CN', { TMPDIR: disk })
      expect(lastWords(err)).toEqual({
        code: 'disk-full',
        message: expect.stringContaining('磁盘空间不足'),
        remedy: expect.stringContaining('清理磁盘'),
      })
      expect([code, out]).toEqual([1, ''])
      expect((await readdir(folder)).sort()).toEqual(['graph.json', 'many.csv', 'tmp'])
    } finally {
      await takeAway(disk).catch(() => {})
      await rm(folder, { recursive: true, force: true })
    }
  })
})

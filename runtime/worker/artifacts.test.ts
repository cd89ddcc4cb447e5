import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { createArtifactFolder } from './artifacts.ts'
import { createDatasets } from './datasets.ts'

let root: string
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'botloom-artifacts-'))
})
afterEach(() => rm(root, { recursive: true, force: true }))

const fill =
  (files: Record<string, string>) =>
  async (folder: string): Promise<void> => {
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, name, '..'), { recursive: true })
      await writeFile(join(folder, name), text)
    }
  }

test('an artifact is named by what it holds, whoever writes it and however often', async () => {
  const store = createArtifactFolder(root)
  const first = await store.write(fill({ a: '1', 'deep/b': '2' }))
  expect(first).toMatch(/^[0-9a-f]{64}$/)
  expect(await createArtifactFolder(root).write(fill({ 'deep/b': '2', a: '1' }))).toBe(first)
  expect(await store.write(fill({ a: '1', 'deep/b': '3' }))).not.toBe(first)
  expect(await readFile(join(await store.open(first), 'deep', 'b'), 'utf8')).toBe('2')
})

test('what nothing names is taken away, but not what is too young to have been named, nor what is wanted again', async () => {
  const store = createArtifactFolder(root)
  const hour = 3_600_000
  const make = async (text: string, age: number): Promise<string> => {
    const hash = await store.write(fill({ a: text }))
    const then = new Date(Date.now() - age)
    await utimes(join(root, hash.slice(0, 2), hash), then, then)
    return hash
  }
  const named = await make('named', 2 * hour)
  const old = await make('old', 2 * hour)
  const young = await make('young', hour / 2)
  const again = await make('again', 2 * hour)
  await store.write(fill({ a: 'again' }))
  await store.keepOnly(new Set([named]), hour)
  await expect(store.open(old)).rejects.toMatchObject({ code: 'artifact-missing' })
  for (const kept of [named, young, again]) await expect(createArtifactFolder(root).open(kept)).resolves.toBeTruthy()
  await store.keepOnly(new Set([named]))
  await expect(store.open(young)).rejects.toMatchObject({ code: 'artifact-missing' })
  await expect(store.open(named)).resolves.toBeTruthy()
})

test('a fill that fails leaves nothing behind, neither a name nor half a folder', async () => {
  const store = createArtifactFolder(root)
  const broken = store.write(async (folder) => {
    await writeFile(join(folder, 'a'), 'half')
    throw new Error('the process was stopped')
  })
  await expect(broken).rejects.toThrow('the process was stopped')
  expect(await readdir(join(root, 'tmp'))).toEqual([])
})

test('an artifact that was never written is missing, one that lost bytes is torn and mended by writing it again', async () => {
  const store = createArtifactFolder(root)
  await expect(store.open('0'.repeat(64))).rejects.toMatchObject({ code: 'artifact-missing' })
  const hash = await store.write(fill({ 'weights.bin': 'x'.repeat(4096) }))
  await truncate(join(await store.open(hash), 'weights.bin'), 1000)
  await expect(createArtifactFolder(root).open(hash)).rejects.toMatchObject({ code: 'artifact-torn' })
  await createArtifactFolder(root).write(fill({ 'weights.bin': 'x'.repeat(4096) }))
  expect((await readFile(join(await createArtifactFolder(root).open(hash), 'weights.bin'))).length).toBe(4096)
})

test('bytes that changed at the same size are noticed when the artifact is opened', async () => {
  const hash = await createArtifactFolder(root).write(fill({ 'rows.jsonl': '{"a":1}' }))
  await writeFile(join(root, hash.slice(0, 2), hash, 'rows.jsonl'), '{"a":2}')
  await expect(createArtifactFolder(root).open(hash)).rejects.toMatchObject({ code: 'artifact-torn' })
})

test.skipIf(!existsSync('/dev/full'))(
  'a full disk is said as such, with the folder, and leaves nothing behind',
  async () => {
    const store = createArtifactFolder(root)
    const refused = store.write(async (folder) => {
      await symlink('/dev/full', join(folder, 'weights.bin'))
      await writeFile(join(folder, 'weights.bin'), 'more than fits')
    })
    await expect(refused).rejects.toMatchObject({ code: 'disk-full', params: { folder: root } })
    expect(await readdir(join(root, 'tmp'))).toEqual([])
  },
)

test('a dataset comes back row for row, with its labels in order and counted', async () => {
  const datasets = createDatasets(createArtifactFolder(root))
  const rows = [
    { id: '1', text: '退款\u2028第二行\n第三行', label: 'lbl_b', language: 'zh-CN' },
    { id: '2', text: 'refund', label: 'lbl_a', language: 'en' },
    { id: '3', text: 'moon', outOfScope: true },
  ]
  const ref = await datasets.write(rows, [
    { id: 'lbl_b', name: '退款' },
    { id: 'lbl_a', name: 'refund' },
    { id: 'lbl_c', name: 'unused' },
  ])
  expect(ref).toMatchObject({ rows: 3, outOfScopeRows: 1, languages: ['en', 'zh-CN'] })
  expect(ref.labels.map((label) => [label.id, label.rows])).toEqual([
    ['lbl_b', 1],
    ['lbl_a', 1],
    ['lbl_c', 0],
  ])
  expect(await datasets.read(ref)).toEqual(rows)
})

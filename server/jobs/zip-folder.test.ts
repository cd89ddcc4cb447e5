import { execFileSync } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { zipFolder } from './zip-folder.ts'

async function packed(files: Record<string, Buffer>) {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-zip-'))
  await mkdir(join(folder, 'model', 'deep'), { recursive: true })
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, 'model', name), bytes)
  const zip = join(folder, 'model.zip')
  await pipeline(await zipFolder(join(folder, 'model'), 'bot'), createWriteStream(zip))
  return { zip, folder, dispose: () => rm(folder, { recursive: true, force: true }) }
}

const files = {
  'config.json': Buffer.from('{"layers":2}'),
  'empty.txt': Buffer.alloc(0),
  'deep/词表.txt': Buffer.from('你好\n'),
  'weights.bin': Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 251)),
}

test('a folder becomes a zip whose index names every file with its place, size and checksum', async () => {
  const { zip, dispose } = await packed(files)
  const bytes = await readFile(zip)
  const end = bytes.length - 22
  expect(bytes.readUInt32LE(end)).toBe(0x06054b50)
  let at = bytes.readUInt32LE(end + 16)
  const found: Record<string, Buffer> = {}
  for (let i = 0; i < bytes.readUInt16LE(end + 10); i++) {
    expect(bytes.readUInt32LE(at)).toBe(0x02014b50)
    const [crc, size, length, offset] = [
      bytes.readUInt32LE(at + 16),
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt32LE(at + 42),
    ]
    const name = bytes.toString('utf8', at + 46, at + 46 + length)
    expect(bytes.readUInt32LE(offset)).toBe(0x04034b50)
    const content = bytes.subarray(offset + 30 + length, offset + 30 + length + size)
    expect(crc32(content)).toBe(crc)
    found[name] = content
    at += 46 + length
  }
  expect(at).toBe(end)
  expect(found).toEqual(Object.fromEntries(Object.entries(files).map(([name, content]) => [`bot/${name}`, content])))
  await dispose()
})

const hasPython = (() => {
  try {
    execFileSync('python3', ['--version'])
    return true
  } catch {
    return false
  }
})()

test.skipIf(!hasPython)('another program reads it whole', async () => {
  const { zip, dispose } = await packed(files)
  const read = `import zipfile,json,sys; z=zipfile.ZipFile(sys.argv[1]); assert z.testzip() is None; print(json.dumps(sorted(z.namelist())))`
  expect(JSON.parse(execFileSync('python3', ['-c', read, zip], { encoding: 'utf8' }))).toEqual(
    Object.keys(files)
      .map((name) => `bot/${name}`)
      .sort(),
  )
  await dispose()
})

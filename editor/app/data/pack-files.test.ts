import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { readZipFile, zipEntries } from '#runtime/language/documents/read-zip.ts'
import { packFiles } from './pack-files.ts'

test('files that are dropped together arrive as they were, under their names, with checksums that hold', async () => {
  const contents: Record<string, string> = {
    'train.csv': 'text,label\n我的快递,1\n',
    'README.md': '---\n---\n',
    空: '',
  }
  const zip = await packFiles(Object.entries(contents).map(([name, content]) => new File([content], name)))
  expect(zip.name).toBe('train.csv +2.zip')
  const bytes = Buffer.from(await zip.arrayBuffer())
  expect(zipEntries(bytes).map(({ name }) => name)).toEqual(Object.keys(contents))
  for (const [name, content] of Object.entries(contents)) {
    expect(readZipFile(bytes, name, 1_000)?.toString()).toBe(content)
    const sum: number = (crc32 as (bytes: Uint8Array) => number)(Buffer.from(content))
    expect(bytes.readUInt32LE(bytes.indexOf(name) - 16)).toBe(sum)
  }
})

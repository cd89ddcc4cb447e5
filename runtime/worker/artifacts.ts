import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, open, readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { nanoid } from 'nanoid'
import { type ArtifactAccess, BotloomError, isDiskFull } from '#kit'
import { canonicalJson, hashOf } from '#runtime/graph/canonical.ts'

/** What an artifact holds: path below its folder, size in bytes, SHA-256 in hex. */
interface ManifestFile {
  path: string
  size: number
  sha256: string
}

export interface ArtifactFolder extends ArtifactAccess {
  /** Removes what a killed process left half-written. */
  clean(): Promise<void>
  /**
   * Removes every artifact that is neither named nor younger than `minAge` milliseconds. Nobody may write one meanwhile,
   * unless `minAge` is longer than it takes to name it.
   */
  keepOnly(named: ReadonlySet<string>, minAge?: number): Promise<void>
}

const manifestName = 'manifest.json'

/**
 * Immutable folders named by the hash of what they hold. One is filled apart and renamed into its place when it is whole, so
 * that a killed process or a full disk never leaves half of one behind a name.
 */
export function createArtifactFolder(root: string): ArtifactFolder {
  const halfWritten = join(root, 'tmp')
  const placeOf = (hash: string): string => join(root, hash.slice(0, 2), hash)
  /** Artifacts that were checked in this process: they never change, one look is enough. */
  const checked = new Set<string>()

  return {
    async open(hash) {
      const place = placeOf(hash)
      if (checked.has(hash)) return place
      const manifest = await readManifest(place)
      if (!manifest) throw new BotloomError('artifact-missing', { artifact: hash })
      if (hashOf(manifest) !== hash || !(await isWhole(place, manifest)))
        throw new BotloomError('artifact-torn', { artifact: hash })
      checked.add(hash)
      return place
    },

    async write(fill) {
      const folder = join(halfWritten, nanoid())
      try {
        await mkdir(folder, { recursive: true })
        await fill(folder)
        const manifest = await describe(folder)
        const hash = hashOf(manifest)
        await writeFile(join(folder, manifestName), canonicalJson(manifest), { flush: true })
        const place = placeOf(hash)
        await mkdir(join(root, hash.slice(0, 2)), { recursive: true })
        await putInPlace(folder, place)
        checked.add(hash)
        return hash
      } catch (error) {
        if (isDiskFull(error)) throw new BotloomError('disk-full', { folder: root }, { cause: error })
        throw error
      } finally {
        await rm(folder, { recursive: true, force: true })
      }
    },

    async clean() {
      await rm(halfWritten, { recursive: true, force: true })
    },

    async keepOnly(named, minAge = 0) {
      const oldest = Date.now() - minAge
      const places = await readdir(root, { withFileTypes: true }).catch(() => [])
      for (const shelf of places) {
        if (!shelf.isDirectory() || shelf.name === basename(halfWritten)) continue
        for (const hash of await readdir(join(root, shelf.name))) {
          const place = join(root, shelf.name, hash)
          if (named.has(hash) || (minAge > 0 && (await stat(place)).mtimeMs > oldest)) continue
          checked.delete(hash)
          await rm(place, { recursive: true, force: true })
        }
      }
    },
  }
}

/** An artifact of that content is there already: then it stays, unless it is torn and the fresh one mends it. */
async function putInPlace(folder: string, place: string): Promise<void> {
  const manifest = await readManifest(place)
  if (manifest && hashOf(manifest) === basename(place) && (await isWhole(place, manifest))) {
    // It is wanted again, and young again for whoever sweeps before it is named.
    const now = new Date()
    await utimes(place, now, now)
    return
  }
  await rm(place, { recursive: true, force: true })
  await rename(folder, place)
}

/** Each file has its bytes: sizes first, since a torn file mostly shows there, then hashes. */
async function isWhole(place: string, manifest: readonly ManifestFile[]): Promise<boolean> {
  for (const file of manifest) {
    const info = await stat(join(place, file.path)).catch(() => null)
    if (info?.size !== file.size) return false
  }
  for (const file of manifest) if ((await digest(join(place, file.path))) !== file.sha256) return false
  return true
}

async function describe(folder: string): Promise<ManifestFile[]> {
  const names = await readdir(folder, { recursive: true, withFileTypes: true })
  const files: ManifestFile[] = []
  for (const entry of names) {
    if (!entry.isFile()) continue
    const full = join(entry.parentPath, entry.name)
    const path = full.slice(folder.length + 1).replaceAll('\\', '/')
    files.push({ path, size: (await stat(full)).size, sha256: await digest(full) })
    await sync(full)
  }
  return files.sort((a, b) => (a.path < b.path ? -1 : 1))
}

async function digest(path: string): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of createReadStream(path)) hash.update(chunk)
  return hash.digest('hex')
}

/** The bytes are on the disk before their folder gets a name. */
async function sync(path: string): Promise<void> {
  const handle = await open(path, 'r+')
  await handle.sync()
  await handle.close()
}

async function readManifest(place: string): Promise<ManifestFile[] | null> {
  try {
    return JSON.parse(await readFile(join(place, manifestName), 'utf8')) as ManifestFile[]
  } catch {
    return null
  }
}

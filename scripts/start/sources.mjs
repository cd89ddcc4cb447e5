import { createHash } from 'node:crypto'
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))))
const stampFile = join(root, 'dist', '.stamp')
const built = [
  'editor',
  'server',
  'nodes',
  'runtime',
  'vite.config.ts',
  'vite.widget.config.ts',
  'vite.server.config.ts',
  'package-lock.json',
]

/** A hash over names, sizes and times of everything that the build reads: 20 ms, where hashing the bytes takes a second. */
export function sourceStamp() {
  const hash = createHash('sha256')
  const visit = (path) => {
    const info = statSync(path, { throwIfNoEntry: false })
    if (!info) return
    if (info.isDirectory()) for (const name of readdirSync(path).sort()) visit(join(path, name))
    else if (!/\.test\.tsx?$|\.safetensors$/.test(path))
      hash.update(`${path.slice(root.length)} ${info.size} ${info.mtimeMs}\n`)
  }
  for (const name of built) visit(join(root, name))
  return hash.digest('hex')
}

export function isBuilt() {
  try {
    return readFileSync(stampFile, 'utf8') === sourceStamp()
  } catch {
    return false
  }
}

export function markBuilt() {
  writeFileSync(stampFile, sourceStamp())
}

/** npm writes its own record after a whole install; an older one than the lock file means that the lock file moved on. */
export function isInstalled() {
  const record = statSync(join(root, 'node_modules', '.package-lock.json'), { throwIfNoEntry: false })
  const lock = statSync(join(root, 'package-lock.json'), { throwIfNoEntry: false })
  return Boolean(record && (!lock || record.mtimeMs >= lock.mtimeMs))
}

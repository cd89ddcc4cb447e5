import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { link, open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'

interface Holder {
  pid: number
  /** When that process began, as the system tells it: a pid alone is given again after a while. */
  started: string
}

/** A lock file without a word in it belongs to somebody who is writing it; after so many looks, to somebody who died before. */
const looks = 20
const betweenLooks = 50

/** Holds the data folder for this process; a lock of a process that is gone is taken over. Throws `data-folder-in-use`. */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'botloom.lock')
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) }
  for (let tries = 0; tries < 3; tries++) {
    try {
      const handle = await open(file, 'wx')
      await handle.writeFile(JSON.stringify(mine))
      await handle.close()
      return async () => {
        await rm(file, { force: true })
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const text = await readWritten(file)
    const holder = parseHolder(text)
    if (holder && isAlive(holder)) throw new BotloomError('data-folder-in-use', { folder, pid: holder.pid })
    await takeAway(file, text)
  }
  throw new BotloomError('data-folder-in-use', { folder, pid: parseHolder(await readWritten(file))?.pid ?? 0 })
}

async function readWritten(file: string): Promise<string> {
  for (let look = 1; ; look++) {
    const text = await readFile(file, 'utf8').catch(() => null)
    if (text !== '' || look >= looks) return text ?? ''
    await new Promise((resolve) => setTimeout(resolve, betweenLooks))
  }
}

/** Removes the lock that was read, and no other: of two that found the same one stale, the slower may meet the quicker one's. */
async function takeAway(file: string, stale: string): Promise<void> {
  const aside = `${file}.${process.pid}.${randomUUID()}`
  try {
    await rename(file, aside)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  // `link` never replaces: whoever took the place meanwhile keeps it.
  if ((await readFile(aside, 'utf8')) !== stale) await link(aside, file).catch(() => {})
  await rm(aside, { force: true })
}

function parseHolder(text: string): Holder | null {
  try {
    const value = JSON.parse(text) as Holder
    return typeof value.pid === 'number' ? value : null
  } catch {
    return null
  }
}

function isAlive(holder: Holder): boolean {
  try {
    process.kill(holder.pid, 0)
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return startOf(holder.pid) === holder.started
}

/** Start time of a process in clock ticks since boot (proc(5), field 22), or nothing where the system has no /proc. */
function startOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? ''
  } catch {
    return ''
  }
}

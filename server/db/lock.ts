import { readFileSync } from 'node:fs'
import { open, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'

interface Holder {
  pid: number
  /** When that process began, as the system tells it: a pid alone is given again after a while. */
  started: string
}

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
    const holder = parseHolder(await readFile(file, 'utf8').catch(() => ''))
    if (holder && isAlive(holder)) throw new BotloomError('data-folder-in-use', { folder, pid: holder.pid })
    await rm(file, { force: true })
  }
  throw new BotloomError('data-folder-in-use', { folder, pid: 0 })
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

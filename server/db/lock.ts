import { randomUUID } from 'node:crypto'
import { constants, readFileSync } from 'node:fs'
import { copyFile, link, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { BotloomError } from '#kit'

interface Holder {
  pid: number
  /** When that process began, as the system tells it: a pid alone is given again after a while. */
  started: string
}

/** Looks at a lock that is being taken over by somebody else, and the milliseconds between them. */
const looks = 100
const betweenLooks = 50

/** Holds the data folder for this process; a lock of a process that is gone is taken over. Throws `data-folder-in-use`. */
export async function lockDataFolder(folder: string): Promise<() => Promise<void>> {
  const file = join(folder, 'botloom.lock')
  for (let look = 0; ; look++) {
    if (await claim(file)) return () => rm(file, { force: true })
    const holder = await holderOf(file)
    if ((holder && isAlive(holder)) || look >= looks)
      throw new BotloomError('data-folder-in-use', { folder, pid: holder?.pid ?? 0 })
    if (!(await clearAway(file))) await pause(betweenLooks)
  }
}

/**
 * Removes the lock of a process that is gone. Of many that see it at once one does so at a time, and looks again before: else the
 * slower one would remove what the quicker one has just claimed. False when somebody else is at it.
 */
async function clearAway(file: string): Promise<boolean> {
  const turn = `${file}.takeover`
  if (!(await claim(turn))) {
    await clearDead(turn)
    return false
  }
  try {
    await clearDead(file)
    return true
  } finally {
    await rm(turn, { force: true })
  }
}

/** What is not there may be claimed at this moment, so only a file that was read is removed. */
async function clearDead(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => null)
  if (text === null) return
  const holder = parseHolder(text)
  if (!holder || !isAlive(holder)) await rm(file, { force: true })
}

/** Puts a file with this process's name in it where none is. It appears whole: nobody ever reads half of a name. */
async function claim(file: string): Promise<boolean> {
  const mine: Holder = { pid: process.pid, started: startOf(process.pid) }
  const draft = `${file}.${process.pid}.${randomUUID()}`
  await writeFile(draft, JSON.stringify(mine))
  try {
    await link(draft, file).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      // A file system without links, as on a memory stick.
      return copyFile(draft, file, constants.COPYFILE_EXCL)
    })
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    await rm(draft, { force: true })
  }
}

async function holderOf(file: string): Promise<Holder | null> {
  return parseHolder(await readFile(file, 'utf8').catch(() => ''))
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

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

import { readFile } from 'node:fs/promises'

/**
 * Processes that the kernel has ended for want of memory since the machine started, those of containers' own limits included; null
 * where it does not count them (systems other than Linux).
 */
export async function memoryKills(): Promise<number | null> {
  const text = await readFile('/proc/vmstat', 'utf8').catch(() => '')
  const found = /^oom_kill (\d+)$/m.exec(text)
  return found ? Number(found[1]) : null
}

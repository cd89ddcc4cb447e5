import { readdir, readFile } from 'node:fs/promises'

/** Proportional set size of a process and all below it, in MB: shared pages are counted once (proc_pid_smaps(5)). */
export async function treeMb(pid: number): Promise<{ mb: number; processes: number }> {
  const parents = new Map<number, number>()
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue
    const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(() => '')
    const parent = /^\d+ \(.*\) \S (\d+)/s.exec(stat)?.[1]
    if (parent) parents.set(Number(name), Number(parent))
  }
  const tree = [pid]
  for (const above of tree) for (const [child, parent] of parents) if (parent === above) tree.push(child)
  let kb = 0
  for (const id of tree) {
    const text = await readFile(`/proc/${id}/smaps_rollup`, 'utf8')
    kb += Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1] ?? 0)
  }
  return { mb: (kb * 1_024) / 1_000_000, processes: tree.length }
}

import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { projectRoot } from '#runtime/project-root.ts'
import { SkipLine } from './bench.ts'

const call = promisify(execFile)

/** Teaches intents, and entities where rows have them, with the defaults of each block. */
export const intentsGraph = join(projectRoot, 'tests/bench/graphs/intents.json')

/** A folder of data or of a model beside the project. Throws `SkipLine` where it is absent. */
export function sharedFolder(kind: 'data' | 'models', name: string): string {
  const folder = join(projectRoot, '..', 'shared', kind, name)
  if (!existsSync(folder)) throw new SkipLine(`${folder} is not here`)
  return folder
}

/** `botloom run --json` of that graph in a process of its own, as a person would call it; the answer is what it printed. */
export async function runIntents(settings: Record<string, string>): Promise<unknown> {
  const args = Object.entries(settings).flatMap(([key, value]) => ['--set', `${key}=${value}`])
  const { stdout } = await call(
    process.execPath,
    ['--import', 'tsx', 'server/cli/main.ts', 'run', intentsGraph, ...args, '--json'],
    { cwd: projectRoot, maxBuffer: 64 * 1_048_576 },
  )
  return JSON.parse(stdout)
}

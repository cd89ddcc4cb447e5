import { join } from 'node:path'
import { projectRoot } from './project-root.ts'

/** What to fork for a process of its own: the bundle in dist/ where this code runs from there, else the source through tsx. */
export function entryFile(source: string, built: string): { path: string; execArgv: string[] } {
  return import.meta.url.includes('/dist/server/')
    ? { path: join(projectRoot, 'dist', 'server', built), execArgv: [] }
    : { path: join(projectRoot, source), execArgv: ['--import', 'tsx'] }
}

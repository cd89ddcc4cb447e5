import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Playwright's global setup: a folder for what the test files of one run share. */
export default async function prepareRun(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(join(tmpdir(), 'botloom-run-'))
  process.env.BOTLOOM_TEST_RUN = folder
  return () => rm(folder, { recursive: true, force: true })
}

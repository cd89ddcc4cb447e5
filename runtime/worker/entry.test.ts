import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { projectRoot } from '#runtime/project-root.ts'

const children: ReturnType<typeof fork>[] = []
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
})

test('a compute process whose server goes while it is still loading ends by itself', async () => {
  const child = fork(join(projectRoot, 'runtime/worker/entry.ts'), ['serve'], {
    execArgv: ['--import', 'tsx'],
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    cwd: projectRoot,
    env: { ...process.env, BOTLOOM_COMPUTE: JSON.stringify({ artifacts: '/none', cache: '/none', models: '/none' }) },
  })
  children.push(child)
  child.disconnect()
  expect(await once(child, 'exit')).toEqual([0, null])
})

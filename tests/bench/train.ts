import { spawnSync } from 'node:child_process'
import { heapEnvironment } from '#runtime/tensor/executors/heap.ts'
import { runBench } from './bench.ts'
import { bot } from './train/bot.ts'
import { head } from './train/head.ts'
import { nearFinal } from './train/near-final.ts'
import { throughput, throughputOnCard } from './train/throughput.ts'

// A process reads these settings at its start only, so the bench starts itself once more, as the product starts its compute process.
if (Object.keys(heapEnvironment).every((name) => process.env[name] !== undefined)) {
  await runBench('train', [throughput, throughputOnCard, head, nearFinal, bot])
} else {
  const { status } = spawnSync(process.execPath, [...process.execArgv, ...process.argv.slice(1)], {
    env: { ...process.env, ...heapEnvironment },
    stdio: 'inherit',
  })
  process.exitCode = status ?? 1
}

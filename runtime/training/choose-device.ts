import type { Executor } from '#runtime/tensor/executor.ts'
import { chooseExecutor } from '#runtime/tensor/executors/choose.ts'

/** The device that a training runs on, with so many threads: what a runner needs to know of the tensors' room. */
export function chooseDevice(threads: number): Promise<Executor> {
  return chooseExecutor({ threads })
}

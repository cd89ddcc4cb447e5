import { availableParallelism } from 'node:os'
import type { Executor } from '../executor.ts'
import { createOnnxExecutor } from './onnx.ts'

export interface ChooseOptions {
  /** CPU threads to use. Default: all cores but one, at least one. */
  threads?: number
}

/** The best executor of this machine. The one place where further devices join. */
export async function chooseExecutor(options: ChooseOptions = {}): Promise<Executor> {
  return createOnnxExecutor({ threads: options.threads ?? Math.max(1, availableParallelism() - 1) })
}

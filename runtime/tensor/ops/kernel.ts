import { engine, type NamedTensorMap, type Tensor } from '@tensorflow/tfjs-core'
import { isTracing } from '../trace/backend.ts'

/**
 * Calls one of our own kernels while a trace is in progress; otherwise computes the same with ordinary `tf.*` operations,
 * so that each tfjs backend can run our programs.
 */
export function runOwn(
  kernel: string,
  inputs: NamedTensorMap,
  attributes: Record<string, string | number | boolean>,
  compose: () => Tensor[],
): Tensor[] {
  if (!isTracing()) return compose()
  const result = engine().runKernel(kernel, inputs, attributes)
  return Array.isArray(result) ? result : [result as Tensor]
}

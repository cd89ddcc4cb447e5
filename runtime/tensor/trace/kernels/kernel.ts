import { registerKernel, type TensorInfo } from '@tensorflow/tfjs-core'
import { currentRecorder, traceBackendName } from '../backend.ts'
import type { Recorder } from '../recorder.ts'

/** What a kernel appends to the graph. `Attributes` is the kernel's attribute interface of tfjs-core. */
export type TraceKernel<Attributes> = (
  recorder: Recorder,
  inputs: Record<string, TensorInfo>,
  attributes: Attributes,
) => TensorInfo | TensorInfo[]

/** Registers a kernel under tfjs's name for it. */
export function traceKernel<Attributes = unknown>(kernelName: string, kernel: TraceKernel<Attributes>): void {
  registerKernel({
    kernelName,
    backendName: traceBackendName,
    // tfjs types inputs and attributes of all kernels as open maps; each kernel's own interface is documented beside its name.
    kernelFunc: ({ inputs, attrs }) =>
      kernel(currentRecorder(), inputs as Record<string, TensorInfo>, attrs as Attributes),
  })
}

/** The inputs of a kernel that takes a list. */
export const listOf = (inputs: Record<string, TensorInfo>): TensorInfo[] => Object.values(inputs)

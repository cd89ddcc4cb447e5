import type * as ort from 'onnxruntime-node'
import type { CompiledLoop, Executor, HostTensors, LoopSpec, Program, ResidentTensors } from '../executor.ts'
import { loopNames, traceLoop } from '../trace/program.ts'
import { compileProgram, openSession, toHost, toOrt } from './session.ts'
import { stackSteps, unstackSteps } from './steps.ts'

export interface OnnxExecutorOptions {
  /** CPU threads inside one operator. Default: ONNX Runtime's choice (one a physical core). */
  threads?: number
  /** `cuda` needs parts that not each machine has; creating the first session then fails. */
  provider?: 'cpu' | 'cuda'
  /** The line for people. */
  device?: string
}

/** Tensors in the process's memory; a loop swaps them for its results. */
class OnnxTensors implements ResidentTensors {
  tensors: Record<string, ort.Tensor>

  constructor(tensors: HostTensors) {
    this.tensors = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, toOrt(t)]))
  }

  async read(names: readonly string[] = Object.keys(this.tensors)): Promise<HostTensors> {
    return Object.fromEntries(
      names.map((name) => {
        const host = toHost(this.tensors[name]!)
        return [name, { ...host, data: host.data.slice() }]
      }),
    )
  }

  async dispose(): Promise<void> {
    this.tensors = {}
  }
}

const residents = (t: ResidentTensors): OnnxTensors => {
  if (t instanceof OnnxTensors) return t
  throw new Error('these tensors were uploaded by another executor')
}

/**
 * An executor that records programs as ONNX graphs and runs them with ONNX Runtime, a chunk of steps as one Scan: its state lies
 * where the provider computes from the chunk's first step to its last, and in ordinary memory between chunks.
 */
export function createOnnxExecutor(options: OnnxExecutorOptions = {}): Executor {
  const { threads, provider = 'cpu' } = options
  const where = { provider, threads }
  return {
    name: provider,
    device: options.device ?? (threads ? `CPU × ${threads}` : 'CPU'),
    compile: (program, inputs, compileOptions) => compileProgram(where, program, inputs, compileOptions),

    async compileLoop(program: Program, spec: LoopSpec): Promise<CompiledLoop> {
      const { bytes, outputs } = traceLoop(program, spec, provider)
      const session = await openSession(bytes, where, { arena: false })
      const stateNames = Object.keys(spec.state)
      const capturedNames = Object.keys(spec.captured)
      return {
        async run(state, captured, steps) {
          const carried = residents(state)
          const fixed = residents(captured)
          const feeds: Record<string, ort.Tensor> = {}
          for (const name of stateNames) feeds[loopNames.state(name)] = carried.tensors[name]!
          for (const name of capturedNames) feeds[loopNames.captured(name)] = fixed.tensors[name]!
          for (const [name, t] of Object.entries(stackSteps(steps, Object.keys(spec.inputs)))) {
            feeds[loopNames.inputs(name)] = toOrt(t)
          }
          const results = await session.run(feeds)
          for (const name of stateNames) carried.tensors[name] = results[loopNames.nextState(name)]!
          const collected = outputs.map((name) => [name, toHost(results[loopNames.outputs(name)]!)] as const)
          return unstackSteps(Object.fromEntries(collected), steps.length)
        },
        dispose: () => session.release(),
      }
    },

    async upload(tensors) {
      return new OnnxTensors(tensors)
    },
  }
}

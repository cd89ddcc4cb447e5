import * as ort from 'onnxruntime-node'
import type {
  CompiledLoop,
  CompiledProgram,
  CompileOptions,
  Executor,
  HostTensor,
  HostTensors,
  LoopSpec,
  Program,
  ResidentTensors,
  TensorSpec,
} from '../executor.ts'
import { loopNames, traceLoop, traceProgram } from '../trace/program.ts'
import { stackSteps, unstackSteps } from './steps.ts'

export interface OnnxExecutorOptions {
  /** CPU threads inside one operator. Default: ONNX Runtime's choice (one a physical core). */
  threads?: number
  /** Where to compute. `webgpu` and `cuda` need parts that not each machine has; creating the first session then fails. */
  provider?: 'cpu' | 'webgpu' | 'cuda'
}

const toOrt = (t: HostTensor): ort.Tensor => new ort.Tensor(t.dtype, t.data as Float32Array, t.shape)

function toHost(t: ort.Tensor): HostTensor {
  if (t.type !== 'float32' && t.type !== 'int32' && t.type !== 'bool') throw new Error(`a program returned ${t.type}`)
  return { shape: t.dims, dtype: t.type, data: t.data as HostTensor['data'] }
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

/** An executor that records programs as ONNX graphs and runs them with ONNX Runtime. */
export function createOnnxExecutor(options: OnnxExecutorOptions = {}): Executor {
  const provider = options.provider ?? 'cpu'
  const sessionOptions: ort.InferenceSession.SessionOptions = {
    executionProviders: [provider],
    graphOptimizationLevel: 'all',
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    // It would undo the copies that `BatchMatMul` makes on purpose.
    extra: { optimization: { disable_specified_optimizers: 'MatmulTransposeFusion' } },
    ...(options.threads ? { intraOpNumThreads: options.threads } : {}),
  }
  const open = (bytes: Uint8Array, arena: boolean): Promise<ort.InferenceSession> =>
    ort.InferenceSession.create(bytes, { ...sessionOptions, enableCpuMemArena: arena })
  const threads = options.threads ? `, ${options.threads} threads` : ''
  return {
    name: `onnx-${provider}`,
    device: provider === 'cpu' ? `CPU${threads}` : provider === 'cuda' ? 'NVIDIA GPU (CUDA)' : 'GPU (WebGPU)',

    async compile(
      program: Program,
      inputs: Record<string, TensorSpec>,
      compileOptions: CompileOptions = {},
    ): Promise<CompiledProgram> {
      const session = await open(traceProgram(program, inputs, compileOptions), true)
      const used = new Set(session.inputNames)
      return {
        async run(feeds) {
          const given = Object.entries(feeds).filter(([name]) => used.has(name))
          const results = await session.run(Object.fromEntries(given.map(([name, t]) => [name, toOrt(t)])))
          return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, toHost(t)]))
        },
        dispose: () => session.release(),
      }
    },

    async compileLoop(program: Program, spec: LoopSpec): Promise<CompiledLoop> {
      const { bytes, outputs } = traceLoop(program, spec)
      // An arena keeps what its session once took; loops come one a batch shape and would each keep a whole step's memory.
      const session = await open(bytes, false)
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

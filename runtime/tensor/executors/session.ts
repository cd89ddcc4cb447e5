import * as ort from 'onnxruntime-node'
import type { CompiledProgram, CompileOptions, HostTensor, Program, TensorSpec } from '../executor.ts'
import { traceProgram } from '../trace/program.ts'
import type { TraceTarget } from '../trace/recorder.ts'

export interface SessionOptions {
  /** Asked first for each node; the CPU takes what it lacks. */
  provider: TraceTarget
  /** CPU threads inside one operator. Default: ONNX Runtime's choice (one a physical core). */
  threads?: number
}

/** An arena keeps what its session once took; where many sessions live side by side each would keep a whole step's memory. */
export function openSession(
  bytes: Uint8Array,
  { provider, threads }: SessionOptions,
  { arena, stays = [] }: { arena: boolean /** Outputs that stay on the device. */; stays?: readonly string[] },
): Promise<ort.InferenceSession> {
  return ort.InferenceSession.create(bytes, {
    executionProviders: provider === 'cpu' ? ['cpu'] : [provider, 'cpu'],
    graphOptimizationLevel: 'all',
    interOpNumThreads: 1,
    logSeverityLevel: 4,
    enableCpuMemArena: arena,
    // It would undo the copies that `BatchMatMul` makes on purpose.
    extra: { optimization: { disable_specified_optimizers: 'MatmulTransposeFusion' } },
    ...(threads ? { intraOpNumThreads: threads } : {}),
    ...(stays.length > 0
      ? { preferredOutputLocation: Object.fromEntries(stays.map((name) => [name, 'gpu-buffer' as const])) }
      : {}),
  })
}

/** A program bound to its input shapes: the tensors of each run come from ordinary memory and go back there. */
export async function compileProgram(
  options: SessionOptions,
  program: Program,
  inputs: Record<string, TensorSpec>,
  compileOptions: CompileOptions = {},
): Promise<CompiledProgram> {
  const bytes = traceProgram(program, inputs, { ...compileOptions, target: options.provider })
  const session = await openSession(bytes, options, { arena: true })
  const used = new Set(session.inputNames)
  return {
    async run(feeds) {
      const given = Object.entries(feeds).filter(([name]) => used.has(name))
      const results = await session.run(Object.fromEntries(given.map(([name, t]) => [name, toOrt(t)])))
      return Object.fromEntries(Object.entries(results).map(([name, t]) => [name, toHost(t)]))
    },
    dispose: () => session.release(),
  }
}

export const toOrt = (t: HostTensor): ort.Tensor => new ort.Tensor(t.dtype, t.data as Float32Array, t.shape)

/** Shares memory with the tensor, which must lie in ordinary memory. */
export function toHost(t: ort.Tensor): HostTensor {
  if (t.type !== 'float32' && t.type !== 'int32' && t.type !== 'bool') throw new Error(`a program returned ${t.type}`)
  return { shape: t.dims, dtype: t.type, data: t.data as HostTensor['data'] }
}

import type { Tensor } from '@tensorflow/tfjs-core'

/** Element types that cross the executor's door. */
export type DType = 'float32' | 'int32' | 'bool'

/** Shape and type of one named input. In a training trace every dimension is a number; a forward export may name symbolic ones. */
export interface TensorSpec {
  shape: readonly (number | string)[]
  dtype: DType
}

/** A dense tensor in ordinary memory, row-major. `bool` is held as 0/1 bytes. */
export interface HostTensor {
  shape: readonly number[]
  dtype: DType
  data: Float32Array | Int32Array | Uint8Array
}

/** Named tensors in ordinary memory. */
export type HostTensors = Record<string, HostTensor>

/** A function written in ordinary `tf.*` operations; executed as it is (eager) or recorded (trace). */
export type Program = (inputs: Record<string, Tensor>) => Record<string, Tensor>

/** A program bound to its input shapes on one device. `run` may block the event loop: compute processes only. */
export interface CompiledProgram {
  run(feeds: HostTensors): Promise<HostTensors>
  dispose(): Promise<void>
}

/**
 * `constants` are given to the program beside its inputs and are stored in the compiled form (weights of a deployed model).
 * `int8` names those that may be kept as 8-bit numbers with one scale a row where a transposed `linear` with bias or an `embed`
 * uses them; an executor that cannot keeps them as they are.
 */
export interface CompileOptions {
  constants?: HostTensors
  int8?: ReadonlySet<string>
}

/**
 * Tensors that live where the executor computes. `read` copies them (or the named ones) into ordinary memory.
 * A loop replaces the contents of the store that it is run on.
 */
export interface ResidentTensors {
  read(names?: readonly string[]): Promise<HostTensors>
  dispose(): Promise<void>
}

/**
 * The shapes of a loop's body. All are static.
 * `state`: carried from step to step; the program returns its new value under the same name.
 * `captured`: the same in every step and in several loops (frozen weights).
 * `inputs`: one value a step. Everything else the program returns is collected a step.
 */
export interface LoopSpec {
  state: Record<string, TensorSpec>
  captured: Record<string, TensorSpec>
  inputs: Record<string, TensorSpec>
}

/** A program run several steps in one call. `run` blocks the event loop for all of its steps. */
export interface CompiledLoop {
  run(state: ResidentTensors, captured: ResidentTensors, steps: readonly HostTensors[]): Promise<HostTensors[]>
  dispose(): Promise<void>
}

/**
 * What runs tensor programs. Later devices (WebGPU, CUDA, tfjs-node-gpu) join by implementing this interface.
 * `name` is a machine id such as `onnx-cpu`; `device` is a line for people such as `CPU, 2 threads`.
 */
export interface Executor {
  readonly name: string
  readonly device: string
  compile(program: Program, inputs: Record<string, TensorSpec>, options?: CompileOptions): Promise<CompiledProgram>
  /** Binds a body to its shapes; state and captured tensors are made with `upload` of the same executor. */
  compileLoop(program: Program, spec: LoopSpec): Promise<CompiledLoop>
  upload(tensors: HostTensors): Promise<ResidentTensors>
}

import { engine, type Tensor, type TensorInfo } from '@tensorflow/tfjs-core'
import type { CompileOptions, DType, HostTensors, LoopSpec, Program, TensorSpec } from '../executor.ts'
import { toAttributes } from '../onnx/attributes.ts'
import { toValueInfo, writeModel } from '../onnx/model.ts'
import type { GraphProto, NodeProto, ValueInfoProto } from '../onnx/onnx-pbf.js'
import { withRecorder } from './backend.ts'
import './kernels/all.ts'
import { Recorder, type TraceTarget, toDType } from './recorder.ts'
import { Symbols } from './symbols.ts'

export interface TraceOptions extends CompileOptions {
  /** Key-value pairs stored in the file (label set, model card id). */
  metadata?: Record<string, string>
  /** What the graph will run on. Default: the CPU. */
  target?: TraceTarget
}

/** How a value of the program is called inside the graph. */
interface Recording {
  inputs: Record<string, TensorSpec>
  constants?: HostTensors
  int8?: ReadonlySet<string>
  target?: TraceTarget
  inputName?: (name: string) => string
  outputName?: (name: string) => string
}

interface Recorded {
  graph: GraphProto
  /** Outputs by the program's names. */
  outputs: Record<string, ValueInfoProto>
}

function record(program: Program, recording: Recording): Recorded {
  const { inputs, constants = {}, int8, target = 'cpu', inputName = (n) => n, outputName = (n) => n } = recording
  const specs = Object.values(inputs)
  const symbols = new Symbols(
    specs,
    Object.values(constants).flatMap((t) => t.shape),
  )
  const recorder = new Recorder(symbols, target)
  const declared: ValueInfoProto[] = []
  const outputs: Record<string, ValueInfoProto> = {}
  const body = withRecorder(recorder, () => {
    const given: Record<string, Tensor> = {}
    const enter = (info: TensorInfo): Tensor => engine().makeTensorFromTensorInfo(info)
    for (const [name, spec] of Object.entries(inputs)) {
      given[name] = enter(recorder.named(inputName(name), symbols.toNumbers(spec.shape), spec.dtype))
      declared.push(toValueInfo(inputName(name), spec.dtype, spec.shape))
    }
    for (const [name, tensor] of Object.entries(constants)) {
      if (name in given) throw new Error(`${name} is both an input and a constant`)
      given[name] = enter(recorder.weight(name, tensor, int8?.has(name)))
    }
    const results = program(given)
    const named: Record<string, TensorInfo> = {}
    for (const [name, tensor] of Object.entries(results)) {
      if (outputName(name) in given) throw new Error(`${name} is both an input and an output of the program`)
      const dtype: DType = toDType(tensor.dtype)
      named[outputName(name)] = tensor
      outputs[name] = toValueInfo(
        outputName(name),
        dtype,
        tensor.shape.map((d) => symbols.toDeclaration(d)),
      )
    }
    return recorder.finish(named)
  })
  const graph: GraphProto = {
    name: 'botloom',
    node: body.nodes,
    initializer: body.initializers,
    input: declared,
    output: Object.values(outputs),
  }
  return { graph, outputs }
}

/**
 * Records a program as an ONNX model. Inputs and outputs keep the program's names; a dimension may be a name (`batch`), then the
 * model takes any size there. Errors: the program reads a tensor's value, uses a kernel that has no ONNX form here ("Kernel ... not
 * registered for backend"), or needs a sum or part of a named dimension.
 */
export function traceProgram(
  program: Program,
  inputs: Record<string, TensorSpec>,
  options: TraceOptions = {},
): Uint8Array {
  const { graph } = record(program, {
    inputs,
    constants: options.constants,
    int8: options.int8,
    target: options.target,
  })
  return writeModel(graph, options.metadata)
}

/** Names inside a loop's model, apart from each other whatever the program calls its tensors. */
export const loopNames = {
  state: (name: string): string => `state/${name}`,
  captured: (name: string): string => `captured/${name}`,
  inputs: (name: string): string => `steps/${name}`,
  nextState: (name: string): string => `next/${name}`,
  outputs: (name: string): string => `each/${name}`,
} as const

const withLeading = (dimension: string, shape: TensorSpec['shape']): TensorSpec['shape'] => [dimension, ...shape]

/**
 * Records a loop's body inside an ONNX Scan: state goes round, captured tensors are read from outside, inputs and outputs have a
 * leading dimension of steps, whose number is free. Names in the model are those of `loopNames`.
 */
export function traceLoop(
  program: Program,
  spec: LoopSpec,
  target?: TraceTarget,
): { bytes: Uint8Array; outputs: string[] } {
  const all = { ...spec.state, ...spec.captured, ...spec.inputs }
  const bodyName = (name: string): string =>
    name in spec.state ? `body/${name}` : name in spec.captured ? loopNames.captured(name) : `step/${name}`
  const { graph, outputs } = record(program, {
    inputs: all,
    target,
    inputName: bodyName,
    outputName: (name) => `result/${name}`,
  })
  const stateNames = Object.keys(spec.state)
  const inputNames = Object.keys(spec.inputs)
  for (const name of stateNames) if (!outputs[name]) throw new Error(missingState(name))
  const collected = Object.keys(outputs).filter((name) => !(name in spec.state))
  const declarations = new Map(graph.input.map((v) => [v.name, v]))
  graph.input = [...stateNames, ...inputNames].map((name) => declarations.get(bodyName(name))!)
  graph.output = [...stateNames, ...collected].map((name) => outputs[name]!)
  graph.name = 'step'
  const scan: NodeProto = {
    op_type: 'Scan',
    domain: '',
    input: [...stateNames.map(loopNames.state), ...inputNames.map(loopNames.inputs)],
    output: [...stateNames.map(loopNames.nextState), ...collected.map(loopNames.outputs)],
    attribute: toAttributes({ body: { graph }, num_scan_inputs: inputNames.length }),
  }
  const outer: GraphProto = {
    name: 'loop',
    node: [scan],
    initializer: [],
    input: [
      ...stateNames.map((n) => toValueInfo(loopNames.state(n), all[n]!.dtype, all[n]!.shape)),
      ...Object.keys(spec.captured).map((n) => toValueInfo(loopNames.captured(n), all[n]!.dtype, all[n]!.shape)),
      ...inputNames.map((n) => toValueInfo(loopNames.inputs(n), all[n]!.dtype, withLeading('steps', all[n]!.shape))),
    ],
    output: [
      ...stateNames.map((n) => ({ ...outputs[n]!, name: loopNames.nextState(n) })),
      ...collected.map((n) => {
        const type = outputs[n]!.type!.tensor_type!
        const dim = [{ dim_param: 'steps' }, ...(type.shape?.dim ?? [])]
        return { name: loopNames.outputs(n), type: { tensor_type: { elem_type: type.elem_type, shape: { dim } } } }
      }),
    ],
  }
  return { bytes: writeModel(outer), outputs: collected }
}

/** Records a loop's body as a graph of one step, whose state, captured tensors and inputs have the names of `loopNames`. */
export function traceStep(
  program: Program,
  spec: LoopSpec,
  target?: TraceTarget,
): { bytes: Uint8Array; outputs: string[] } {
  const { graph, outputs } = record(program, {
    inputs: { ...spec.state, ...spec.captured, ...spec.inputs },
    target,
    inputName: (name) =>
      name in spec.state
        ? loopNames.state(name)
        : name in spec.captured
          ? loopNames.captured(name)
          : loopNames.inputs(name),
    outputName: (name) => (name in spec.state ? loopNames.nextState(name) : loopNames.outputs(name)),
  })
  for (const name of Object.keys(spec.state)) if (!outputs[name]) throw new Error(missingState(name))
  return { bytes: writeModel(graph), outputs: Object.keys(outputs).filter((name) => !(name in spec.state)) }
}

const missingState = (name: string): string => `the loop's body gives no new value for ${name}`

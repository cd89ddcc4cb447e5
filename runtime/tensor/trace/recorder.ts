import type { DataType, TensorInfo } from '@tensorflow/tfjs-core'
import type { DType, HostTensor } from '../executor.ts'
import { sizeOf } from '../host-tensor.ts'
import { type AttributeValue, toAttributes } from '../onnx/attributes.ts'
import { elementTypes, toByteInitializer, toInitializer, toInt64Initializer } from '../onnx/model.ts'
import type { NodeProto, TensorProto } from '../onnx/onnx-pbf.js'
import { quantizeRows } from './int8.ts'
import type { Symbols } from './symbols.ts'

/** What the trace knows of one tensor. `uniform`: each entry has this value; `host`: the entries are known. */
interface Value {
  dtype: DType
  shape: readonly number[]
  name?: string
  host?: HostTensor
  uniform?: number
  /** Matrix products and look-ups may use 8-bit numbers in place of the entries. */
  int8?: boolean
}

/** How the 8-bit numbers of a weight and the scales of its rows are called inside the graph. */
export interface Int8Names {
  values: string
  scales: string
}

/** An operand: a traced tensor or the name of a value inside the graph. */
export type Operand = TensorInfo | string

export const microsoft = 'com.microsoft'

/** The ONNX Runtime provider that a graph is written for: a node that it lacks runs on the CPU, its operands copied there and back. */
export type TraceTarget = 'cpu' | 'webgpu' | 'cuda'

/** The types that a trace can hold. Throws on strings and complex numbers. */
export function toDType(dtype: DataType): DType {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype
  throw new Error(`a ${dtype} tensor cannot be traced`)
}

function toHost(values: ArrayLike<number>, shape: readonly number[], dtype: DType): HostTensor {
  const data =
    dtype === 'float32'
      ? Float32Array.from(values)
      : dtype === 'int32'
        ? Int32Array.from(values)
        : Uint8Array.from(values)
  return { shape, dtype, data }
}

function uniformOf(values: ArrayLike<number>): number | undefined {
  const first = values[0]
  if (first === undefined) return undefined
  for (let i = 1; i < values.length; i++) if (values[i] !== first) return undefined
  return first
}

/** Collects the nodes and constants of one graph while a program runs. */
export class Recorder {
  readonly nodes: NodeProto[] = []
  readonly #initializers = new Map<string, TensorProto>()
  readonly #shared = new Map<string, string>()
  readonly #values = new WeakMap<object, Value>()
  readonly #dimensions = new Map<string, string>()
  readonly symbols: Symbols
  readonly target: TraceTarget
  #count = 0

  constructor(symbols: Symbols, target: TraceTarget) {
    this.symbols = symbols
    this.target = target
  }

  #fresh(hint: string): string {
    return `#${this.#count++}:${hint}`
  }

  #register(value: Value): TensorInfo {
    const dataId = {}
    this.#values.set(dataId, value)
    return { dataId, shape: [...value.shape], dtype: value.dtype }
  }

  /** Enters a constant that tfjs made, under the data id that tfjs will use. */
  define(dataId: object, values: ArrayLike<number>, shape: readonly number[], dtype: DType): void {
    const uniform = uniformOf(values)
    this.#values.set(
      dataId,
      uniform === undefined ? { dtype, shape, host: toHost(values, shape, dtype) } : { dtype, shape, uniform },
    )
  }

  /** A tensor that the graph finds under this name: an input, a captured value. */
  named(name: string, shape: readonly number[], dtype: DType): TensorInfo {
    const info = this.#register({ dtype, shape, name })
    const { symbols } = this
    shape.forEach((d, axis) => {
      const parsed = symbols.parse(d)
      const only = parsed.names[0]
      if (parsed.names.length !== 1 || parsed.factor !== 1 || only === undefined || this.#dimensions.has(only)) return
      this.#dimensions.set(only, this.node('Shape', [name], { start: axis, end: axis + 1 }))
    })
    return info
  }

  /** A weight: stored in the graph under its own name. The bytes are shared with `tensor`. */
  weight(name: string, tensor: HostTensor, int8 = false): TensorInfo {
    this.#initializers.set(name, toInitializer(name, tensor))
    return this.#register({ dtype: tensor.dtype, shape: tensor.shape, name, host: tensor, int8 })
  }

  /**
   * The names of a weight's 8-bit numbers and of its rows' scales, where it is to be quantised. `transposed` as in
   * `quantizeRows`. Its float entries leave the graph unless something else needs them.
   */
  int8Rows(info: TensorInfo, transposed = false): Int8Names | undefined {
    const { name, host, int8 } = this.#valueOf(info)
    if (!int8 || !name || !host) return undefined
    const names = { values: `${name}/int8${transposed ? '-transposed' : ''}`, scales: `${name}/scale` }
    if (!this.#initializers.has(names.values)) {
      const { values, scales } = quantizeRows(host, transposed)
      const [rows, columns] = host.shape as [number, number]
      const dims = transposed ? [columns, rows] : [rows, columns]
      this.#initializers.set(names.values, toByteInitializer(names.values, values, dims))
      this.#initializers.set(
        names.scales,
        toInitializer(names.scales, { shape: [rows], dtype: 'float32', data: scales }),
      )
    }
    return names
  }

  #valueOf(info: TensorInfo): Value {
    const value = this.#values.get(info.dataId)
    if (!value) throw new Error('this tensor belongs to another trace or was disposed')
    return value
  }

  /** The value that all entries have, if they are known to have one. */
  uniformOf(info: TensorInfo): number | undefined {
    return this.#valueOf(info).uniform
  }

  /** The entries of a constant. Throws for what is known only when the graph runs. */
  entriesOf(dataId: object): HostTensor['data'] {
    const value = this.#values.get(dataId)
    if (value?.host) return value.host.data
    if (value?.uniform !== undefined) {
      return toHost(new Array<number>(sizeOf(value.shape)).fill(value.uniform), value.shape, value.dtype).data
    }
    throw new Error('a traced program must not read a tensor: its values exist only when the graph runs')
  }

  #constant(key: string, make: (name: string) => TensorProto): string {
    const known = this.#shared.get(key)
    if (known) return known
    const name = this.#fresh('const')
    this.#shared.set(key, name)
    this.#initializers.set(name, make(name))
    return name
  }

  /** The name of a scalar constant. */
  scalar(value: number, dtype: DType): string {
    return this.#constant(`${dtype} ${Object.is(value, -0) ? '-0' : value}`, (name) =>
      toInitializer(name, toHost([value], [], dtype)),
    )
  }

  /** The name of an unsigned 8-bit number. */
  byte(value: number): string {
    return this.#constant(`uint8 ${value}`, (name) => toByteInitializer(name, Uint8Array.of(value), []))
  }

  /** The name of a list of 64-bit integers. */
  int64(values: readonly number[]): string {
    return this.#constant(`int64 ${values.join()}`, (name) => toInt64Initializer(name, values))
  }

  /** The name of 0, step, 2 step, ... as 32-bit integers of this shape. */
  multiples(step: number, shape: readonly number[]): string {
    return this.#constant(`int32 ${shape.join()} by ${step}`, (name) => {
      const values = Array.from({ length: sizeOf(shape) }, (_, i) => i * step)
      return toInitializer(name, toHost(values, shape, 'int32'))
    })
  }

  /** The name of one 64-bit integer without dimensions. */
  int64Scalar(value: number): string {
    return this.#constant(`int64 scalar ${value}`, (name) => toInt64Initializer(name, [value], []))
  }

  /** The name of a shape as 64-bit integers; named dimensions are read from the inputs when the graph runs. */
  shape(shape: readonly number[]): string {
    if (!shape.some((d) => this.symbols.isSymbolic(d))) return this.int64(shape)
    const key = `shape ${shape.join()}`
    const known = this.#shared.get(key)
    if (known) return known
    const name = this.node(
      'Concat',
      shape.map((d) => this.#dimension(d)),
      { axis: 0 },
    )
    this.#shared.set(key, name)
    return name
  }

  #dimension(dimension: number): string {
    const { factor, names } = this.symbols.parse(dimension)
    let product = factor === 1 && names.length > 0 ? undefined : this.int64([factor])
    for (const symbol of names) {
      const size = this.#dimensions.get(symbol)
      if (!size) throw new Error(`no input has the dimension ${symbol} by itself`)
      product = product === undefined ? size : this.node('Mul', [product, size])
    }
    return product!
  }

  /** The name under which a tensor's value is found; constants enter the graph when first named. */
  nameOf(operand: Operand): string {
    if (typeof operand === 'string') return operand
    const value = this.#valueOf(operand)
    if (value.name) return value.name
    if (value.uniform !== undefined) {
      const scalar = this.scalar(value.uniform, value.dtype)
      value.name = value.shape.length === 0 ? scalar : this.node('Expand', [scalar, this.shape(value.shape)])
      return value.name
    }
    const name = this.#fresh('const')
    this.#initializers.set(name, toInitializer(name, { ...value.host!, shape: value.shape }))
    value.name = name
    return name
  }

  /** The shortest operand that broadcasts like this one: a scalar where all entries are equal. */
  broadcast(info: TensorInfo): Operand {
    const uniform = this.uniformOf(info)
    return uniform === undefined ? info : this.scalar(uniform, toDType(info.dtype))
  }

  /** Appends a node with one output and returns that output's name. */
  node(op: string, inputs: readonly Operand[], attributes: Record<string, AttributeValue> = {}, domain = ''): string {
    return this.nodeMany(op, inputs, 1, attributes, domain)[0]!
  }

  /** Appends a node with several outputs and returns their names. */
  nodeMany(
    op: string,
    inputs: readonly Operand[],
    outputs: number,
    attributes: Record<string, AttributeValue> = {},
    domain = '',
  ): string[] {
    const input = inputs.map((x) => this.nameOf(x))
    const output = Array.from({ length: outputs }, () => this.#fresh(op))
    this.nodes.push({ op_type: op, domain, input, output, attribute: toAttributes(attributes) })
    return output
  }

  /** A tensor for a value inside the graph. */
  tensor(name: string, shape: readonly number[], dtype: DType): TensorInfo {
    return this.#register({ dtype, shape, name })
  }

  /** Appends a node and returns its output as a tensor. */
  emit(
    op: string,
    inputs: readonly Operand[],
    shape: readonly number[],
    dtype: DataType,
    attributes: Record<string, AttributeValue> = {},
    domain = '',
  ): TensorInfo {
    return this.tensor(this.node(op, inputs, attributes, domain), shape, toDType(dtype))
  }

  /** A tensor whose entries are all the same; it takes room only where it is used in full. */
  uniform(value: number, shape: readonly number[], dtype: DataType): TensorInfo {
    return this.#register({ dtype: toDType(dtype), shape, uniform: value })
  }

  /** A tensor whose entries are known now. */
  known(values: ArrayLike<number>, shape: readonly number[], dtype: DataType): TensorInfo {
    return this.#register({ dtype: toDType(dtype), shape, host: toHost(values, shape, toDType(dtype)) })
  }

  /** The same value as another tensor. */
  same(x: TensorInfo): TensorInfo {
    return this.#register({ ...this.#valueOf(x) })
  }

  reshape(x: TensorInfo, shape: readonly number[]): TensorInfo {
    const value = this.#valueOf(x)
    if (shape.length === value.shape.length && shape.every((d, i) => d === value.shape[i])) return this.same(x)
    if (value.uniform !== undefined) return this.uniform(value.uniform, shape, value.dtype)
    return this.emit('Reshape', [x, this.#reshapeTarget(value.shape, shape)], shape, value.dtype)
  }

  #reshapeTarget(from: readonly number[], to: readonly number[]): string {
    const symbolic = to.map((d) => this.symbols.isSymbolic(d))
    const copied = to.map((d, i) => symbolic[i]! && from[i] === d)
    const open = symbolic.filter((s, i) => s && !copied[i]).length
    if (open > 1) return this.shape(to)
    return this.int64(to.map((d, i) => (copied[i] ? 0 : symbolic[i] ? -1 : d)))
  }

  cast(x: TensorInfo, dtype: DataType): TensorInfo {
    const to = toDType(dtype)
    const value = this.#valueOf(x)
    if (value.dtype === to) return this.same(x)
    if (value.uniform !== undefined) {
      const v = value.uniform
      return this.uniform(to === 'bool' ? Number(v !== 0) : to === 'int32' ? Math.trunc(v) : v, value.shape, to)
    }
    return this.emit('Cast', [x], value.shape, to, { to: elementTypes[to] })
  }

  /** A value cast to the 64-bit integers in which some operators take indices. */
  toInt64(x: Operand): string {
    return this.node('Cast', [x], { to: elementTypes.int64 })
  }

  /** The nodes and constants that the outputs depend on, the outputs under their final names. */
  finish(outputs: Record<string, TensorInfo>): { nodes: NodeProto[]; initializers: TensorProto[] } {
    const produced = new Set(this.nodes.flatMap((n) => n.output))
    const renamed = new Map<string, string>()
    for (const [name, info] of Object.entries(outputs)) {
      const source = this.nameOf(info)
      if (produced.has(source) && !renamed.has(source)) renamed.set(source, name)
      else this.nodes.push({ op_type: 'Identity', domain: '', input: [source], output: [name], attribute: [] })
    }
    const final = (name: string): string => renamed.get(name) ?? name
    const nodes = this.nodes.map((n) => ({ ...n, input: n.input.map(final), output: n.output.map(final) }))
    const needed = new Set(Object.keys(outputs))
    const kept: NodeProto[] = []
    for (const node of nodes.reverse()) {
      if (!node.output.some((o) => needed.has(o))) continue
      kept.push(node)
      for (const i of node.input) needed.add(i)
    }
    return { nodes: kept.reverse(), initializers: [...this.#initializers.values()].filter((t) => needed.has(t.name)) }
  }
}

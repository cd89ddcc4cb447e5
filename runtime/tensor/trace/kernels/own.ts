import type { TensorInfo } from '@tensorflow/tfjs-core'
import { float } from '../../onnx/attributes.ts'
import { type Int8Names, microsoft, type Recorder, toDType } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

/** Names of kernels that tfjs does not have; `ops/` calls them while tracing and composes `tf.*` operations otherwise. */
export const ownKernels = {
  layerNorm: 'BotloomLayerNorm',
  gelu: 'BotloomGelu',
  linear: 'BotloomLinear',
  positions: 'BotloomPositions',
  sumOfSquares: 'BotloomSumOfSquares',
  window: 'BotloomWindow',
  columnSums: 'BotloomColumnSums',
} as const

/** Gives the normalised rows, their means and their inverse deviations. */
traceKernel<{ epsilon: number }>(ownKernels.layerNorm, (r, { x, gamma, beta }, { epsilon }) => {
  const moments = [...x!.shape.slice(0, -1), 1]
  const attributes = { axis: -1, epsilon: float(epsilon) }
  const [y, mean, inverse] = r.nodeMany('LayerNormalization', [x!, gamma!, beta!], 3, attributes)
  return [
    r.tensor(y!, x!.shape, 'float32'),
    r.tensor(mean!, moments, 'float32'),
    r.tensor(inverse!, moments, 'float32'),
  ]
})

traceKernel(ownKernels.gelu, (r, { x }) => r.emit('Gelu', [x!], x!.shape, 'float32', {}, microsoft))

/** x [n, in] times weight plus bias in one pass over the output. */
traceKernel<{ transposed: boolean }>(ownKernels.linear, (r, { x, weight, bias }, { transposed }) => {
  const shape = [x!.shape[0]!, weight!.shape[transposed ? 0 : 1]!]
  const int8 = transposed ? r.int8Rows(weight!, true) : undefined
  if (int8) return r.tensor(int8Linear(r, x!, int8, bias!), shape, 'float32')
  return r.emit('Gemm', [x!, weight!, bias!], shape, 'float32', { transB: Number(transposed) })
})

/**
 * The same with 8-bit weights; x is quantised when the graph runs, symmetrically and with one scale a row. ONNX Runtime's
 * DynamicQuantizeMatMul takes one scale for all rows: a few percent faster, but coarser, and a text's answer would depend on
 * which texts it shares a batch with. Small graphs are held up by their number of nodes, large ones by each pass over memory.
 */
function int8Linear(r: Recorder, x: TensorInfo, weight: Int8Names, bias: TensorInfo): string {
  const last = r.int64([-1])
  const flat = { keepdims: 0 }
  const least = r.node('Neg', [r.node('ReduceMin', [x, last], flat)])
  const reach = r.node('Max', [r.node('ReduceMax', [x, last], flat), least, r.scalar(1e-12, 'float32')])
  const scales = r.node('Mul', [reach, r.scalar(1 / 127, 'float32')])
  const zero = r.byte(128)
  const zeros = r.node('Expand', [zero, r.node('Shape', [reach])])
  const numbers = r.node('QuantizeLinear', [x, scales, zeros], { axis: 0 })
  const operands = [numbers, weight.values, r.scalar(1, 'float32'), weight.scales, zero]
  const product = r.node('MatMulIntegerToFloat', operands, {}, microsoft)
  return r.node('Add', [r.node('Mul', [product, r.node('Unsqueeze', [scales, last])]), bias])
}

/** 0, 1, ... up to the last dimension of `like`, which may be a named one. */
traceKernel(ownKernels.positions, (r, { like }) => {
  const length = like!.shape.at(-1)!
  if (!r.symbols.isSymbolic(length)) {
    return r.known(
      Array.from({ length }, (_, i) => i),
      [length],
      'int32',
    )
  }
  const limit = r.node('Squeeze', [r.shape([length])])
  const range = r.node('Range', [r.int64Scalar(0), limit, r.int64Scalar(1)])
  return r.emit('Cast', [range], [length], 'int32', { to: 6 })
})

traceKernel(ownKernels.sumOfSquares, (r, { x }) => r.emit('ReduceSumSquare', [x!], [], 'float32', { keepdims: 0 }))

/** `length` entries of a list from a place known only when the graph runs. */
traceKernel<{ length: number }>(ownKernels.window, (r, { x, start }, { length }) => {
  if (r.target === 'webgpu') return gatheredWindow(r, x!, start!, length)
  const from = r.node('Reshape', [r.toInt64(start!), r.int64([1])])
  const to = r.node('Add', [from, r.int64([length])])
  return r.emit('Slice', [x!, from, to, r.int64([0])], [length], x!.dtype)
})

/** A window is looked up in rows of so many places: the last of them may read so far beyond its end. */
export const windowRow = 1024

/** The same by looking each entry up: the bounds of a Slice are read on the CPU, and the card would wait for that each time. */
function gatheredWindow(r: Recorder, x: TensorInfo, start: TensorInfo, length: number): TensorInfo {
  const rows = Math.ceil(length / windowRow)
  const firsts = r.node('Add', [r.multiples(windowRow, [rows, 1]), start])
  const places = r.node('Add', [firsts, r.multiples(1, [1, windowRow])])
  const entries = r.node('Reshape', [r.node('Gather', [x, places]), r.int64([rows * windowRow])])
  if (rows * windowRow === length) return r.tensor(entries, [length], toDType(x.dtype))
  return r.emit('Slice', [entries, r.int64([0]), r.int64([length]), r.int64([0])], [length], x.dtype)
}

/** A row of ones times x: several times faster than ONNX Runtime's ReduceSum over rows. */
traceKernel(ownKernels.columnSums, (r, { x }) => {
  const [rows, columns] = x!.shape as [number, number]
  const product = r.emit('MatMul', [r.uniform(1, [1, rows], 'float32'), x!], [1, columns], 'float32')
  return r.reshape(product, [columns])
})

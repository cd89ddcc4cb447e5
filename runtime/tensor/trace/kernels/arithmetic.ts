import {
  Add,
  AddN,
  backend_util,
  FloorDiv,
  Maximum,
  Minimum,
  Multiply,
  Pow,
  RealDiv,
  SquaredDifference,
  Sub,
  type TensorInfo,
} from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import { listOf, traceKernel } from './kernel.ts'

const sameShape = (a: readonly number[], b: readonly number[]): boolean =>
  a.length === b.length && a.every((d, i) => d === b[i])

/** An operation with a neutral element on the right costs nothing; tfjs's gradients multiply by ones often. */
function binary(name: string, op: string, neutral?: { right: number; left?: number }): void {
  const skip = (r: Recorder, x: TensorInfo, shape: number[]): TensorInfo =>
    sameShape(x.shape, shape) ? r.same(x) : r.emit('Expand', [x, r.shape(shape)], shape, x.dtype)
  traceKernel(name, (r, { a, b }) => {
    const shape = backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape)
    const [left, right] = [r.uniformOf(a!), r.uniformOf(b!)]
    if (neutral && right === neutral.right && left === undefined) return skip(r, a!, shape)
    if (neutral?.left !== undefined && left === neutral.left && right === undefined) return skip(r, b!, shape)
    const shortLeft = sameShape(b!.shape, shape) ? r.broadcast(a!) : a!
    const shortRight = sameShape(a!.shape, shape) && shortLeft === a ? r.broadcast(b!) : b!
    return r.emit(op, [shortLeft, shortRight], shape, a!.dtype)
  })
}

binary(Add, 'Add', { right: 0, left: 0 })
binary(Sub, 'Sub', { right: 0 })
binary(Multiply, 'Mul', { right: 1, left: 1 })
binary(RealDiv, 'Div', { right: 1 })
binary(Pow, 'Pow', { right: 1 })
binary(Maximum, 'Max')
binary(Minimum, 'Min')

traceKernel(SquaredDifference, (r, { a, b }) => {
  const shape = backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape)
  const difference = r.node('Sub', [a!, b!])
  return r.emit('Mul', [difference, difference], shape, a!.dtype)
})

traceKernel(FloorDiv, (r, { a, b }) => {
  const shape = backend_util.assertAndGetBroadcastShape(a!.shape, b!.shape)
  const quotient = r.node('Div', [r.cast(a!, 'float32'), r.cast(b!, 'float32')])
  return r.cast(r.emit('Floor', [quotient], shape, 'float32'), 'int32')
})

traceKernel(AddN, (r, inputs) => {
  const [first, ...rest] = listOf(inputs)
  const { shape, dtype } = first!
  // The WebGPU provider has no Sum.
  if (r.target === 'webgpu') return rest.reduce((sum, term) => r.emit('Add', [sum, term], shape, dtype), first!)
  return r.emit('Sum', [first!, ...rest], shape, dtype)
})

import { BatchMatMul, type BatchMatMulAttrs, backend_util, type TensorInfo } from '@tensorflow/tfjs-core'
import { microsoft, type Recorder } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

/**
 * ONNX Runtime's FusedMatMul takes transposition flags, so that no transposed copy is made. A large first matrix, as in the gradient
 * of a weight, is faster copied than read across: its kernel turns the same panels over and over. The WebGPU provider has no
 * FusedMatMul; its Gemm takes the flags for plain matrices.
 */
traceKernel<BatchMatMulAttrs>(BatchMatMul, (r, { a, b }, { transposeA, transposeB }) => {
  const rows = a!.shape.at(transposeA ? -1 : -2)!
  const columns = b!.shape.at(transposeB ? -2 : -1)!
  const batch = backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2))
  const shape = [...batch, rows, columns]
  const flags = { transA: Number(transposeA), transB: Number(transposeB) }
  if (!transposeA && !transposeB) return r.emit('MatMul', [a!, b!], shape, 'float32')
  if (r.target === 'webgpu') {
    if (shape.length === 2) return r.emit('Gemm', [a!, b!], shape, 'float32', flags)
    const operands = [transposeA ? turned(r, a!) : a!, transposeB ? turned(r, b!) : b!]
    return r.emit('MatMul', operands, shape, 'float32')
  }
  if (transposeA && !transposeB && a!.shape.length === 2) return r.emit('MatMul', [turned(r, a!), b!], shape, 'float32')
  return r.emit('FusedMatMul', [a!, b!], shape, 'float32', flags, microsoft)
})

/** A copy with the last two dimensions swapped. */
function turned(r: Recorder, x: TensorInfo): TensorInfo {
  const last = x.shape.length - 1
  const perm = x.shape.map((_, axis) => (axis === last ? last - 1 : axis === last - 1 ? last : axis))
  return r.emit(
    'Transpose',
    [x],
    perm.map((axis) => x.shape[axis]!),
    'float32',
    { perm },
  )
}

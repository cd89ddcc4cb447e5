import { BatchMatMul, type BatchMatMulAttrs, backend_util } from '@tensorflow/tfjs-core'
import { microsoft } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

/**
 * ONNX Runtime's FusedMatMul takes transposition flags, so that no transposed copy is made. A large first matrix, as in the gradient
 * of a weight, is faster copied than read across: its kernel turns the same panels over and over.
 */
traceKernel<BatchMatMulAttrs>(BatchMatMul, (r, { a, b }, { transposeA, transposeB }) => {
  const rows = a!.shape.at(transposeA ? -1 : -2)!
  const columns = b!.shape.at(transposeB ? -2 : -1)!
  const batch = backend_util.assertAndGetBroadcastShape(a!.shape.slice(0, -2), b!.shape.slice(0, -2))
  const shape = [...batch, rows, columns]
  if (!transposeA && !transposeB) return r.emit('MatMul', [a!, b!], shape, 'float32')
  if (transposeA && !transposeB && a!.shape.length === 2) {
    const turned = r.emit('Transpose', [a!], [rows, a!.shape[0]!], 'float32', { perm: [1, 0] })
    return r.emit('MatMul', [turned, b!], shape, 'float32')
  }
  const flags = { transA: Number(transposeA), transB: Number(transposeB) }
  return r.emit('FusedMatMul', [a!, b!], shape, 'float32', flags, microsoft)
})

import type { HostTensor } from '../executor.ts'

/** 8-bit whole numbers with one scale a channel: value = number x scale of its channel. */
export interface Int8Channels {
  values: Int8Array
  scales: Float32Array
}

/**
 * The largest magnitude of a quantised weight. Processors without VNNI multiply unsigned activations with signed weights in
 * pairs whose sum must fit 16 bits: 2 x 255 x 64 = 32,640 does, 2 x 255 x 127 would be cut off without a word (ONNX Runtime
 * documentation, "Quantize ONNX models", reduce_range). Half of the range costs little where each channel has its own scale,
 * and the same file is exact on every processor.
 */
const largest = 64

/**
 * Symmetric quantisation of a float32 matrix with one scale a row. `transposed`: the numbers are given column by column, so
 * that a weight [out, in] with a scale an output comes as [in, out], the order that ONNX multiplies with.
 */
export function quantizeRows({ shape, data }: HostTensor, transposed = false): Int8Channels {
  const [rows, columns] = shape as [number, number]
  const values = new Int8Array(rows * columns)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let most = 0
    for (let i = row * columns; i < (row + 1) * columns; i++) most = Math.max(most, Math.abs(data[i]!))
    const scale = most === 0 ? 1 : most / largest
    scales[row] = scale
    for (let column = 0; column < columns; column++)
      values[transposed ? column * rows + row : row * columns + column] = Math.round(
        data[row * columns + column]! / scale,
      )
  }
  return { values, scales }
}

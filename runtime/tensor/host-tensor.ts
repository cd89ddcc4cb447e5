import type { HostTensor } from './executor.ts'

/** Number of entries of a shape. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((a, b) => a * b, 1)

function checked<T extends ArrayLike<number>>(shape: readonly number[], data: T): T {
  if (data.length !== sizeOf(shape)) throw new Error(`${data.length} values do not fill a tensor of shape [${shape}]`)
  return data
}

/** A float32 tensor; without data it is all zeros. A Float32Array is shared, other lists are copied. */
export const floats = (shape: readonly number[], data?: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'float32',
  data: !data
    ? new Float32Array(sizeOf(shape))
    : data instanceof Float32Array
      ? checked(shape, data)
      : Float32Array.from(checked(shape, data)),
})

/** An int32 tensor; without data it is all zeros. An Int32Array is shared, other lists are copied. */
export const ints = (shape: readonly number[], data?: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'int32',
  data: !data
    ? new Int32Array(sizeOf(shape))
    : data instanceof Int32Array
      ? checked(shape, data)
      : Int32Array.from(checked(shape, data)),
})

/** A bool tensor of 0/1 bytes; without data it is all false. */
export const bools = (shape: readonly number[], data?: ArrayLike<number>): HostTensor => ({
  shape,
  dtype: 'bool',
  data: !data
    ? new Uint8Array(sizeOf(shape))
    : data instanceof Uint8Array
      ? checked(shape, data)
      : Uint8Array.from(checked(shape, data)),
})

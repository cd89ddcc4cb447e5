import type { HostTensor, HostTensors } from '../executor.ts'
import { sizeOf } from '../host-tensor.ts'

const emptyLike = (t: HostTensor, length: number): HostTensor['data'] =>
  t.dtype === 'float32'
    ? new Float32Array(length)
    : t.dtype === 'int32'
      ? new Int32Array(length)
      : new Uint8Array(length)

/** One tensor with a leading dimension of steps for each name. Throws when a step lacks a name or its shape differs. */
export function stackSteps(steps: readonly HostTensors[], names: readonly string[]): HostTensors {
  const stacked: HostTensors = {}
  for (const name of names) {
    const first = steps[0]?.[name]
    if (!first) throw new Error(`the loop's input ${name} is missing`)
    const size = sizeOf(first.shape)
    const data = emptyLike(first, size * steps.length)
    steps.forEach((step, i) => {
      const t = step[name]
      if (!t || t.dtype !== first.dtype || t.data.length !== size) {
        throw new Error(`the loop's input ${name} changes its shape or type between steps`)
      }
      data.set(t.data, i * size)
    })
    stacked[name] = { shape: [steps.length, ...first.shape], dtype: first.dtype, data }
  }
  return stacked
}

/** The reverse of `stackSteps`; the slices share memory with what they are cut from. */
export function unstackSteps(stacked: HostTensors, steps: number): HostTensors[] {
  return Array.from({ length: steps }, (_, i) =>
    Object.fromEntries(
      Object.entries(stacked).map(([name, t]): [string, HostTensor] => {
        const shape = t.shape.slice(1)
        const size = sizeOf(shape)
        return [name, { shape, dtype: t.dtype, data: t.data.subarray(i * size, (i + 1) * size) }]
      }),
    ),
  )
}

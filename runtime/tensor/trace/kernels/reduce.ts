import {
  All,
  Any,
  ArgMax,
  ArgMin,
  backend_util,
  Cumsum,
  type CumsumAttrs,
  Max,
  Mean,
  Min,
  Prod,
  Sum,
  type TensorInfo,
  util,
} from '@tensorflow/tfjs-core'
import type { Recorder } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

interface ReduceAttributes {
  axis?: number | number[]
  reductionIndices?: number | number[]
  keepDims: boolean
}

function reduce(r: Recorder, op: string, x: TensorInfo, attributes: ReduceAttributes): TensorInfo {
  const given = attributes.axis ?? attributes.reductionIndices
  const axes = util.parseAxisParam(given as number | number[], x.shape)
  if (axes.length === 0) return r.same(x)
  const [open] = backend_util.computeOutAndReduceShapes(x.shape, axes)
  const shape = attributes.keepDims ? backend_util.expandShapeToKeepDim(open, axes) : open
  return r.emit(op, [x, r.int64(axes)], shape, x.dtype, { keepdims: attributes.keepDims ? 1 : 0 })
}

for (const [name, op] of Object.entries({
  [Sum]: 'ReduceSum',
  [Max]: 'ReduceMax',
  [Min]: 'ReduceMin',
  [Prod]: 'ReduceProd',
})) {
  traceKernel<ReduceAttributes>(name, (r, { x }, attributes) => reduce(r, op, x!, attributes))
}

traceKernel<ReduceAttributes>(Mean, (r, { x }, attributes) =>
  reduce(r, 'ReduceMean', r.cast(x!, 'float32'), attributes),
)

/** ONNX reduces no booleans: smallest and largest of 0/1 are "all" and "any". */
for (const [name, op] of Object.entries({ [All]: 'ReduceMin', [Any]: 'ReduceMax' })) {
  traceKernel<ReduceAttributes>(name, (r, { x }, attributes) =>
    r.cast(reduce(r, op, r.cast(x!, 'int32'), attributes), 'bool'),
  )
}

for (const name of [ArgMax, ArgMin]) {
  traceKernel<{ axis: number }>(name, (r, { x }, { axis }) => {
    const [at] = util.parseAxisParam(axis, x!.shape)
    const shape = x!.shape.filter((_, i) => i !== at)
    const index = r.node(name, [x!], { axis: at!, keepdims: 0 })
    return r.emit('Cast', [index], shape, 'int32', { to: 6 })
  })
}

traceKernel<CumsumAttrs>(Cumsum, (r, { x }, { axis, exclusive, reverse }) =>
  r.emit('CumSum', [x!, r.int64Scalar(axis)], x!.shape, x!.dtype, {
    exclusive: Number(exclusive),
    reverse: Number(reverse),
  }),
)

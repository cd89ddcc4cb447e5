import {
  Cast,
  type CastAttrs,
  Concat,
  type ConcatAttrs,
  ExpandDims,
  type ExpandDimsAttrs,
  Fill,
  type FillAttrs,
  Identity,
  OneHot,
  type OneHotAttrs,
  OnesLike,
  Pack,
  type PackAttrs,
  PadV2,
  type PadV2Attrs,
  Range,
  type RangeAttrs,
  Reshape,
  type ReshapeAttrs,
  Reverse,
  type ReverseAttrs,
  Slice,
  type SliceAttrs,
  SplitV,
  type SplitVAttrs,
  slice_util,
  type TensorInfo,
  Tile,
  type TileAttrs,
  Transpose,
  type TransposeAttrs,
  Unpack,
  type UnpackAttrs,
  util,
  ZerosLike,
} from '@tensorflow/tfjs-core'
import { type Operand, type Recorder, toDType } from '../recorder.ts'
import { listOf, traceKernel } from './kernel.ts'

/** Sums and parts of a named dimension have no name of their own, so a forward export cannot hold them. */
function refuseSymbolic(r: Recorder, what: string, dimension: number): void {
  if (r.symbols.isSymbolic(dimension)) throw new Error(`${what} along a named dimension cannot be recorded`)
}

traceKernel(Identity, (r, { x }) => r.same(x!))
traceKernel<CastAttrs>(Cast, (r, { x }, { dtype }) => r.cast(x!, dtype))

traceKernel<ReshapeAttrs>(Reshape, (r, { x }, { shape }) =>
  r.reshape(x!, util.inferFromImplicitShape(shape, util.sizeFromShape(x!.shape))),
)

traceKernel<ExpandDimsAttrs>(ExpandDims, (r, { input }, { dim }) => {
  const shape = [...input!.shape]
  shape.splice(dim < 0 ? shape.length + 1 + dim : dim, 0, 1)
  return r.reshape(input!, shape)
})

traceKernel<TransposeAttrs>(Transpose, (r, { x }, { perm }) => {
  if (perm.every((p, i) => p === i)) return r.same(x!)
  return r.emit(
    'Transpose',
    [x!],
    perm.map((p) => x!.shape[p]!),
    x!.dtype,
    { perm },
  )
})

function concat(r: Recorder, parts: TensorInfo[], axis: number): TensorInfo {
  if (parts.length === 1) return r.same(parts[0]!)
  for (const part of parts) refuseSymbolic(r, 'concatenating', part.shape[axis]!)
  const shape = [...parts[0]!.shape]
  shape[axis] = parts.reduce((sum, p) => sum + p.shape[axis]!, 0)
  return r.emit('Concat', parts, shape, parts[0]!.dtype, { axis })
}

traceKernel<ConcatAttrs>(Concat, (r, inputs, { axis }) => {
  const parts = listOf(inputs).filter((p) => util.sizeFromShape(p.shape) > 0)
  return concat(r, parts, util.parseAxisParam(axis, parts[0]!.shape)[0]!)
})

traceKernel<PackAttrs>(Pack, (r, inputs, { axis }) => {
  const parts = listOf(inputs)
  const at = axis < 0 ? parts[0]!.shape.length + 1 + axis : axis
  const expanded = parts.map((p) => r.reshape(p, [...p.shape.slice(0, at), 1, ...p.shape.slice(at)]))
  return concat(r, expanded, at)
})

function slice(r: Recorder, x: TensorInfo, begin: readonly number[], size: readonly number[]): TensorInfo {
  const axes = begin.map((_, i) => i).filter((i) => begin[i] !== 0 || size[i] !== x.shape[i])
  if (axes.length === 0) return r.same(x)
  for (const i of axes) refuseSymbolic(r, 'slicing up to an unknown end', size[i]!)
  for (const i of axes) {
    if (r.symbols.isSymbolic(x.shape[i]!) && begin[i]! + size[i]! > 4096)
      refuseSymbolic(r, 'slicing at the end', x.shape[i]!)
  }
  const starts = r.int64(axes.map((i) => begin[i]!))
  const ends = r.int64(axes.map((i) => begin[i]! + size[i]!))
  return r.emit('Slice', [x, starts, ends, r.int64(axes)], size, x.dtype)
}

traceKernel<SliceAttrs>(Slice, (r, { x }, { begin, size }) => {
  const [from, lengths] = slice_util.parseSliceParams(x!, begin, size)
  return slice(r, x!, from!, lengths!)
})

/** A graphics card binds few buffers to one kernel: 8 outputs and the input are sure to be among them. */
const mostParts = 8

/** Names of the parts; more than `mostParts` are cut in several rounds. */
function split(r: Recorder, x: Operand, sizes: readonly number[], axis: number): string[] {
  if (sizes.length === 1) return [r.nameOf(x)]
  if (sizes.length <= mostParts) return r.nodeMany('Split', [x, r.int64(sizes)], sizes.length, { axis })
  const perGroup = Math.ceil(sizes.length / mostParts)
  const groups: number[][] = []
  for (let i = 0; i < sizes.length; i += perGroup) groups.push(sizes.slice(i, i + perGroup))
  const sums = groups.map((group) => group.reduce((sum, n) => sum + n, 0))
  return split(r, x, sums, axis).flatMap((part, i) => split(r, part, groups[i]!, axis))
}

traceKernel<SplitVAttrs>(SplitV, (r, { x }, { numOrSizeSplits, axis }) => {
  const at = util.parseAxisParam(axis, x!.shape)[0]!
  const total = x!.shape[at]!
  const sizes = Array.isArray(numOrSizeSplits)
    ? numOrSizeSplits.map((n) => (n === -1 ? total - numOrSizeSplits.reduce((sum, m) => sum + Math.max(m, 0), 0) : n))
    : new Array<number>(numOrSizeSplits).fill(total / numOrSizeSplits)
  refuseSymbolic(r, 'splitting', total)
  const names = split(r, x!, sizes, at)
  return sizes.map((length, n) => {
    const shape = x!.shape.map((d, i) => (i === at ? length : d))
    return r.tensor(names[n]!, shape, toDType(x!.dtype))
  })
})

traceKernel<UnpackAttrs>(Unpack, (r, { value }, { axis }) => {
  const at = util.parseAxisParam(axis, value!.shape)[0]!
  const open = value!.shape.filter((_, i) => i !== at)
  return Array.from({ length: value!.shape[at]! }, (_, n) => {
    const begin = value!.shape.map((_d, i) => (i === at ? n : 0))
    return r.reshape(
      slice(
        r,
        value!,
        begin,
        value!.shape.map((d, i) => (i === at ? 1 : d)),
      ),
      open,
    )
  })
})

traceKernel<TileAttrs>(Tile, (r, { x }, { reps }) => {
  const shape = x!.shape.map((d, i) => d * reps[i]!)
  if (reps.every((n) => n === 1)) return r.same(x!)
  const onlyOnes = reps.every((n, i) => n === 1 || x!.shape[i] === 1)
  return onlyOnes
    ? r.emit('Expand', [x!, r.shape(shape)], shape, x!.dtype)
    : r.emit('Tile', [x!, r.shape(reps)], shape, x!.dtype)
})

traceKernel<ReverseAttrs>(Reverse, (r, { x }, { dims }) => {
  const axes = util.parseAxisParam(dims, x!.shape)
  if (axes.length === 0) return r.same(x!)
  const minusOne = r.int64(axes.map(() => -1))
  const start = r.int64(axes.map(() => -1))
  const end = r.int64(axes.map(() => -(2 ** 31)))
  return r.emit('Slice', [x!, start, end, r.int64(axes), minusOne], x!.shape, x!.dtype)
})

traceKernel<PadV2Attrs>(PadV2, (r, { x }, { paddings, constantValue }) => {
  const shape = x!.shape.map((d, i) => {
    const added = paddings[i]![0] + paddings[i]![1]
    if (added > 0) refuseSymbolic(r, 'padding', d)
    return d + added
  })
  const pads = r.int64([...paddings.map((p) => p[0]), ...paddings.map((p) => p[1])])
  return r.emit('Pad', [x!, pads, r.scalar(constantValue, toDType(x!.dtype))], shape, x!.dtype)
})

traceKernel<FillAttrs>(Fill, (r, _inputs, { shape, value, dtype }) =>
  r.uniform(Number(value), shape, dtype ?? 'float32'),
)
traceKernel(ZerosLike, (r, { x }) => r.uniform(0, x!.shape, x!.dtype))
traceKernel(OnesLike, (r, { x }) => r.uniform(1, x!.shape, x!.dtype))

traceKernel<RangeAttrs>(Range, (r, _inputs, { start, stop, step, dtype }) => {
  const length = Math.max(0, Math.ceil((stop - start) / step))
  refuseSymbolic(r, 'a range of numbers', length)
  return r.known(
    Array.from({ length }, (_, i) => start + i * step),
    [length],
    dtype,
  )
})

traceKernel<OneHotAttrs>(OneHot, (r, { indices }, { depth, onValue, offValue, dtype }) => {
  const values = r.nameOf(r.known([offValue, onValue], [2], 'float32'))
  const shape = [...indices!.shape, depth]
  return r.cast(
    r.emit('OneHot', [r.toInt64(indices!), r.int64Scalar(depth), values], shape, 'float32', { axis: -1 }),
    dtype,
  )
})

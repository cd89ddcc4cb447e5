import {
  GatherNd,
  GatherV2,
  type GatherV2Attrs,
  ScatterNd,
  type ScatterNdAttrs,
  type TensorInfo,
  UnsortedSegmentSum,
  type UnsortedSegmentSumAttrs,
  util,
} from '@tensorflow/tfjs-core'
import { elementTypes } from '../../onnx/model.ts'
import type { Recorder } from '../recorder.ts'
import { traceKernel } from './kernel.ts'

traceKernel<GatherV2Attrs>(GatherV2, (r, { x, indices }, { axis, batchDims }) => {
  if (batchDims) throw new Error('gather with batchDims cannot be recorded; use gatherND')
  const at = util.parseAxisParam(axis, x!.shape)[0]!
  const shape = [...x!.shape.slice(0, at), ...indices!.shape, ...x!.shape.slice(at + 1)]
  const int8 = at === 0 && x!.shape.length === 2 ? r.int8Rows(x!) : undefined
  if (int8) {
    const numbers = r.node('Cast', [r.node('Gather', [int8.values, indices!])], { to: elementTypes.float32 })
    const scales = r.node('Unsqueeze', [r.node('Gather', [int8.scales, indices!]), r.int64([-1])])
    return r.emit('Mul', [numbers, scales], shape, 'float32')
  }
  return r.emit('Gather', [x!, indices!], shape, x!.dtype, { axis: at })
})

traceKernel(GatherNd, (r, { params, indices }) => {
  const depth = indices!.shape.at(-1)!
  const shape = [...indices!.shape.slice(0, -1), ...params!.shape.slice(depth)]
  return r.emit('GatherND', [params!, r.toInt64(indices!)], shape, params!.dtype)
})

function scatterAdd(r: Recorder, shape: number[], indices: TensorInfo, updates: TensorInfo): TensorInfo {
  const zeros = r.uniform(0, shape, updates.dtype)
  return r.emit('ScatterND', [zeros, r.toInt64(indices), updates], shape, updates.dtype, { reduction: 'add' })
}

traceKernel<ScatterNdAttrs>(ScatterNd, (r, { indices, updates }, { shape }) => scatterAdd(r, shape, indices!, updates!))

traceKernel<UnsortedSegmentSumAttrs>(UnsortedSegmentSum, (r, { x, segmentIds }, { numSegments }) => {
  const shape = [numSegments, ...x!.shape.slice(segmentIds!.shape.length)]
  return scatterAdd(r, shape, r.reshape(segmentIds!, [...segmentIds!.shape, 1]), x!)
})

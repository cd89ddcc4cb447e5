import { PbfReader, PbfWriter } from 'pbf'
import type { DType, HostTensor, TensorSpec } from '../executor.ts'
import {
  type GraphProto,
  type ModelProto,
  readModelProto,
  type TensorProto,
  type ValueInfoProto,
  writeModelProto,
} from './onnx-pbf.js'

/** ONNX's TensorProto.DataType for each of our types. */
export const elementTypes: Record<DType | 'uint8' | 'int8' | 'int64', number> = {
  float32: 1,
  uint8: 2,
  int8: 3,
  int32: 6,
  int64: 7,
  bool: 9,
}

/** Operators are those of this opset; ONNX Runtime's own ones come from the second domain. */
const opsets = [
  { domain: '', version: 18 },
  { domain: 'com.microsoft', version: 1 },
]

const bytesOf = (data: ArrayBufferView): Uint8Array => new Uint8Array(data.buffer, data.byteOffset, data.byteLength)

/** A constant of the graph. The bytes are shared with the tensor, not copied. */
export const toInitializer = (name: string, tensor: HostTensor): TensorProto => ({
  name,
  dims: [...tensor.shape],
  data_type: elementTypes[tensor.dtype],
  raw_data: bytesOf(tensor.data),
})

/** A 64-bit integer constant: the type in which ONNX takes shapes and axes. */
export const toInt64Initializer = (
  name: string,
  values: readonly number[],
  dims: readonly number[] = [values.length],
): TensorProto => ({
  name,
  dims: [...dims],
  data_type: elementTypes.int64,
  raw_data: bytesOf(BigInt64Array.from(values, BigInt)),
})

/** A constant of 8-bit numbers, which programs do not hold: only the graph's own operators use them. */
export const toByteInitializer = (
  name: string,
  values: Int8Array | Uint8Array,
  dims: readonly number[],
): TensorProto => ({
  name,
  dims: [...dims],
  data_type: values instanceof Int8Array ? elementTypes.int8 : elementTypes.uint8,
  raw_data: bytesOf(values),
})

/** Name, type and shape of a graph's input or output. A dimension is a number, a symbol, or unknown (null). */
export const toValueInfo = (
  name: string,
  dtype: DType,
  shape: readonly (TensorSpec['shape'][number] | null)[],
): ValueInfoProto => ({
  name,
  type: {
    tensor_type: {
      elem_type: elementTypes[dtype],
      shape: { dim: shape.map((d) => (d === null ? {} : typeof d === 'number' ? { dim_value: d } : { dim_param: d })) },
    },
  },
})

/** The bytes of a model file around one graph. */
export function writeModel(graph: GraphProto, metadata: Record<string, string> = {}): Uint8Array {
  const writer = new PbfWriter()
  const model: ModelProto = {
    ir_version: 8,
    producer_name: 'botloom',
    graph,
    opset_import: opsets,
    metadata_props: Object.entries(metadata).map(([key, value]) => ({ key, value })),
  }
  writeModelProto(model, writer)
  return writer.finish()
}

/** Reads what `writeModel` wrote (fields that Botloom does not write are skipped). */
export const readModel = (bytes: Uint8Array): ModelProto => readModelProto(new PbfReader(bytes))

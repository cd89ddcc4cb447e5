import type { PbfReader, PbfWriter } from 'pbf'

export interface StringStringEntryProto { key: string; value: string }
export interface OperatorSetIdProto { domain: string; version: number }
export interface Dimension { dim_value?: number; dim_param?: string }
export interface TensorShapeProto { dim: Dimension[] }
export interface TensorType { elem_type: number; shape?: TensorShapeProto }
export interface TypeProto { tensor_type?: TensorType }
export interface ValueInfoProto { name: string; type?: TypeProto }
export interface TensorProto { dims: number[]; data_type: number; name: string; raw_data: Uint8Array }
export interface AttributeProto {
  name: string; type: number; f?: number; i?: number; s?: Uint8Array; t?: TensorProto; g?: GraphProto
  floats?: number[]; ints?: number[]
}
export interface NodeProto {
  input: string[]; output: string[]; name?: string; op_type: string; attribute: AttributeProto[]; domain?: string
}
export interface GraphProto {
  node: NodeProto[]; name: string; initializer: TensorProto[]; input: ValueInfoProto[]; output: ValueInfoProto[]
}
export interface ModelProto {
  ir_version: number; producer_name: string; producer_version?: string; graph?: GraphProto
  opset_import: OperatorSetIdProto[]; metadata_props?: StringStringEntryProto[]
}
export function readModelProto(pbf: PbfReader, end?: number): ModelProto
export function writeModelProto(model: ModelProto, pbf: PbfWriter): void

import type { AttributeProto, GraphProto, TensorProto } from './onnx-pbf.js'

/** `f` of AttributeProto; a plain number is written as an integer, so that a float must say what it is. */
export interface FloatAttribute {
  float: number
}
export type AttributeValue =
  | number
  | FloatAttribute
  | string
  | readonly number[]
  | { graph: GraphProto }
  | { tensor: TensorProto }

const types = { float: 1, int: 2, string: 3, tensor: 4, graph: 5, ints: 7 }

export const float = (value: number): FloatAttribute => ({ float: value })

/** Named values as ONNX attributes. Throws on a plain number that is no integer (say `float(x)`). */
export function toAttributes(values: Record<string, AttributeValue>): AttributeProto[] {
  return Object.entries(values).map(([name, value]): AttributeProto => {
    if (typeof value === 'number') {
      if (!Number.isInteger(value)) throw new Error(`attribute ${name}: ${value} is no integer; write float(${value})`)
      return { name, type: types.int, i: value }
    }
    if (typeof value === 'string') return { name, type: types.string, s: new TextEncoder().encode(value) }
    if ('float' in value) return { name, type: types.float, f: value.float }
    if ('graph' in value) return { name, type: types.graph, g: value.graph }
    if ('tensor' in value) return { name, type: types.tensor, t: value.tensor }
    return { name, type: types.ints, ints: [...value] }
  })
}

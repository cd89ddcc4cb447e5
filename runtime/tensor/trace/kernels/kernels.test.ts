import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { HostTensors, Program } from '../../executor.ts'
import { assertAgree } from '../../fixtures/compare.ts'
import { randomFloats } from '../../fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '../../fixtures/oracle.ts'
import { bools, floats, ints, sizeOf } from '../../host-tensor.ts'
import { traceBackendName } from '../backend.ts'
import { ownKernels } from './own.ts'

interface Case {
  inputs: HostTensors
  program: Program
}

const next = fresh()
const real = (...shape: number[]) => randomFloats(shape, next, 2)
const positive = (...shape: number[]) =>
  floats(
    shape,
    Float32Array.from({ length: sizeOf(shape) }, () => 1.1 + next()),
  )
const whole = (limit: number, ...shape: number[]) =>
  ints(
    shape,
    Array.from({ length: sizeOf(shape) }, () => Math.floor(((next() + 1) / 2) * limit * 0.999)),
  )
const truth = (...shape: number[]) =>
  bools(
    shape,
    Array.from({ length: sizeOf(shape) }, () => Number(next() > 0)),
  )
const out = (y: tf.Tensor | tf.Tensor[]) =>
  Array.isArray(y) ? Object.fromEntries(y.map((t, i) => [`y${i}`, t])) : { y }

const of = (inputs: HostTensors, f: (t: Record<string, tf.Tensor>) => tf.Tensor | tf.Tensor[]): Case => ({
  inputs,
  program: (given) => out(f(given)),
})
const unary = (f: (x: tf.Tensor) => tf.Tensor, x = real(3, 4, 5)): Case => of({ x }, (t) => f(t.x!))
const binary = (f: (a: tf.Tensor, b: tf.Tensor) => tf.Tensor, a = real(3, 1, 5), b = real(4, 5)): Case =>
  of({ a, b }, (t) => f(t.a!, t.b!))

/** Each kernel of the recording backend, called with the shapes and attributes that matter. */
const cases: Record<string, Case[]> = {
  Abs: [unary(tf.abs)],
  Add: [binary(tf.add), unary((x) => tf.add(x, 3)), unary((x) => tf.add(tf.zeros([2, 3, 4, 5]), x))],
  AddN: [of({ a: real(3, 2), b: real(3, 2), c: real(3, 2) }, (t) => tf.addN([t.a!, t.b!, t.c!]))],
  All: [of({ x: truth(4, 2) }, (t) => [tf.all(t.x!, 1), tf.all(t.x!)])],
  Any: [of({ x: truth(4, 2) }, (t) => [tf.any(t.x!, 1, true), tf.any(t.x!)])],
  ArgMax: [unary((x) => tf.argMax(x, -1)), unary((x) => tf.argMax(x, 0))],
  ArgMin: [unary((x) => tf.argMin(x, 1))],
  BatchMatMul: [
    binary((a, b) => tf.matMul(a, b), real(3, 4), real(4, 5)),
    binary((a, b) => tf.matMul(a, b, true, false), real(2, 4, 3), real(2, 4, 5)),
    binary((a, b) => tf.matMul(a, b, false, true), real(2, 3, 3, 4), real(2, 3, 5, 4)),
    binary((a, b) => tf.matMul(a, b, true, true), real(4, 3), real(5, 4)),
  ],
  Cast: [
    unary((x) => tf.cast(x, 'int32')),
    unary((x) => tf.cast(x, 'bool')),
    unary((x) => tf.cast(x, 'float32'), truth(7)),
    unary((x) => tf.cast(x, 'float32'), whole(9, 7)),
  ],
  Ceil: [unary(tf.ceil)],
  ClipByValue: [unary((x) => tf.clipByValue(x, -0.5, 1))],
  Concat: [binary((a, b) => tf.concat([a, b], 1), real(2, 3, 4), real(2, 5, 4))],
  Cos: [unary(tf.cos)],
  Cumsum: [
    unary((x) => tf.cumsum(x, 1)),
    unary((x) => tf.cumsum(x, 2, true, true)),
    unary((x) => tf.cumsum(x, 0, true)),
  ],
  Equal: [binary(tf.equal, whole(3, 3, 1, 5), whole(3, 4, 5))],
  Erf: [unary(tf.erf)],
  Exp: [unary(tf.exp)],
  ExpandDims: [unary((x) => tf.expandDims(x, 1)), unary((x) => tf.expandDims(x, -1))],
  Expm1: [unary(tf.expm1)],
  Fill: [unary((x) => tf.add(x, tf.fill([3, 4, 5], 0.75))), unary(() => tf.fill([2, 3], 4, 'int32'))],
  Floor: [unary(tf.floor)],
  FloorDiv: [binary(tf.floorDiv, whole(50, 4, 5), ints([5], [3, -7, 2, 5, -4]))],
  GatherNd: [of({ x: real(5, 4, 3), i: whole(4, 6, 2) }, (t) => tf.gatherND(t.x!, t.i!))],
  GatherV2: [
    of({ x: real(7, 3), i: whole(7, 2, 5) }, (t) => tf.gather(t.x!, t.i! as tf.Tensor2D)),
    of({ x: real(4, 7, 2), i: whole(7, 5) }, (t) => tf.gather(t.x!, t.i! as tf.Tensor1D, 1)),
  ],
  Greater: [binary(tf.greater)],
  GreaterEqual: [binary(tf.greaterEqual, whole(3, 3, 1, 5), whole(3, 4, 5))],
  Identity: [unary(tf.clone)],
  Less: [binary(tf.less)],
  LessEqual: [binary(tf.lessEqual, whole(3, 3, 1, 5), whole(3, 4, 5))],
  Log: [unary(tf.log, positive(3, 4))],
  Log1p: [unary(tf.log1p, positive(3, 4))],
  LogicalAnd: [binary(tf.logicalAnd, truth(3, 4), truth(4))],
  LogicalNot: [unary(tf.logicalNot, truth(3, 4))],
  LogicalOr: [binary(tf.logicalOr, truth(3, 4), truth(4))],
  LogSoftmax: [unary((x) => tf.logSoftmax(x))],
  Max: [unary((x) => tf.max(x, 1)), unary((x) => tf.max(x, [0, 2], true)), unary((x) => tf.max(x))],
  Maximum: [binary(tf.maximum), unary((x) => tf.maximum(x, 0.25))],
  Mean: [unary((x) => tf.mean(x, -1, true)), unary((x) => tf.mean(x)), unary((x) => tf.mean(x, [0, 1]))],
  Min: [unary((x) => tf.min(x, 1)), unary((x) => tf.min(x))],
  Minimum: [binary(tf.minimum)],
  Multiply: [
    binary(tf.mul),
    unary((x) => tf.mul(x, 0.5)),
    unary((x) => tf.mul(tf.mean(x, 1, true), tf.ones([3, 4, 5]))),
    unary((x) => tf.mul(tf.ones([3, 4, 5]), x)),
  ],
  Neg: [unary(tf.neg)],
  NotEqual: [binary(tf.notEqual, whole(3, 3, 1, 5), whole(3, 4, 5))],
  OneHot: [
    of({ i: whole(6, 4) }, (t) => tf.oneHot(t.i! as tf.Tensor1D, 6)),
    of({ i: whole(6, 4) }, (t) => tf.oneHot(t.i! as tf.Tensor1D, 6, 0.9, 0.1, 'float32')),
  ],
  OnesLike: [unary((x) => tf.add(x, tf.onesLike(x))), unary(tf.onesLike)],
  Pack: [binary((a, b) => tf.stack([a, b], 1), real(3, 4), real(3, 4)), unary((x) => tf.stack([x, x], -1))],
  PadV2: [
    unary((x) =>
      tf.pad(
        x,
        [
          [1, 0],
          [0, 2],
          [3, 1],
        ],
        0.5,
      ),
    ),
  ],
  Pow: [binary(tf.pow, positive(3, 1, 5), real(4, 5)), unary((x) => tf.pow(x, 2))],
  Prod: [unary((x) => tf.prod(x, 1))],
  Range: [unary((x) => tf.add(x, tf.range(0, 5, 1)))],
  RealDiv: [
    binary(tf.div, real(3, 1, 5), positive(4, 5)),
    unary((x) => tf.div(x, 3)),
    unary((x) => tf.div(2, x), positive(4)),
  ],
  Reciprocal: [unary(tf.reciprocal, positive(3, 4))],
  Relu: [unary(tf.relu)],
  Reshape: [unary((x) => tf.reshape(x, [5, -1])), unary((x) => tf.reshape(tf.sum(x), [1, 1]))],
  Reverse: [unary((x) => tf.reverse(x, [0, 2])), unary((x) => tf.reverse(x))],
  Round: [unary(tf.round)],
  Rsqrt: [unary(tf.rsqrt, positive(3, 4))],
  ScatterNd: [
    of({ i: ints([4, 1], [1, 4, 1, 0]), u: real(4, 3) }, (t) => tf.scatterND(t.i! as tf.Tensor2D, t.u!, [6, 3])),
  ],
  Select: [
    of({ c: truth(3, 4), a: real(3, 4), b: real(3, 4) }, (t) => tf.where(t.c!, t.a!, t.b!)),
    of({ c: truth(4), a: real(3, 4), b: real(1) }, (t) => tf.where(t.c!, t.a!, t.b!)),
  ],
  Sigmoid: [unary(tf.sigmoid)],
  Sign: [unary(tf.sign)],
  Sin: [unary(tf.sin)],
  Slice: [
    unary((x) => tf.slice(x, [1, 0, 2], [2, -1, 3])),
    unary((x) => tf.slice(x, 1, 1)),
    unary((x) => tf.slice(x, [0, 0, 0], [3, 4, 5])),
  ],
  Softmax: [unary((x) => tf.softmax(x))],
  Softplus: [unary(tf.softplus)],
  SplitV: [unary((x) => out(tf.split(x, [1, 3], 1)).y1!), of({ x: real(4, 6) }, (t) => tf.split(t.x!, 3, -1))],
  Sqrt: [unary(tf.sqrt, positive(3, 4))],
  Square: [unary(tf.square)],
  SquaredDifference: [binary(tf.squaredDifference)],
  Step: [unary((x) => tf.step(x)), unary((x) => tf.step(x, 0.3))],
  Sub: [binary(tf.sub), unary((x) => tf.sub(x, 1)), unary((x) => tf.sub(1, x))],
  Sum: [unary((x) => tf.sum(x, [0, 2])), unary((x) => tf.sum(x, -1, true)), unary((x) => tf.sum(x), whole(9, 3, 4))],
  Tanh: [unary(tf.tanh)],
  Tile: [unary((x) => tf.tile(x, [2, 1, 3])), unary((x) => tf.tile(x, [1, 4, 1]), real(3, 1, 2))],
  Transpose: [unary((x) => tf.transpose(x, [2, 0, 1])), unary((x) => tf.transpose(x, [0, 1, 2]))],
  Unpack: [of({ x: real(4, 3, 2) }, (t) => tf.unstack(t.x!, 1))],
  UnsortedSegmentSum: [
    of({ x: real(6, 3), i: ints([6], [0, 2, 2, 4, 0, 2]) }, (t) => tf.unsortedSegmentSum(t.x!, t.i! as tf.Tensor1D, 5)),
  ],
  ZerosLike: [unary((x) => tf.concat([x, tf.zerosLike(x)], 0)), unary(tf.zerosLike)],
}

describe(`recorded kernels against tfjs (seed ${seed})`, () => {
  for (const [name, list] of Object.entries(cases)) {
    it(`${name} computes what tfjs computes`, async () => {
      for (const { inputs, program } of list) await assertAgree(onnx, oracle, program, inputs)
    })
  }

  it('has a case for each kernel of the recording backend', () => {
    const own = new Set<string>(Object.values(ownKernels))
    const registered = tf.getKernelsForBackend(traceBackendName).map((k) => k.kernelName)
    expect(registered.filter((name) => !own.has(name) && !cases[name])).toEqual([])
  })

  it('notices a wrong kernel', async () => {
    const right = tf.getKernel('Tanh', traceBackendName)
    tf.unregisterKernel('Tanh', traceBackendName)
    tf.registerKernel({ ...right, kernelFunc: tf.getKernel('Sigmoid', traceBackendName).kernelFunc })
    try {
      const { inputs, program } = cases.Tanh![0]!
      await expect(assertAgree(onnx, oracle, program, inputs)).rejects.toThrow(/entry \d+ is/)
    } finally {
      tf.unregisterKernel('Tanh', traceBackendName)
      tf.registerKernel(right)
    }
  })
})

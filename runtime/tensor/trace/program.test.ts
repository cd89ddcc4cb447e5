import * as tf from '@tensorflow/tfjs-core'
import { describe, expect, it } from 'vitest'
import type { HostTensors, Program, TensorSpec } from '../executor.ts'
import { assertClose, runProgram } from '../fixtures/compare.ts'
import { encoderBatch, encoderLogits, encoderWeights, specsOf } from '../fixtures/encoder.ts'
import { fresh, onnx, oracle, seed } from '../fixtures/oracle.ts'
import { floats } from '../host-tensor.ts'
import { readModel } from '../onnx/model.ts'
import { drawsPerStep, poolLength, windowedRandom } from '../ops/random.ts'
import { traceProgram } from './program.ts'

const size = { layers: 2, width: 24, heads: 3, inner: 48, vocabulary: 60, labels: 5 }

describe(`a forward export with named dimensions (seed ${seed})`, () => {
  const next = fresh()
  const { trainable, frozen } = encoderWeights(size, next)
  const constants = { ...trainable, ...frozen }
  const program: Program = (t) => ({ logits: encoderLogits(size, t, t.ids!, t.mask!) })
  const named: Record<string, TensorSpec> = {
    ids: { shape: ['batch', 'length'], dtype: 'int32' },
    mask: { shape: ['batch', 'length'], dtype: 'float32' },
  }

  it('computes at any batch and length what a static trace computes', async () => {
    const free = await onnx.compile(program, named, { constants })
    for (const [batch, length] of [
      [1, 8],
      [7, 20],
      [32, 64],
    ] as const) {
      const { labels: _, ...inputs } = encoderBatch(size, batch, length, next)
      const fixed = await runProgram(onnx, program, inputs, { constants })
      assertClose(`logits at ${batch} x ${length}`, (await free.run(inputs)).logits!, fixed.logits!, { relative: 1e-5 })
    }
    await free.dispose()
  })

  it('agrees with the oracle', async () => {
    const { labels: _, ...inputs } = encoderBatch(size, 3, 9, next)
    const expected = await runProgram(oracle, program, inputs, { constants })
    const actual = await runProgram(onnx, program, inputs, { constants, specs: named })
    assertClose('logits', actual.logits!, expected.logits!, { relative: 1e-4 })
  })

  it('for WebGPU holds no product, sum or cut that its provider leaves to the CPU', () => {
    const spec = { shape: [4, 6], dtype: 'float32' } as const
    const draw = { shape: [drawsPerStep], dtype: 'float32' } as const
    const learning: Program = ({ x, w, pool, draws }) => {
      const { grads, value } = tf.valueAndGrads((a: tf.Tensor, b: tf.Tensor) => {
        const dropped = windowedRandom(pool!, draws!).dropout(tf.matMul(a, b, false, true), 0.1)
        return tf.sum(tf.addN([dropped, dropped, dropped])) as tf.Scalar
      })([x!, w!])
      return { value, dx: grads[0]!, dw: grads[1]! }
    }
    const specs = { x: spec, w: spec, pool: { shape: [poolLength], dtype: 'float32' } as const, draws: draw }
    const used = (target: 'cpu' | 'webgpu') =>
      new Set(readModel(traceProgram(learning, specs, { target })).graph!.node.map((node) => node.op_type))
    for (const op of ['FusedMatMul', 'Sum']) {
      expect(used('cpu')).toContain(op)
      expect(used('webgpu')).not.toContain(op)
    }
    expect(used('webgpu')).toContain('Gather')
  })

  it('declares names, weights and metadata in the file', () => {
    const model = readModel(traceProgram(program, named, { constants, metadata: { card: 'mdl_1' } }))
    const dims = model.graph!.output[0]!.type!.tensor_type!.shape!.dim
    expect(dims.map((d) => d.dim_param || d.dim_value)).toEqual(['batch', 5])
    const stored = new Set(model.graph!.initializer.map((t) => t.name))
    expect(Object.keys(constants).filter((name) => !stored.has(name))).toEqual([])
    expect(model.metadata_props).toEqual([{ key: 'card', value: 'mdl_1' }])
  })

  it('refuses what needs a sum of a named dimension', () => {
    const widened: Program = ({ ids, mask }) => ({ y: tf.concat([tf.cast(ids!, 'float32'), mask!], 1) })
    expect(() => traceProgram(widened, named)).toThrow(/named dimension/)
  })
})

describe('a trace leaves nothing behind', () => {
  const inputs: HostTensors = { x: floats([2, 3], [1, 2, 3, 4, 5, 6]) }

  it('restores the backend and disposes each tensor', async () => {
    await tf.setBackend('cpu')
    const before = tf.memory().numTensors
    traceProgram(({ x }) => ({ y: tf.grad((t) => tf.sum(tf.softmax(t)))(x!) }), specsOf(inputs))
    expect(tf.getBackend()).toBe('cpu')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('also when the program throws', async () => {
    await tf.setBackend('cpu')
    const before = tf.memory().numTensors
    const broken: Program = ({ x }) => {
      tf.square(x!)
      throw new Error('broken on purpose')
    }
    expect(() => traceProgram(broken, specsOf(inputs))).toThrow('broken on purpose')
    expect(tf.getBackend()).toBe('cpu')
    expect(tf.memory().numTensors).toBe(before)
  })

  it('and may happen inside another trace', async () => {
    let inner: Uint8Array | undefined
    const outer: Program = ({ x }) => {
      inner = traceProgram(({ x: t }) => ({ y: tf.neg(t!) }), specsOf(inputs))
      return { y: tf.square(x!) }
    }
    const { y } = await runProgram(onnx, outer, inputs)
    expect([...y!.data]).toEqual([1, 4, 9, 16, 25, 36])
    expect(readModel(inner!).graph!.node.map((n) => n.op_type)).toEqual(['Neg'])
  })

  it('says so when a program reads a value', () => {
    expect(() => traceProgram(({ x }) => ({ y: tf.scalar(x!.dataSync()[0]!) }), specsOf(inputs))).toThrow(
      /values exist only when the graph runs/,
    )
  })

  it('records nothing that no output needs, and outputs that are inputs or constants', async () => {
    const program: Program = ({ x }) => {
      tf.tanh(x!)
      return { same: x!, again: x!, two: tf.scalar(2), ones: tf.onesLike(x!) }
    }
    expect(readModel(traceProgram(program, specsOf(inputs))).graph!.node.map((n) => n.op_type)).not.toContain('Tanh')
    const { same, two, ones } = await runProgram(onnx, program, inputs)
    expect([[...same!.data], [...two!.data], [...ones!.data]]).toEqual([[1, 2, 3, 4, 5, 6], [2], [1, 1, 1, 1, 1, 1]])
  })
})

import '../gradients.ts'
import * as tf from '@tensorflow/tfjs-core'
import type {
  CompiledLoop,
  CompiledProgram,
  Executor,
  HostTensor,
  HostTensors,
  Program,
  ResidentTensors,
} from '../executor.ts'

const toTensor = (t: HostTensor): tf.Tensor => tf.tensor(t.data, [...t.shape], t.dtype)

async function toHost(t: tf.Tensor): Promise<HostTensor> {
  const { dtype } = t
  if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new Error(`a program returned ${dtype}`)
  return { shape: [...t.shape], dtype, data: (await t.data()).slice() as HostTensor['data'] }
}

/** Tensors of a tfjs backend. */
class EagerTensors implements ResidentTensors {
  tensors: Record<string, tf.Tensor>

  constructor(tensors: HostTensors) {
    this.tensors = Object.fromEntries(Object.entries(tensors).map(([name, t]) => [name, toTensor(t)]))
  }

  async read(names: readonly string[] = Object.keys(this.tensors)): Promise<HostTensors> {
    const entries = await Promise.all(names.map(async (name) => [name, await toHost(this.tensors[name]!)] as const))
    return Object.fromEntries(entries)
  }

  async dispose(): Promise<void> {
    tf.dispose(this.tensors)
    this.tensors = {}
  }
}

const residents = (t: ResidentTensors): EagerTensors => {
  if (t instanceof EagerTensors) return t
  throw new Error('these tensors were uploaded by another executor')
}

/** Runs a program once; its results outlive the scope, everything else is disposed. */
function runOnce(backendName: string, program: Program, inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
  void tf.setBackend(backendName)
  tf.engine().startScope('program')
  const results: Record<string, tf.Tensor> = {}
  try {
    for (const [name, t] of Object.entries(program(inputs))) results[name] = tf.keep(tf.clone(t))
    return results
  } catch (error) {
    tf.dispose(results)
    throw error
  } finally {
    tf.engine().endScope()
  }
}

/**
 * An executor that runs programs as they are on a tfjs backend, which the caller has imported: `tensorflow` where tfjs-node is
 * installed, `cpu` as the slow oracle of tests. Errors: the backend is not registered or does not start.
 */
export async function createEagerExecutor(backendName: string): Promise<Executor> {
  if (!(await tf.setBackend(backendName))) throw new Error(`the tfjs backend ${backendName} does not start here`)
  await tf.ready()
  return {
    name: `tfjs-${backendName}`,
    device: backendName === 'tensorflow' ? 'TensorFlow' : backendName.toUpperCase(),

    async compile(program, _inputs, options = {}): Promise<CompiledProgram> {
      void tf.setBackend(backendName)
      const constants = new EagerTensors(options.constants ?? {})
      return {
        async run(feeds) {
          void tf.setBackend(backendName)
          const given = new EagerTensors(feeds)
          const results = new EagerTensors({})
          try {
            results.tensors = runOnce(backendName, program, { ...given.tensors, ...constants.tensors })
            return await results.read()
          } finally {
            await given.dispose()
            await results.dispose()
          }
        },
        dispose: () => constants.dispose(),
      }
    },

    async compileLoop(program, spec): Promise<CompiledLoop> {
      const stateNames = Object.keys(spec.state)
      return {
        async run(state, captured, steps) {
          const carried = residents(state)
          const fixed = residents(captured)
          const collected: HostTensors[] = []
          for (const step of steps) {
            void tf.setBackend(backendName)
            const given = new EagerTensors(step)
            const each = new EagerTensors({})
            try {
              each.tensors = runOnce(backendName, program, { ...carried.tensors, ...fixed.tensors, ...given.tensors })
              for (const name of stateNames) {
                carried.tensors[name]!.dispose()
                carried.tensors[name] = each.tensors[name]!
                delete each.tensors[name]
              }
              collected.push(await each.read())
            } finally {
              await given.dispose()
              await each.dispose()
            }
          }
          return collected
        },
        async dispose() {},
      }
    },

    async upload(tensors) {
      void tf.setBackend(backendName)
      return new EagerTensors(tensors)
    },
  }
}

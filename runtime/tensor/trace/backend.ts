import '../gradients.ts'
import {
  type BackendValues,
  type DataType,
  engine,
  findBackend,
  KernelBackend,
  registerBackend,
  setBackend,
} from '@tensorflow/tfjs-core'
import { type Recorder, toDType } from './recorder.ts'

/** The name under which tfjs knows the recording backend. */
export const traceBackendName = 'botloom-trace'

/** A tfjs backend that computes nothing: its kernels append ONNX nodes to the recorder of the trace in progress. */
class TraceBackend extends KernelBackend {
  readonly recorders: Recorder[] = []

  get recorder(): Recorder {
    const current = this.recorders.at(-1)
    if (!current) throw new Error('no trace is in progress')
    return current
  }

  override write(values: BackendValues, shape: number[], dtype: DataType): object {
    const dataId = {}
    this.move(dataId, values, shape, dtype)
    return dataId
  }

  override move(dataId: object, values: BackendValues, shape: number[], dtype: DataType): void {
    this.recorder.define(dataId, values as ArrayLike<number>, shape, toDType(dtype))
  }

  override readSync(dataId: object): BackendValues {
    return this.recorder.entriesOf(dataId)
  }

  override read(dataId: object): Promise<BackendValues> {
    return Promise.resolve(this.readSync(dataId))
  }

  override disposeData(): boolean {
    return true
  }

  override numDataIds(): number {
    return 0
  }

  override refCount(): number {
    return 1
  }

  override incRef(): void {}

  decRef(): void {}

  override memory(): { unreliable: boolean } {
    return { unreliable: true }
  }

  override floatPrecision(): 32 {
    return 32
  }

  override epsilon(): number {
    return 1e-7
  }

  override dispose(): void {}
}

const backend = new TraceBackend()
registerBackend(traceBackendName, () => backend, 0)

/** True while a program is being recorded rather than computed. */
export const isTracing = (): boolean => backend.recorders.length > 0

/** The recorder of the trace in progress. Throws when there is none. */
export const currentRecorder = (): Recorder => backend.recorder

/**
 * Runs `body` with the recording backend in charge; afterwards the former backend is back and every tensor made inside is gone,
 * also when `body` throws. Traces may nest.
 */
export function withRecorder<T>(recorder: Recorder, body: () => T): T {
  const former = engine().backendName
  backend.recorders.push(recorder)
  void setBackend(traceBackendName)
  engine().startScope('trace')
  try {
    return body()
  } finally {
    engine().endScope()
    backend.recorders.pop()
    if (former && former !== traceBackendName && findBackend(former)) void setBackend(former)
  }
}

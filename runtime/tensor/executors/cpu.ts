import type { Device } from './device.ts'
import { createOnnxExecutor } from './onnx.ts'

/** The one device that is always there. */
export const cpu: Device = {
  name: 'cpu',
  label: 'CPU',
  findAbsence: async () => null,
  open: async ({ threads }) => createOnnxExecutor({ threads }),
}

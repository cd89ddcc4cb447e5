import { cpu } from './cpu.ts'
import { cuda } from './cuda.ts'
import type { Device } from './device.ts'
import { tensorflow } from './tensorflow.ts'
import { webgpu } from './webgpu.ts'

/** Every device that there is. The one place where further ones join. */
export const devices: readonly Device[] = [cpu, webgpu, cuda, tensorflow]

import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Absence, Device } from './device.ts'
import { hasNvidiaDriver, nvidiaModel } from './graphics.ts'
import { createOnnxExecutor } from './onnx.ts'

/** The one system for which onnxruntime-node has CUDA parts. */
const system = 'linux x64'
const parts = ['libonnxruntime_providers_cuda.so', 'libonnxruntime_providers_shared.so']

/** Root of the package onnxruntime-node. */
export const onnxruntimeFolder = (): string =>
  dirname(dirname(createRequire(import.meta.url).resolve('onnxruntime-node')))

/** Whether `npm run gpu:install` has fetched what CUDA needs of ONNX Runtime. */
export function hasCudaParts(folder = onnxruntimeFolder()): boolean {
  return parts.every((part) => existsSync(join(folder, 'bin', 'napi-v6', process.platform, process.arch, part)))
}

/** NVIDIA's cards by ONNX Runtime's CUDA provider. */
export const cuda: Device = {
  name: 'cuda',
  label: 'NVIDIA GPU (CUDA)',
  async findAbsence(): Promise<Absence | null> {
    const here = `${process.platform} ${process.arch}`
    if (here !== system) return { code: 'device-other-system', params: { needed: system, here } }
    if (!(await hasNvidiaDriver())) return { code: 'device-no-nvidia-driver', params: {} }
    return hasCudaParts() ? null : { code: 'device-cuda-parts-missing', params: {} }
  },
  async open({ threads }) {
    const model = await nvidiaModel()
    return createOnnxExecutor({ threads, provider: 'cuda', device: model ? `${model} (CUDA)` : this.label })
  },
}

/**
 * `npm run gpu:install`: fetches what is not in the packages themselves, since their install steps do not run here
 * (`ignore-scripts`): ONNX Runtime's CUDA parts, and with `--tensorflow` tfjs-node-gpu. Exit code 0: there, or not needed here.
 */
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { BotloomError, errorText } from '../nodes/_kit/index.ts'
import { hasCudaParts, onnxruntimeFolder } from '../runtime/tensor/executors/cuda.ts'
import { hasNvidiaDriver } from '../runtime/tensor/executors/graphics.ts'
import { probeDevice } from '../runtime/tensor/executors/probe-device.ts'
import { machineLocale } from '../server/observability/machine-locale.ts'
import { planGpuInstall } from './gpu/plan.ts'
import { runCommand } from './start/commands.mjs'

const locale = machineLocale()
const say = (zh: string, en: string): void => console.log(locale === 'zh-CN' ? zh : en)
const { values } = parseArgs({
  options: { force: { type: 'boolean', default: false }, tensorflow: { type: 'boolean', default: false } },
})

/** The version that fits the tfjs-core that Botloom uses. */
const tensorflowPackage = '@tensorflow/tfjs-node-gpu@4.22.0'

/** A proxy for npm is one for these downloads, too. */
function withProxy(): Record<string, string> {
  const proxy = process.env.HTTPS_PROXY ?? process.env.https_proxy
  return proxy && !process.env.GLOBAL_AGENT_HTTPS_PROXY ? { GLOBAL_AGENT_HTTPS_PROXY: proxy } : {}
}

/** What a failed command said last that is no stack. Its own words come from whoever wrote the package. */
function lastWords(error: unknown): string {
  const lines = String(error instanceof Error ? error.message : error)
    .split('\n')
    .map((line) => line.trim())
  return lines.find((line) => /^\w*Error\b/.test(line)) ?? lines.find((line) => line !== '') ?? ''
}

async function fetchCudaParts(): Promise<void> {
  const script = join(onnxruntimeFolder(), 'script', 'install.js')
  say('正在下载 ONNX Runtime 的 CUDA 部件（几百 MB）……', "Fetching ONNX Runtime's CUDA parts (some hundred MB) ...")
  try {
    await runCommand(process.execPath, [script], {
      quiet: true,
      // Without it the script takes a call by npm for an install of its own package and does nothing.
      env: { ...withProxy(), ONNXRUNTIME_NODE_INSTALL: 'true' },
    })
  } catch (error) {
    throw new BotloomError('gpu-parts-unreachable', { detail: lastWords(error), folder: binFolder })
  }
  if (!hasCudaParts())
    throw new BotloomError('gpu-parts-unreachable', { detail: 'libonnxruntime_providers_cuda.so', folder: binFolder })
}

async function fetchTensorflow(): Promise<void> {
  say('正在安装 tfjs-node-gpu……', 'Installing tfjs-node-gpu ...')
  const [name] = tensorflowPackage.split(/@(?=\d)/)
  try {
    await runCommand('npm', ['install', '--no-save', '--no-audit', '--no-fund', tensorflowPackage], { quiet: true })
    await runCommand('npm', ['rebuild', name!, '--ignore-scripts=false'], { quiet: true })
  } catch (error) {
    throw new BotloomError('gpu-parts-unreachable', { detail: lastWords(error), folder: binFolder })
  }
}

const binFolder = join(onnxruntimeFolder(), 'bin', 'napi-v6', process.platform, process.arch)

/** Says how the device does now. */
async function tryOut(device: 'cuda' | 'tensorflow'): Promise<void> {
  const probed = await probeDevice(device, 1)
  if (probed.absence === null)
    return say(
      `${probed.label}：${probed.measured.gflops.toFixed(0)} GFLOP/s。训练会自动选最快的设备。`,
      `${probed.label}: ${probed.measured.gflops.toFixed(0)} GFLOP/s. Training takes the fastest device by itself.`,
    )
  throw new BotloomError(probed.absence.code, probed.absence.params)
}

async function main(): Promise<void> {
  const plan = planGpuInstall({
    system: `${process.platform} ${process.arch}`,
    hasDriver: await hasNvidiaDriver(),
    hasParts: hasCudaParts(),
    force: values.force,
  })
  if (plan.do === 'nothing') {
    const { message, remedy } = errorText(plan.because.code, plan.because.params, locale)
    console.log(`${message} ${remedy}`)
  }
  if (plan.do === 'refuse') throw new BotloomError(plan.because.code, plan.because.params)
  if (plan.do === 'fetch') await fetchCudaParts()
  if (plan.do === 'try' || (plan.do === 'fetch' && plan.thenTry)) await tryOut('cuda')
  if (values.tensorflow) {
    await fetchTensorflow()
    await tryOut('tensorflow')
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof BotloomError)) throw error
  const { message, remedy } = errorText(error.code, error.params, locale)
  console.error(`${message}\n${remedy}\n(${error.code})`)
  process.exitCode = 1
}

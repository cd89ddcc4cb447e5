import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'

const list = (folder: string): Promise<string[]> => readdir(folder).catch(() => [])
const text = (path: string): Promise<string> => readFile(path, 'utf8').catch(() => '')

/**
 * Whether the system hands out a graphics card. Linux: a render node, NVIDIA's own, or WSL's; without one each Vulkan device is
 * software. Elsewhere the system always has an adapter, and only trying tells what it is worth.
 */
export async function hasGraphics(): Promise<boolean> {
  if (process.platform !== 'linux') return true
  const nodes = await list('/dev/dri')
  return nodes.some((node) => node.startsWith('renderD')) || existsSync('/dev/dxg') || (await hasNvidiaDriver())
}

/** NVIDIA's kernel driver, or what WSL has instead. */
export async function hasNvidiaDriver(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  return existsSync('/usr/lib/wsl/lib/libcuda.so.1') || (await list('/dev')).some((node) => /^nvidia\d+$/.test(node))
}

/** What NVIDIA's driver calls its first card, such as `NVIDIA GeForce RTX 4090`. */
export async function nvidiaModel(): Promise<string | null> {
  const folder = '/proc/driver/nvidia/gpus'
  const [first] = await list(folder)
  if (first === undefined) return null
  return /^Model:\s*(.+)$/m.exec(await text(join(folder, first, 'information')))?.[1]?.trim() ?? null
}

/** Changes when a card or its driver does. */
export async function graphicsFingerprint(): Promise<string[]> {
  const vulkan = await Promise.all(['/usr/share/vulkan/icd.d', '/etc/vulkan/icd.d'].map(list))
  return [
    await text('/proc/driver/nvidia/version'),
    ...(await list('/proc/driver/nvidia/gpus')),
    ...(await list('/dev/dri')),
    ...vulkan.flat(),
    ...['VK_DRIVER_FILES', 'VK_ICD_FILENAMES', 'LD_LIBRARY_PATH', 'CUDA_VISIBLE_DEVICES'].map(
      (name) => process.env[name] ?? '',
    ),
  ]
}

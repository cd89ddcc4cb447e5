import { randomUUID } from 'node:crypto'
import { mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { downloadFile } from '@huggingface/hub'
import { BotloomError } from '#kit'
import { encoderFiles, isEncoder } from './encoder.ts'

export interface HubOptions {
  modelsFolder: string
  signal?: AbortSignal
  /** Another hub or mirror; default huggingface.co, or `HF_ENDPOINT`. */
  hubUrl?: string
}

const necessary = new Set(['config.json', 'tokenizer.json', 'model.safetensors'])

/**
 * Fetches an encoder of the Hugging Face hub once into `<models folder>/hub/<owner>--<model>` and returns that folder,
 * which appears whole or not at all. Throws `hub-unreachable` without network, `unknown-encoder` when the hub lacks it.
 */
export async function downloadEncoder(id: string, options: HubOptions): Promise<string> {
  const folder = join(options.modelsFolder, 'hub', id.replace('/', '--'))
  if (await isEncoder(folder)) return folder
  const parts = `${folder}.${randomUUID()}.part`
  try {
    for (const file of encoderFiles) await fetchFile(id, file, parts, options)
    await rename(parts, folder).catch(async (error: unknown) => {
      // Another process may have finished the same download first.
      if (!(await isEncoder(folder))) throw error
    })
    return folder
  } finally {
    await rm(parts, { recursive: true, force: true })
  }
}

async function fetchFile(id: string, file: string, into: string, { signal, hubUrl }: HubOptions): Promise<void> {
  let bytes: Uint8Array | undefined
  try {
    const blob = await downloadFile({
      repo: { type: 'model', name: id },
      path: file,
      hubUrl: hubUrl ?? process.env.HF_ENDPOINT,
      fetch: (input, init) => fetch(input, { ...init, signal }),
    })
    bytes = blob ? new Uint8Array(await blob.arrayBuffer()) : undefined
  } catch (error) {
    signal?.throwIfAborted()
    const status = (error as { statusCode?: unknown }).statusCode
    // The hub tells a missing file from a missing model; a mirror may answer 404 to both, and config.json is asked first.
    const missing = status === 404 && file !== encoderFiles[0]
    if (!missing && (status === 401 || status === 403 || status === 404))
      throw new BotloomError('unknown-encoder', { encoder: id }, { cause: error })
    if (!missing) throw new BotloomError('hub-unreachable', { encoder: id, detail: reason(error) }, { cause: error })
  }
  if (!bytes) {
    if (necessary.has(file))
      throw new BotloomError('encoder-unsupported', { encoder: id, detail: `${file} is missing` })
    return
  }
  const path = join(into, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

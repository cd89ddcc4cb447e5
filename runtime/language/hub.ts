import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { downloadFile, listFiles } from '@huggingface/hub'
import { BotloomError, type LanguageModelKind } from '#kit'
import { decoderFiles, loadDecoderFrame } from './decoder/decoder.ts'
import { loadEncoderFrame } from './encoder.ts'
import { frameFiles, isEncoder, refuseWeights, shardsOf, weightsFile, weightsIndex } from './encoder-files.ts'

export interface HubOptions {
  modelsFolder: string
  /** What the model must be; default is an encoder. */
  kind?: LanguageModelKind
  signal?: AbortSignal
  /** Another hub or mirror; default huggingface.co, or `HF_ENDPOINT`. */
  hubUrl?: string
}

const necessary = ['config.json', 'tokenizer.json']

/**
 * Fetches an encoder, or a decoder where one is asked for, of the Hugging Face hub once into `<models folder>/hub/<owner>--<model>` and returns that folder,
 * which appears whole or not at all. What cannot be used is refused before its weights are fetched, with the errors of
 * `loadEncoder` or `loadDecoder`. Throws `hub-unreachable` without network, `unknown-encoder` when the hub lacks it.
 */
export async function downloadEncoder(id: string, options: HubOptions): Promise<string> {
  const folder = join(options.modelsFolder, 'hub', id.replace('/', '--'))
  if (await isEncoder(folder)) return folder
  const parts = `${folder}.${randomUUID()}.part`
  try {
    const writes = options.kind === 'decoder'
    for (const file of writes ? decoderFiles : frameFiles) {
      if ((await fetchFile(id, file, parts, options)) || !necessary.includes(file)) continue
      throw (await refuseRepository(id, options)) ?? absent(id, file)
    }
    await (writes ? loadDecoderFrame : loadEncoderFrame)(parts, id)
    await fetchWeights(id, parts, options)
    await rename(parts, folder).catch(async (error: unknown) => {
      // Another process may have finished the same download first.
      if (!(await isEncoder(folder))) throw error
    })
    return folder
  } finally {
    await rm(parts, { recursive: true, force: true })
  }
}

/** A model without config is none that the hub knows as such; one without another file is told by that file. */
const absent = (encoder: string, file: string): BotloomError =>
  file === 'config.json'
    ? new BotloomError('unknown-encoder', { encoder })
    : new BotloomError('encoder-unsupported', { encoder, detail: `${file} is missing` })

/** The weights in one file, or by the index of several. */
async function fetchWeights(id: string, into: string, options: HubOptions): Promise<void> {
  if (await fetchFile(id, weightsFile, into, options)) return
  if (!(await fetchFile(id, weightsIndex, into, options)))
    throw (await refuseRepository(id, options)) ?? absent(id, weightsFile)
  for (const file of shardsOf(await readFile(join(into, weightsIndex)), `${id}/${weightsIndex}`)) {
    if (!(await fetchFile(id, file, into, options))) throw absent(id, file)
  }
}

/** Fetches one file. Returns false when the repository lacks it. */
async function fetchFile(id: string, file: string, into: string, options: HubOptions): Promise<boolean> {
  let bytes: Uint8Array
  try {
    const blob = await downloadFile({ path: file, ...hubParameters(id, options) })
    if (!blob) return false
    bytes = new Uint8Array(await blob.arrayBuffer())
  } catch (error) {
    options.signal?.throwIfAborted()
    const status = (error as { statusCode?: unknown }).statusCode
    if (status === 404) return false
    if (status === 401 || status === 403) throw new BotloomError('unknown-encoder', { encoder: id }, { cause: error })
    throw new BotloomError('hub-unreachable', { encoder: id, detail: reason(error) }, { cause: error })
  }
  const path = join(into, file)
  await mkdir(dirname(path), { recursive: true })
  await writeFile(path, bytes)
  return true
}

/** `refuseWeights` of a repository; a mirror that lists no files leaves the question open. */
async function refuseRepository(id: string, options: HubOptions): Promise<BotloomError | undefined> {
  const files: string[] = []
  try {
    for await (const { path } of listFiles(hubParameters(id, options))) files.push(path)
  } catch {
    options.signal?.throwIfAborted()
    return undefined
  }
  return refuseWeights(files, id)
}

function hubParameters(id: string, { hubUrl, signal }: HubOptions) {
  const request: typeof fetch = (input, init) => fetch(input, { ...init, signal })
  return {
    repo: { type: 'model', name: id } as const,
    hubUrl: hubUrl ?? process.env.HF_ENDPOINT,
    fetch: request,
  }
}

function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  return error.cause instanceof Error ? `${error.message}: ${error.cause.message}` : error.message
}

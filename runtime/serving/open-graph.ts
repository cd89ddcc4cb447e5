import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as ort from 'onnxruntime-node'
import { BotloomError } from '#kit'

export interface GraphOptions {
  /** CPU threads; default is ONNX Runtime's choice. */
  threads?: number
  /** Optimisations of ONNX Runtime that are left out. */
  without?: string
}

/** A deployed graph of a model folder, ready to run on the CPU, with its bytes. Throws `model-unreadable`. */
export async function openGraph(
  folder: string,
  file: string,
  { threads, without }: GraphOptions = {},
): Promise<{ session: ort.InferenceSession; bytes: number }> {
  const fail = (detail: string): BotloomError => new BotloomError('model-unreadable', { detail })
  const graph = await readFile(join(folder, file)).catch(() => {
    throw fail(`${file} is missing`)
  })
  const session = await ort.InferenceSession.create(graph, {
    executionProviders: ['cpu'],
    graphOptimizationLevel: 'all',
    interOpNumThreads: 1,
    logSeverityLevel: 3,
    ...(without ? { extra: { optimization: { disable_specified_optimizers: without } } } : {}),
    ...(threads ? { intraOpNumThreads: threads } : {}),
  }).catch((error: unknown) => {
    throw fail(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  })
  return { session, bytes: graph.length }
}

import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'
import { BotloomError } from '#kit'
import { compilePipeline } from '#runtime/compiler/compile-pipeline.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { contentRefs } from '#runtime/graph/staleness.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import { refuseProblems } from '#server/bots/problem-words.ts'
import { modelsFolder } from './models-folder.ts'
import { registry } from './registry.ts'

/**
 * Says what a Learn half lacks at once, before a database is opened for it. Throws what `compilePipeline` throws,
 * `graph-has-problems`, `file-missing`, `unknown-encoder`.
 */
export async function refuseToRun(
  document: GraphDocument,
  options: { locale: 'zh-CN' | 'en'; data?: string },
): Promise<void> {
  compilePipeline(document, registry)
  const errors = findProblems(createGraphView(document, registry, { labels: {}, rows: {} })).filter(
    ({ severity, half }) => severity === 'error' && half === 'learn',
  )
  refuseProblems(errors, document, options.locale)
  for (const { ref, value } of contentRefs(document, registry)) {
    if (ref === 'file' && !(await isFile(value))) throw new BotloomError('file-missing', { file: value })
    if (ref === 'encoder') await findEncoder(value, options.data)
  }
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => !found.isDirectory(),
    () => false,
  )

async function findEncoder(name: string, data: string | undefined): Promise<void> {
  const { isHubId, resolveEncoder } = await import('#runtime/language/resolve-encoder.ts')
  // One of the hub's is fetched by the run, which shows how far it is.
  if (isHubId(name)) return
  await resolveEncoder(name, { modelsFolder: modelsFolder(resolve(data ?? '.')), allowPaths: true })
}

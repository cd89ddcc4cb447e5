import { mkdtemp, rm } from 'node:fs/promises'
import { availableParallelism, tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { pino } from 'pino'
import type { Classifier, Retriever } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createArtifactFolder } from '#runtime/worker/artifacts.ts'
import type { ComputeFolders } from '#runtime/worker/protocol.ts'
import { type OpenDatabase, openDatabase } from '#server/db/client.ts'
import { openThrowAway } from '#server/db/image.ts'
import { commandLineWorkspace } from '#server/db/schema/auth.ts'
import { bots } from '#server/db/schema/bots.ts'
import { createCompute } from '#server/jobs/compute.ts'
import { createQueue } from '#server/jobs/queue.ts'
import { createRunService, type RunService } from '#server/jobs/run-service.ts'
import { createEventLog } from '#server/realtime/event-log.ts'
import { contentOfPath, fileRecords } from './file-records.ts'
import { modelsFolder } from './models-folder.ts'
import { registry } from './registry.ts'
import { templateSet } from './template-set.ts'

/** What a command needs of the server, without the server: engine, queue, compute and a database. */
export interface Workbench {
  runs: RunService
  classifier: Classifier & Retriever
  /** Folder of an artifact. */
  open(artifact: string): Promise<string>
  workspace: string
  bot: string
  close(): Promise<void>
}

/**
 * Opens a throw-away database and folder, or the data folder of `data`, which nobody else may hold. Features of texts are cached
 * in the system's temporary folder either way, so that a second run is quick.
 */
export async function openWorkbench(
  graphPath: string,
  document: GraphDocument,
  data: string | undefined,
): Promise<Workbench> {
  const log = pino({ level: process.env.BOTLOOM_LOG || 'silent' }, pino.destination(2))
  const folder = data ? resolve(data) : await mkdtemp(join(tmpdir(), 'botloom-run-'))
  const database: OpenDatabase = data ? await openDatabase({ dataFolder: folder }) : await openThrowAway()
  const folders: ComputeFolders = {
    artifacts: join(folder, 'artifacts'),
    cache: data ? join(folder, 'cache') : join(tmpdir(), 'botloom-cache'),
    models: modelsFolder(folder),
    allowPaths: true,
  }
  const queue = await createQueue(database, log, 'blocks-of-command-line')
  const events = await createEventLog(database)
  const compute = createCompute({ folders, log, trainThreads: availableParallelism() })
  const artifacts = createArtifactFolder(folders.artifacts)
  const workspace = commandLineWorkspace
  const bot = `bot_cli_${document.id}`.slice(0, 60)
  const now = new Date()
  await database.db
    .insert(bots)
    .values({
      id: bot,
      workspaceId: workspace,
      slug: bot.replaceAll('_', '-').toLowerCase(),
      name: document.id,
      createdAt: now,
      updatedAt: now,
    })
    .onConflictDoNothing()
  const runs = await createRunService({
    database,
    queue,
    events,
    compute,
    folders,
    registry,
    records: () => fileRecords((set) => templateSet(dirname(resolve(graphPath)), set)),
    contentOf: (_, ref, value) => contentOfPath(ref, value, folders.models),
    difference: async () => null,
    artifactExists: (hash) =>
      artifacts.open(hash).then(
        () => true,
        () => false,
      ),
    openArtifact: (hash) => artifacts.open(hash),
    writeArtifact: (fill) => artifacts.write(fill),
    carriesOut: (owner) => owner === workspace,
    clock: { now: () => new Date() },
    log,
  })
  await runs.work()
  return {
    runs,
    classifier: compute,
    open: (artifact) => artifacts.open(artifact),
    workspace,
    bot,
    async close() {
      await runs.stop()
      await compute.stop()
      await queue.stop()
      await events.close()
      await database.close()
      if (!data) await rm(folder, { recursive: true, force: true })
    },
  }
}

import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  type AnyNode,
  BotloomError,
  type DatasetRef,
  type DatasetRow,
  type LabelRef,
  type RunNote,
  type Runner,
  type RunnerContext,
} from '#kit'
import { hashOf } from '#runtime/graph/canonical.ts'
import { builtinEncoder, resolveEncoder } from '#runtime/language/resolve-encoder.ts'

interface Records {
  rows: DatasetRow[]
  labels: LabelRef[]
}

/**
 * Runs one pipeline block in a test, its datasets kept in memory. `files` and `sets` are what the block's references
 * lead to; `datasets` are the values of its input ports by port id.
 */
export async function runBlock<D extends AnyNode>(
  runner: { node: D; run: Runner<D> },
  given: {
    config: Record<string, unknown>
    datasets?: Record<string, Records>
    files?: Record<string, Records>
    sets?: Record<string, Records>
    /** What the files that the config names are, by those names. */
    uploads?: Record<string, Uint8Array>
    /** Where vectors are kept from one run to the next. */
    cacheFolder?: string
    signal?: AbortSignal
  },
) {
  const notes: RunNote[] = []
  const stored = new Map<string, DatasetRow[]>()
  const folder = await mkdtemp(join(tmpdir(), 'botloom-block-'))
  const read = async (ref: DatasetRef): Promise<DatasetRow[]> => structuredClone(stored.get(ref.artifact) ?? [])
  const write = async (rows: readonly DatasetRow[], labels: readonly LabelRef[]): Promise<DatasetRef> => {
    const artifact = hashOf({ rows, labels })
    stored.set(artifact, structuredClone([...rows]))
    return {
      artifact,
      rows: rows.length,
      labels: labels.map((label) => ({ ...label, rows: rows.filter((row) => row.label === label.id).length })),
      outOfScopeRows: rows.filter((row) => row.outOfScope).length,
      languages: [...new Set(rows.flatMap((row) => (row.language ? [row.language] : [])))],
    }
  }
  const find = (table: Record<string, Records> | undefined, id: string): Records => {
    const found = table?.[id]
    if (!found) throw new BotloomError('file-missing', { file: id })
    return structuredClone(found)
  }
  const uploads = {
    read: async (name: string) => {
      const bytes = given.uploads?.[name]
      if (!bytes) throw new BotloomError('file-missing', { file: name })
      return { name, bytes }
    },
  }
  const ctx: RunnerContext = {
    signal: given.signal ?? new AbortController().signal,
    finish: new AbortController().signal,
    progress: () => {},
    note: (note) => notes.push(note),
    artifacts: {
      open: async () => folder,
      write: async (fill) => {
        await fill(folder)
        await writeFile(join(folder, 'done'), '')
        return hashOf(folder)
      },
    },
    datasets: { read, write },
    records: {
      set: async (id) => find(given.sets, id),
      file: async (id) => find(given.files, id),
      upload: (id) => uploads.read(id),
    },
    uploads,
    encoders: {
      folder: async (name) => (name === builtinEncoder ? resolveEncoder(name, { modelsFolder: folder }) : name),
    },
    cacheFolder: given.cacheFolder ?? folder,
    trainingFolder: join(folder, 'trainings'),
    threads: 1,
    devices: { folder, avoid: [] },
    shrink: 0,
    trials: [],
  }
  const inputs: Record<string, DatasetRef> = {}
  for (const [port, records] of Object.entries(given.datasets ?? {}))
    inputs[port] = await write(records.rows, records.labels)
  const run = runner.run as unknown as (args: {
    config: unknown
    inputs: unknown
    ctx: RunnerContext
  }) => ReturnType<Runner<D>>
  const outputs = await run({ config: runner.node.config.parse(given.config), inputs, ctx })
  return { outputs, read, notes, folder }
}

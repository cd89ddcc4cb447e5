import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { ArtifactAccess, DatasetAccess, DatasetRow } from '#kit'

const rowsName = 'rows.jsonl'
/** Bytes gathered before a write. */
const chunkSize = 1 << 20

/** Datasets in the artifact store: one JSON row a line. */
export function createDatasets(artifacts: ArtifactAccess): DatasetAccess {
  return {
    async read(ref) {
      const folder = await artifacts.open(ref.artifact)
      const rows: DatasetRow[] = []
      // The file is ours and its hash was checked, so a line needs no schema.
      for await (const line of createInterface({ input: createReadStream(join(folder, rowsName)) }))
        if (line !== '') rows.push(JSON.parse(line) as DatasetRow)
      return rows
    },

    async write(rows, labels) {
      const counts = new Map<string, number>()
      const languages = new Set<string>()
      let outOfScopeRows = 0
      let pairs = 0
      for (const row of rows) {
        for (const label of row.labels ?? (row.label ? [row.label] : []))
          counts.set(label, (counts.get(label) ?? 0) + 1)
        if (row.outOfScope) outOfScopeRows++
        if (row.pair !== undefined) pairs++
        if (row.language) languages.add(row.language)
      }
      const artifact = await artifacts.write((folder) => writeRows(join(folder, rowsName), rows))
      return {
        artifact,
        rows: rows.length,
        labels: labels.map(({ id, name }) => ({ id, name, rows: counts.get(id) ?? 0 })),
        outOfScopeRows,
        languages: [...languages].sort(),
        ...(pairs > 0 ? { pairs } : {}),
      }
    },
  }
}

async function writeRows(path: string, rows: readonly DatasetRow[]): Promise<void> {
  const file = await open(path, 'w')
  try {
    let chunk = ''
    for (const row of rows) {
      chunk += `${JSON.stringify(row)}\n`
      if (chunk.length >= chunkSize) {
        await file.write(chunk)
        chunk = ''
      }
    }
    if (chunk) await file.write(chunk)
  } finally {
    await file.close()
  }
}

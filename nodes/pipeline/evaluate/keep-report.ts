import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ArtifactAccess } from '#kit'

/** Keeps a report and the rows behind it as `report.json` and `rows.jsonl` of one artifact, whose hash it returns. */
export function keepReport(artifacts: ArtifactAccess, report: object, rows: readonly object[]): Promise<string> {
  return artifacts.write(async (folder) => {
    await writeFile(join(folder, 'report.json'), `${JSON.stringify(report)}\n`)
    await writeFile(join(folder, 'rows.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  })
}

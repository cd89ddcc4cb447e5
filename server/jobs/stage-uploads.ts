import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { AnyNode, ArtifactAccess, RecordAccess } from '#kit'
import { fieldRefs } from '#runtime/graph/field-refs.ts'
import { type StagedUpload, uploadFile } from '#runtime/worker/protocol.ts'

/**
 * Puts the uploads that a block's config names where its compute process can read them: as artifacts, which a host far away fetches by
 * hash like any other. Nothing names them behind the run, so that the next sweep takes them. Throws `file-missing`.
 */
export async function stageUploads(
  definition: AnyNode,
  config: Record<string, unknown>,
  records: Pick<RecordAccess, 'upload'>,
  write: ArtifactAccess['write'],
): Promise<Record<string, StagedUpload>> {
  const staged: Record<string, StagedUpload> = {}
  for (const { ref, value } of fieldRefs(definition, config)) {
    if (ref !== 'file' || value === '' || staged[value]) continue
    const { name, bytes } = await records.upload(value)
    const artifact = await write((folder) => writeFile(join(folder, uploadFile), bytes))
    staged[value] = { name, artifact }
  }
  return staged
}

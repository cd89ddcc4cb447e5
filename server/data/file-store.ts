import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { and, eq } from 'drizzle-orm'
import { BotloomError } from '#kit'
import type { Database } from '#server/db/client.ts'
import { files } from '#server/db/schema/sets.ts'
import { newId } from '#server/new-id.ts'
import { writeStream } from './write-stream.ts'

const fileId = /^file_[0-9a-z]{16}$/

export type FileStore = ReturnType<typeof createFileStore>

/** Uploads in the data folder, named by us. `limit` is in bytes. */
export function createFileStore(deps: { db: Database; folder: string; limit: number; now?: () => Date }) {
  const { db, folder, limit } = deps
  const now = deps.now ?? (() => new Date())

  async function find(workspace: string, id: string) {
    const [file] = fileId.test(id)
      ? await db
          .select()
          .from(files)
          .where(and(eq(files.workspaceId, workspace), eq(files.id, id)))
      : []
    if (!file) throw new BotloomError('file-missing', { file: id })
    return file
  }

  return {
    limit,

    /** Streams bytes to a file. Throws `data-too-large` and leaves nothing behind when they are too many. */
    async save(workspace: string, name: string, body: ReadableStream<Uint8Array> | Uint8Array): Promise<string> {
      const id = newId('file')
      const { bytes, hash } = await writeStream({ folder, name: id, body, limit })
      await db.insert(files).values({
        id,
        workspaceId: workspace,
        name: name.slice(0, 200),
        bytes,
        hash,
        createdAt: now(),
      })
      return id
    },

    async read(workspace: string, id: string): Promise<{ name: string; bytes: Buffer }> {
      const file = await find(workspace, id)
      const bytes = await readFile(join(folder, id)).catch(() => {
        throw new BotloomError('file-missing', { file: file.name })
      })
      return { name: file.name, bytes }
    },

    /** Forgets an upload that nothing names; one that is gone already is no error. */
    async remove(workspace: string, id: string): Promise<void> {
      if (!fileId.test(id)) return
      await db.delete(files).where(and(eq(files.workspaceId, workspace), eq(files.id, id)))
      await rm(join(folder, id), { force: true })
    },

    /** What the person called it and how large it is. Throws `file-missing`. */
    async about(workspace: string, id: string): Promise<{ file: string; name: string; bytes: number }> {
      const { name, bytes } = await find(workspace, id)
      return { file: id, name, bytes }
    },

    /** Content hash of an upload. */
    async hash(workspace: string, id: string): Promise<string> {
      return (await find(workspace, id)).hash
    },
  }
}

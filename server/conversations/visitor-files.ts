import { createReadStream } from 'node:fs'
import { rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { and, count, eq, inArray } from 'drizzle-orm'
import { BotloomError, type SentFile } from '#kit'
import { storableText } from '#server/data/storable-text.ts'
import { writeStream } from '#server/data/write-stream.ts'
import type { Database } from '#server/db/client.ts'
import { visitorFiles } from '#server/db/schema/conversations.ts'
import { newId } from '#server/new-id.ts'
import { endingOf, type FileKind, fileKindOf, headBytes } from './file-kind.ts'

const idPattern = /^vfl_[0-9a-z]{16}$/
const conversationPattern = /^cnv_[0-9a-z]{16}$/
/** In one conversation. */
const mostFiles = 50

export type VisitorFiles = ReturnType<typeof createVisitorFiles>

/**
 * What visitors send along: bytes in a folder of their conversation's, under our ids; name and type as rows. `limit` is in bytes. A file
 * belongs to one conversation: nobody finds it by way of another one.
 */
export function createVisitorFiles(deps: { db: Database; folder: string; limit: number; now?: () => Date }) {
  const { db, folder, limit } = deps
  const now = deps.now ?? (() => new Date())
  const folderOf = (conversation: string): string => {
    if (!conversationPattern.test(conversation)) throw new BotloomError('conversation-unknown')
    return join(folder, conversation)
  }

  return {
    limit,

    /** Throws `visitor-file-too-large`, `visitor-file-refused` and `too-many-files`, and leaves nothing behind. */
    async save(
      owner: { workspace: string; conversation: string },
      name: string,
      body: ReadableStream<Uint8Array>,
    ): Promise<SentFile> {
      const { workspace, conversation } = owner
      const [kept] = await db
        .select({ count: count() })
        .from(visitorFiles)
        .where(and(eq(visitorFiles.workspaceId, workspace), eq(visitorFiles.conversationId, conversation)))
      if (kept && kept.count >= mostFiles) throw new BotloomError('too-many-files', { most: mostFiles })
      const { head, whole } = await peek(body)
      const kind = fileKindOf(head, name)
      if (!kind) {
        await whole.cancel()
        throw new BotloomError('visitor-file-refused')
      }
      const id = newId('vfl')
      const { bytes } = await writeStream({ folder: folderOf(conversation), name: id, body: whole, limit }).catch(
        (error) => {
          if (error instanceof BotloomError && error.code === 'data-too-large')
            throw new BotloomError('visitor-file-too-large', { limit: Math.floor(limit / 1_048_576) })
          throw error
        },
      )
      const file = { id, name: cleanName(name, kind), type: kind.type, bytes }
      await db
        .insert(visitorFiles)
        .values({ ...file, workspaceId: workspace, conversationId: conversation, createdAt: now() })
      return file
    },

    /** Files of a conversation by their ids, in the order of the ids. Throws `file-missing` where it has none such. */
    async find(owner: { workspace: string; conversation: string }, ids: readonly string[]): Promise<SentFile[]> {
      if (ids.length === 0) return []
      const rows = await db
        .select()
        .from(visitorFiles)
        .where(
          and(
            eq(visitorFiles.workspaceId, owner.workspace),
            eq(visitorFiles.conversationId, owner.conversation),
            inArray(visitorFiles.id, [...ids]),
          ),
        )
      return ids.map((wanted) => {
        const row = rows.find(({ id }) => id === wanted)
        if (!row) throw new BotloomError('file-missing', { file: wanted.slice(0, 80) })
        return { id: row.id, name: row.name, type: row.type, bytes: row.bytes }
      })
    },

    /** The bytes of one of a conversation's files. Throws `file-missing`. */
    async open(
      owner: { workspace: string; conversation: string },
      id: string,
    ): Promise<SentFile & { body: ReadableStream<Uint8Array> }> {
      if (!idPattern.test(id)) throw new BotloomError('file-missing', { file: id.slice(0, 80) })
      const [file] = await this.find(owner, [id])
      const path = join(folderOf(owner.conversation), id)
      if (!file || !(await stat(path).catch(() => null))) throw new BotloomError('file-missing', { file: id })
      // The web and node types of one stream differ in name only.
      const body = Readable.toWeb(createReadStream(path)) as unknown as ReadableStream<Uint8Array>
      return { ...file, body }
    },

    /** Takes a conversation's bytes off the disk; its rows go with the conversation's. */
    async removeBytes(conversation: string): Promise<void> {
      if (conversationPattern.test(conversation)) await rm(folderOf(conversation), { recursive: true, force: true })
    },
  }
}

/** The first bytes of a stream, and the stream with them in it still. */
async function peek(
  body: ReadableStream<Uint8Array>,
): Promise<{ head: Uint8Array; whole: ReadableStream<Uint8Array> }> {
  const reader = body.getReader()
  const chunks: Uint8Array[] = []
  let length = 0
  let ended = false
  while (length < headBytes && !ended) {
    const { done, value } = await reader.read()
    ended = done
    if (value) {
      chunks.push(value)
      length += value.length
    }
  }
  const head = Buffer.concat(chunks)
  const whole = new ReadableStream<Uint8Array>({
    start(controller) {
      if (head.length > 0) controller.enqueue(new Uint8Array(head))
      if (ended) controller.close()
    },
    async pull(controller) {
      const { done, value } = await reader.read()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    cancel: (reason) => reader.cancel(reason),
  })
  return { head: head.subarray(0, headBytes), whole }
}

/** What people see as the file's name, without what hides an ending or leads out of a folder; its ending fits what it is. */
function cleanName(name: string, kind: FileKind): string {
  const bare = storableText(name)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}"<>:|?*\\/]/gu, '')
    .replace(/^[.\s]+/, '')
    .trim()
  const ending = kind.endings.includes(endingOf(bare)) ? '' : `.${kind.endings[0]}`
  const kept = ending === '' ? [...bare].slice(-100).join('') : [...(bare || 'file')].slice(-95).join('')
  return `${kept}${ending}`
}

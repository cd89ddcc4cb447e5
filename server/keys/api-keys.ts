import { createHash } from 'node:crypto'
import { and, desc, eq, isNull } from 'drizzle-orm'
import { customAlphabet } from 'nanoid'
import { BotloomError } from '#kit'
import type { ApiKeyView, NewApiKey } from '#server/api/dto.ts'
import { sameText } from '#server/auth/secrets.ts'
import type { Database } from '#server/db/client.ts'
import { apiKeys } from '#server/db/schema/api-keys.ts'
import { users } from '#server/db/schema/auth.ts'
import { newId } from '#server/new-id.ts'
import { type ApiScope, isApiScope } from './scopes.ts'

/** Who asks with a key, and what it opens. */
export interface ApiCaller {
  key: string
  name: string
  workspace: string
  scopes: ReadonlySet<ApiScope>
  /** Null: every bot of the workspace. */
  bots: readonly string[] | null
}

/** 238 bits of randomness behind `blk_`. */
const random = customAlphabet('0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz', 40)
const form = /^blk_[0-9A-Za-z]{40}$/
const prefixLength = 'blk_'.length + 8
/** Milliseconds after which it is asked anew whether a workspace has keys: another server may have made one. */
const knownFor = 30_000
/** Milliseconds within which a key's last use is not written anew. */
const usedEvery = 60_000

export type ApiKeys = ReturnType<typeof createApiKeys>

/** Keys by which other servers ask. Kept as hashes, compared in constant time, read anew with each request: what is revoked is closed. */
export function createApiKeys(deps: { db: Database; now?: () => Date }) {
  const { db } = deps
  const now = deps.now ?? (() => new Date())

  const known = new Map<string, { any: boolean; at: number }>()

  async function list(workspace: string): Promise<ApiKeyView[]> {
    const rows = await db
      .select({ key: apiKeys, by: users.name })
      .from(apiKeys)
      .leftJoin(users, eq(users.id, apiKeys.createdBy))
      .where(eq(apiKeys.workspaceId, workspace))
      .orderBy(desc(apiKeys.createdAt), desc(apiKeys.id))
    return rows.map(({ key, by }) => ({
      id: key.id,
      name: key.name,
      prefix: key.prefix,
      scopes: key.scopes.filter(isApiScope),
      bots: key.bots,
      createdBy: by ?? '',
      createdAt: key.createdAt.toISOString(),
      usedAt: key.usedAt?.toISOString() ?? null,
      expiresAt: key.expiresAt?.toISOString() ?? null,
      revokedAt: key.revokedAt?.toISOString() ?? null,
    }))
  }

  async function view(workspace: string, id: string): Promise<ApiKeyView> {
    const found = (await list(workspace)).find((key) => key.id === id)
    if (!found) throw new BotloomError('not-found', { what: 'key' })
    return found
  }

  return {
    list,

    /** Whether anybody could read what is told to keys; at once, and true where that is not known yet. */
    inUse(workspace: string): boolean {
      const found = known.get(workspace)
      if (!found || now().getTime() - found.at > knownFor) {
        known.set(workspace, { any: found?.any ?? true, at: now().getTime() })
        void db
          .select({ id: apiKeys.id })
          .from(apiKeys)
          .where(and(eq(apiKeys.workspaceId, workspace), isNull(apiKeys.revokedAt)))
          .limit(1)
          .then(
            (rows) => known.set(workspace, { any: rows.length > 0, at: now().getTime() }),
            () => known.delete(workspace),
          )
      }
      return known.get(workspace)?.any ?? true
    },

    /** A new key; the answer is the only time that its text is told. */
    async create(workspace: string, given: NewApiKey, author: string): Promise<{ key: string; about: ApiKeyView }> {
      const key = `blk_${random()}`
      const id = newId('key')
      await db.insert(apiKeys).values({
        id,
        workspaceId: workspace,
        name: given.name,
        prefix: key.slice(0, prefixLength),
        hash: hashOf(key),
        scopes: [...new Set(given.scopes)],
        bots: given.bots,
        createdBy: author,
        createdAt: now(),
        expiresAt: given.expiresAt === null ? null : new Date(given.expiresAt),
      })
      known.set(workspace, { any: true, at: now().getTime() })
      return { key, about: await view(workspace, id) }
    },

    /** From now on it opens nothing. Throws `not-found`. */
    async revoke(workspace: string, id: string): Promise<ApiKeyView> {
      await db
        .update(apiKeys)
        .set({ revokedAt: now() })
        .where(and(eq(apiKeys.workspaceId, workspace), eq(apiKeys.id, id), isNull(apiKeys.revokedAt)))
      return view(workspace, id)
    },

    /** Whose key stands in an `Authorization` header. Throws `api-key-missing`, `api-key-invalid`. */
    async check(header: string | undefined): Promise<ApiCaller> {
      const given = keyIn(header)
      if (given === null) throw new BotloomError('api-key-missing')
      const [row] = form.test(given)
        ? await db
            .select()
            .from(apiKeys)
            .where(eq(apiKeys.prefix, given.slice(0, prefixLength)))
        : []
      // One that is not there is compared too, so that the time tells nothing.
      const right = sameText(row?.hash ?? hashOf(''), hashOf(given))
      const at = now()
      if (!row || !right || row.revokedAt !== null || (row.expiresAt !== null && row.expiresAt <= at))
        throw new BotloomError('api-key-invalid')
      if (row.usedAt === null || at.getTime() - row.usedAt.getTime() > usedEvery)
        await db.update(apiKeys).set({ usedAt: at }).where(eq(apiKeys.id, row.id))
      return {
        key: row.id,
        name: row.name,
        workspace: row.workspaceId,
        scopes: new Set(row.scopes.filter(isApiScope)),
        bots: row.bots,
      }
    },
  }
}

/** The key of a header, or null where it holds none (a visitor's token, or nothing). */
export function keyIn(header: string | undefined): string | null {
  return header?.match(/^Bearer\s+(blk_\S*)$/i)?.[1] ?? null
}

function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('hex')
}

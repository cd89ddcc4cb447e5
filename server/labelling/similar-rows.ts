import { availableParallelism } from 'node:os'
import { BotloomError } from '#kit'
import { builtinEncoder, resolveEncoder } from '#runtime/language/resolve-encoder.ts'
import type { FromSimilar, ToSimilar } from '#runtime/similar/messages.ts'
import type { SimilarRows } from '#server/api/dto.ts'
import { breath } from '#server/data/breath.ts'
import { createKeyedMutex } from '#server/data/keyed-mutex.ts'
import type { SetStore } from '#server/data/set-store.ts'
import { runChild } from '#server/run-child.ts'

/** Rows of one read and one message. */
const partSize = 250
/** Rows that are looked through; more take minutes the first time. */
const mostRows = 20_000
const timeLimit = 120_000

export type FindSimilar = ReturnType<typeof createFindSimilar>

/** Rows of a set that are like others, by the built-in encoder; those that have no topic yet, or all of them. */
export function createFindSimilar(deps: { sets: SetStore; folders: { models: string; cache: string } }) {
  const { sets, folders } = deps
  const oneAtATime = createKeyedMutex()

  return async (
    workspace: string,
    set: string,
    { rows, among, count }: { rows: readonly string[]; among: 'unlabelled' | 'all'; count: number },
  ): Promise<SimilarRows> => {
    const models = await sets.rowsNow(workspace, set, rows)
    if (models.length === 0) throw new BotloomError('not-found', { what: 'row' })
    const folder = await resolveEncoder(builtinEncoder, { modelsFolder: folders.models })
    const asked = new Set(rows)
    async function* messages(): AsyncGenerator<ToSimilar> {
      let read = 0
      yield { rows: models.map(({ id, text }) => ({ id, text })) }
      for await (const part of sets.recordPages(workspace, set, partSize)) {
        const fit = part.filter(
          ({ id, label, outOfScope }) => !asked.has(id) && (among === 'all' || (label === undefined && !outOfScope)),
        )
        read += fit.length
        if (fit.length > 0) yield { rows: fit.map(({ id, text }) => ({ id, text })) }
        if (read >= mostRows) break
        await breath()
      }
      const encoder = { name: builtinEncoder, folder }
      const threads = Math.max(1, availableParallelism() - 1)
      yield { ask: { like: [...asked], count, encoder, cacheFolder: folders.cache, threads } }
    }
    let found: FromSimilar['found'] = []
    await oneAtATime('', () =>
      runChild<ToSimilar, FromSimilar>({
        entry: { source: 'runtime/similar/entry.ts', built: 'similar.js' },
        messages: messages(),
        signal: AbortSignal.timeout(timeLimit),
        hear(message) {
          found = message.found
          return true
        },
      }),
    )
    const views = new Map(
      (
        await sets.rowsNow(
          workspace,
          set,
          found.map(({ id }) => id),
        )
      ).map((row) => [row.id, row]),
    )
    return {
      rows: found.flatMap(({ id, similarity }) => {
        const row = views.get(id)
        return row ? [{ row, similarity }] : []
      }),
    }
  }
}

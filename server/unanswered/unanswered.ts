import { BotloomError, isKnowledge } from '#kit'
import type { AnsweredView, UnansweredAdded, UnansweredView } from '#server/api/dto.ts'
import type { VersionStore } from '#server/bots/version-store.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Compute } from '#server/jobs/compute.ts'
import { newId } from '#server/new-id.ts'
import type { createMessageGroups } from './message-groups.ts'
import { mostMessages, type Unanswered, type UnansweredStore } from './unanswered-store.ts'

/** Days that a page looks back where nobody says another number. */
const usualDays = 28
const dayMs = 86_400_000
const hourMs = 3_600_000
/** Bots whose messages are kept in memory. */
const mostRead = 20
/** Messages that are shown before and after. */
const mostTaught = 200
/** What a row that came from a chat says of where it came from. */
const origin = 'chats'

export type UnansweredDesk = ReturnType<typeof createUnansweredDesk>

/** What live chats did not understand: found, grouped, and made into rows. */
export function createUnansweredDesk(deps: {
  store: UnansweredStore
  groups: ReturnType<typeof createMessageGroups>
  sets: SetStore
  versions: Pick<VersionStore, 'fromDraft' | 'current' | 'load'>
  compute: Pick<Compute, 'classify'>
  /** Counts what is stored by now. */
  catchUp: () => Promise<void>
  now?: () => Date
}) {
  const { store, groups, sets, versions, compute, catchUp } = deps
  const now = deps.now ?? (() => new Date())
  const lastRead = new Map<string, { state: string; messages: Unanswered[] }>()

  /**
   * The messages of so many days. A page asks again and again while groups are being found, and every page of a bot for their number: what
   * was read holds until something changes, an hour at most.
   */
  async function open(workspace: string, bot: string, days: number): Promise<Unanswered[]> {
    await catchUp()
    const hour = Math.floor(now().getTime() / hourMs)
    const state = `${days} ${hour} ${await store.state(workspace, bot)}`
    const before = lastRead.get(bot)
    if (before?.state === state) return before.messages
    const messages = await store.open(workspace, bot, new Date(now().getTime() - days * dayMs).toISOString())
    lastRead.delete(bot)
    lastRead.set(bot, { state, messages })
    for (const oldest of lastRead.keys()) if (lastRead.size > mostRead) lastRead.delete(oldest)
    return messages
  }

  /** Messages by their ids that nobody has seen to yet. Throws `not-found` where there is none of them. */
  async function wanted(workspace: string, bot: string, ids: readonly string[]): Promise<Unanswered[]> {
    await catchUp()
    const picked = new Set(ids)
    const found = (await store.open(workspace, bot, null)).filter(({ id }) => picked.has(id))
    if (found.length === 0) throw new BotloomError('not-found', { what: 'message' })
    return found
  }

  const markOf = (workspace: string, bot: string, { id, conversation, seq }: Unanswered) => ({
    botId: bot,
    key: id,
    workspaceId: workspace,
    conversationId: conversation,
    seq,
    markedAt: now(),
  })

  return {
    async count(workspace: string, bot: string): Promise<number> {
      return (await open(workspace, bot, usualDays)).length
    },

    /** What nobody has seen to, in groups; begins to group what is not grouped yet. */
    async view(
      workspace: string,
      bot: string,
      { days = usualDays, language, again }: { days?: number; language?: string; again?: boolean },
    ): Promise<UnansweredView> {
      const all = await open(workspace, bot, days)
      const languages = [...new Set(all.map((one) => one.language))].sort()
      const messages = language ? all.filter((one) => one.language === language) : all
      const about = { total: messages.length, most: mostMessages, languages }
      if (messages.length === 0) return { ...about, state: 'done', share: 1, groups: [], messages: [] }
      const { document } = await versions.fromDraft(workspace, bot)
      const known = groups.of(`${bot} ${days} ${language ?? ''}`, messages, document, again)
      if (!known.found) return { ...about, state: known.state, share: known.share, groups: [], messages: [] }
      const { place, grouped } = known.found
      const shown = messages.flatMap((message) => {
        const at = place.get(message.id)
        return at === undefined ? [] : [{ message, at }]
      })
      const idAt = new Map(shown.map(({ message, at }) => [at, message.id]))
      const ids = (members: readonly number[]) => members.flatMap((at) => idAt.get(at) ?? [])
      // A group keeps its number when others empty, and with it its colour.
      return {
        ...about,
        state: known.state,
        share: known.share,
        groups: grouped.groups.flatMap(({ words, members }, group) => {
          const left = ids(members)
          return left.length === 0 ? [] : [{ group, words, messages: left }]
        }),
        messages: shown.map(({ message: { id, text, language, at: said, times, conversation }, at }) => ({
          id,
          text,
          language,
          at: said,
          times,
          chat: conversation,
          group: grouped.groupOf[at]!,
          probable: grouped.isProbable[at]!,
          x: grouped.map[at * 2]!,
          y: grouped.map[at * 2 + 1]!,
        })),
      }
    },

    /** Puts messages into a set, under a label by name, and takes them off the list: both can be taken back. */
    async teach(
      workspace: string,
      bot: string,
      { messages: ids, set, label }: { messages: readonly string[]; set: string; label: string },
    ): Promise<UnansweredAdded> {
      if ((await sets.botOf(workspace, set)) !== bot) throw new BotloomError('not-found', { what: 'set' })
      const found = await wanted(workspace, bot, ids)
      const rows = found.map(({ text, language }) => ({ text, language, label, id: newId('row') }))
      const answer = await sets.importRows(workspace, set, rows, origin)
      const given = (await sets.labels(workspace, set)).find(({ name }) => name === label)
      await store.mark(
        found.map((message, at) => ({
          ...markOf(workspace, bot, message),
          state: 'row' as const,
          setId: set,
          rowId: rows[at]!.id,
          label: given?.id ?? null,
        })),
      )
      return { messages: found.map(({ id }) => id), set, label, added: answer.added, duplicates: answer.duplicates }
    },

    /** Takes messages off the list that are no questions. */
    async dismiss(workspace: string, bot: string, ids: readonly string[]): Promise<{ messages: string[] }> {
      const found = await wanted(workspace, bot, ids)
      await store.mark(
        found.map((message) => ({
          ...markOf(workspace, bot, message),
          state: 'dismissed' as const,
          setId: null,
          rowId: null,
          label: null,
        })),
      )
      return { messages: found.map(({ id }) => id) }
    },

    /** Puts messages back on the list, and takes the rows away that they became. Answers with the sets that changed. */
    async undo(workspace: string, bot: string, ids: readonly string[]): Promise<{ sets: string[] }> {
      const marks = await store.marks(workspace, bot, ids)
      if (marks.length === 0) throw new BotloomError('not-found', { what: 'message' })
      const rowsOf = new Map<string, string[]>()
      for (const { setId, rowId } of marks) if (setId && rowId) rowsOf.set(setId, [...(rowsOf.get(setId) ?? []), rowId])
      for (const [set, rows] of rowsOf) await sets.deleteRows(workspace, set, rows)
      await store.unmark(workspace, bot, ids)
      return { sets: [...rowsOf.keys()] }
    },

    /** Messages that became rows: how the bot took them then, and what the draft's newest model says of them now. */
    async answered(workspace: string, bot: string): Promise<AnsweredView> {
      const taught = await store.taught(workspace, bot, mostTaught)
      const names = new Map<string, Map<string, string>>()
      for (const set of new Set(taught.flatMap(({ setId }) => setId ?? [])))
        names.set(set, new Map((await sets.labels(workspace, set)).map(({ id, name }) => [id, name])))
      const { classifiers, stale } = await versions.fromDraft(workspace, bot)
      const models = Object.values(classifiers).flatMap((ref) => (isKnowledge(ref) || ref.pairs ? [] : [ref]))
      const messages: AnsweredView['messages'] = []
      const verdicts = new Map<string, AnsweredView['messages'][number]['after']>()
      for (const model of models) {
        // The model whose labels the message was put under is the one that has to know it.
        const own = taught.filter(({ label, key }) => !verdicts.has(key) && model.labels.some(({ id }) => id === label))
        if (own.length === 0) continue
        const said = await compute.classify(
          model,
          own.map(({ text }) => text),
        )
        for (const [at, { key }] of own.entries()) {
          const [likeliest] = said[at]!.labels
          if (!likeliest) continue
          const { label, name, probability } = likeliest
          verdicts.set(key, {
            name,
            probability,
            understood: probability >= model.threshold,
            right: label === own[at]!.label,
          })
        }
      }
      for (const { key, text, at, version, guess, said, setId, label, conversationId } of taught)
        messages.push({
          id: key,
          text,
          at,
          chat: conversationId,
          topic: (setId && label && names.get(setId)?.get(label)) || null,
          before: { version, guess, said },
          after: verdicts.get(key) ?? null,
        })
      return { stale, messages }
    },
  }
}

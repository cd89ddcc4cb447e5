import { eq } from 'drizzle-orm'
import {
  type AnyStep,
  BotloomError,
  type Classification,
  type Classifier,
  type ClassifierRef,
  isKnowledge,
  type KnowledgeQuestion,
  type PinnedRef,
  type Retriever,
} from '#kit'
import { buildProgram, type DialogProgram } from '#runtime/conversation/program.ts'
import type { Classified, Retrieved } from '#runtime/conversation/turn.ts'
import { hashOf } from '#runtime/graph/canonical.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { edgesByEnd } from '#runtime/graph/topology.ts'
import type { Database } from '#server/db/client.ts'
import { draftPins } from '#server/db/schema/conversations.ts'

/** What a conversation is held to for its whole life. */
export type Pin = { version: number } | { draft: string }

/** A dialog ready to talk, with the models and the knowledge that it talks with. */
export interface Talker {
  program: DialogProgram
  classify(block: string, text: string): Promise<Classified>
  retrieve(block: string, question: KnowledgeQuestion): Promise<Retrieved>
  /** What the block's model makes of other texts, in their order. */
  judge(block: string, texts: string[]): Promise<Classification[]>
}

export interface ProgramSource {
  load(
    workspace: string,
    bot: string,
    version: number,
  ): Promise<{ document: GraphDocument; classifiers: Record<string, PinnedRef> }>
}

const mostKept = 50

/** Compiled dialogs by pin. A version never changes, so neither does what is kept here. */
export function createProgramCache(deps: {
  db: Database
  versions: ProgramSource
  classifier: Classifier & Retriever
  registry: NodeRegistry
  steps: Readonly<Record<string, AnyStep>>
}) {
  const { db, versions, classifier, registry, steps } = deps
  const kept = new Map<string, Promise<Talker>>()

  function build(document: GraphDocument, classifiers: Record<string, PinnedRef>): Talker {
    const program = buildProgram(document, registry, steps)
    const { into } = edgesByEnd(document)
    const models = new Map<string, PinnedRef>()
    for (const block of Object.keys(program.blocks))
      for (const edge of into.get(block) ?? []) {
        const model = classifiers[edge.from.node]
        if (model) models.set(block, model)
      }
    const modelOf = (block: string): ClassifierRef => {
      const model = models.get(block)
      if (!model || isKnowledge(model))
        throw new BotloomError('model-missing', { block: program.blocks[block]?.name ?? block })
      return model
    }
    return {
      program,
      async classify(block, text) {
        const model = modelOf(block)
        const [result] = await classifier.classify(model, [text])
        if (!result) throw new BotloomError('unexpected', { detail: 'the model gave no answer' })
        return { result, threshold: model.threshold }
      },
      async retrieve(block, question) {
        const knowledge = models.get(block)
        if (!knowledge || !isKnowledge(knowledge))
          throw new BotloomError('knowledge-missing', { block: program.blocks[block]?.name ?? block })
        return { result: await classifier.retrieve(knowledge, question), floor: knowledge.floor }
      },
      judge: async (block, texts) => classifier.classify(modelOf(block), texts),
    }
  }

  async function load(workspace: string, bot: string, pin: Pin): Promise<Talker> {
    if ('version' in pin) {
      const version = await versions.load(workspace, bot, pin.version)
      return build(version.document, version.classifiers)
    }
    const [row] = await db.select().from(draftPins).where(eq(draftPins.hash, pin.draft))
    if (!row || row.workspaceId !== workspace) throw new BotloomError('conversation-unknown')
    return build(parseDocument(JSON.parse(row.document)), row.classifiers)
  }

  return {
    of(workspace: string, bot: string, pin: Pin): Promise<Talker> {
      const key = 'version' in pin ? `${workspace}/${bot}@${pin.version}` : `${workspace}/${pin.draft}`
      const known = kept.get(key)
      // Moved to the end: the first key is the one that was not used for longest.
      kept.delete(key)
      const talker = known ?? load(workspace, bot, pin)
      kept.set(key, talker)
      if (!known) talker.catch(() => kept.delete(key))
      for (const oldest of kept.keys()) {
        if (kept.size <= mostKept) break
        kept.delete(oldest)
      }
      return talker
    },

    /** Keeps a draft as it is now, for conversations that try it. */
    async pinDraft(
      workspace: string,
      bot: string,
      draft: { document: GraphDocument; classifiers: Record<string, PinnedRef> },
    ): Promise<Pin> {
      const { document, classifiers } = draft
      const hash = hashOf({ workspace, bot, document, classifiers })
      await db
        .insert(draftPins)
        .values({ hash, workspaceId: workspace, botId: bot, document: JSON.stringify(document), classifiers })
        .onConflictDoNothing()
      return { draft: hash }
    },
  }
}

import { BotloomError, type Facts } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import { findProblems } from '#runtime/graph/validate.ts'
import type { DraftView, NodeState } from '#server/api/dto.ts'
import type { SetStore } from '#server/data/set-store.ts'
import type { Draft, DraftStore } from './draft-store.ts'
import { computeFacts } from './facts.ts'
import { recordProblems } from './record-problems.ts'

/** What the last runs left on the pipeline blocks of a document. Implemented by the run service. */
export type StatesOf = (workspace: string, bot: string, document: GraphDocument) => Promise<NodeState[]>

export interface KnownAboutDraft {
  facts: Facts
  problems: Problem[]
  states: NodeState[]
}

export type DraftViewer = ReturnType<typeof createDraftViewer>

/** Adds to a document what only the server knows: facts, problems, and which blocks are stale. */
export function createDraftViewer(deps: {
  drafts: DraftStore
  sets: SetStore
  registry: NodeRegistry
  statesOf: StatesOf
}) {
  const { drafts, sets, registry, statesOf } = deps

  async function about(workspace: string, bot: string, document: GraphDocument): Promise<KnownAboutDraft> {
    const states = await statesOf(workspace, bot, document)
    const outputs = new Map(states.map((state) => [state.node, state.outputs]))
    const facts = await computeFacts(
      document,
      registry,
      (node) => outputs.get(node) ?? null,
      async (set) => {
        try {
          return await sets.facts(workspace, set)
        } catch (error) {
          if (error instanceof BotloomError && error.code === 'not-found') return null
          throw error
        }
      },
    )
    const view = createGraphView(document, registry, facts)
    const problems = [...findProblems(view), ...recordProblems(view)]
    return { facts, problems, states }
  }

  async function read(workspace: string, bot: string): Promise<Draft & KnownAboutDraft> {
    const draft = await drafts.load(workspace, bot)
    return { ...draft, ...(await about(workspace, bot, draft.document)) }
  }

  return {
    about,
    read: async (workspace: string, bot: string): Promise<DraftView> => read(workspace, bot),
  }
}

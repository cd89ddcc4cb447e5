import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { BotloomError, type Facts, portTypes } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { parseConfig } from '#runtime/graph/registry.ts'
import { learnNodes } from '#runtime/graph/topology.ts'
import { runJob } from '#runtime/worker/job.ts'
import { computeFacts } from '#server/bots/facts.ts'
import { fileRecords } from './file-records.ts'
import { registry } from './registry.ts'
import { templateSet } from './template-set.ts'

export interface GraphFacts {
  facts: Facts
  /** What is wrong with the records, at the blocks that name them. */
  problems: Problem[]
  /** Blocks whose records nobody could read: the ports that their labels make are not known. */
  unread: Set<string>
}

/** The labels of a graph as its run would know them: the blocks that read records are carried out, and nothing is kept. */
export async function readFacts(graphPath: string, document: GraphDocument): Promise<GraphFacts> {
  const records = fileRecords((set) => templateSet(dirname(resolve(graphPath)), set))
  const folder = await mkdtemp(join(tmpdir(), 'botloom-check-'))
  const outputs = new Map<string, Record<string, unknown>>()
  const problems: Problem[] = []
  try {
    for (const id of sourcesOf(document)) {
      const node = document.nodes[id]!
      try {
        const job = {
          block: node.type,
          config: parseConfig(registry, node),
          inputs: {},
          shrink: 0,
          avoid: [],
          trials: [],
          uploads: {},
        }
        const folders = { artifacts: folder, cache: folder, models: folder, allowPaths: true }
        const { signal } = new AbortController()
        const around = { folders, threads: 1, signal, finish: signal, progress: () => {}, note: () => {}, records }
        const answer = await runJob(job, around)
        if ('outputs' in answer) outputs.set(id, answer.outputs)
      } catch (error) {
        if (!(error instanceof BotloomError)) throw error
        problems.push({ severity: 'error', code: error.code, half: 'learn', node: id, params: error.params })
      }
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  const known = await computeFacts(
    document,
    registry,
    (node) => outputs.get(node) ?? null,
    async () => null,
  )
  // A file holds no model that could lack a label: the run that makes one teaches it all of them.
  const labels = Object.entries(known.labels).map(([id, all]) => [id, all.map((one) => ({ ...one, trained: true }))])
  return {
    facts: { ...known, labels: Object.fromEntries(labels) },
    problems,
    unread: new Set(problems.flatMap(({ node }) => node ?? [])),
  }
}

/** Blocks of the Learn half that take nothing from another one. */
function sourcesOf(document: GraphDocument): string[] {
  const { portsOf } = createGraphView(document, registry, { labels: {}, rows: {} })
  return learnNodes(document, registry).filter((id) => {
    const { inputs } = portsOf(id)
    return registry.nodes[document.nodes[id]!.type]?.runsOn === 'server' && !Object.values(inputs).some(isData)
  })
}

const isData = ({ type }: { type: keyof typeof portTypes }): boolean => portTypes[type].data

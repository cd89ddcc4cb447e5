import { isTrial, type PipelineContext } from '#runtime/compiler/pipeline-vocabulary.ts'

/** What the blocks of a run gave, port by port; what a search only tried is no output of the run. */
export function* runOutputs(progress: PipelineContext['progress']): Generator<{ node: string; value: unknown }> {
  for (const [node, at] of Object.entries(progress))
    if (!isTrial(node)) for (const value of Object.values(at.outputs ?? {})) yield { node, value }
}

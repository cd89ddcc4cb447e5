import { describe, expect, it } from 'vitest'
import { addBlock } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { emptyDocument, type GraphDocument } from '#runtime/graph/document.ts'
import { thresholdBlocks } from './threshold-blocks.ts'

/** A Learn half from its examiner on, as a chain of wires, with a dialog block behind it. */
function learned(document: GraphDocument): { examiner: string; asks: string } {
  const add = (type: string) => addBlock(document, type, { x: 0, y: 0 })!
  const [examiner, gate, asks] = [add('evaluate'), add('deploy'), add('intent')]
  const wire = (from: string, out: string, to: string, into: string) => {
    const id = `e_${from}_${to}`
    document.edges[id] = { id, from: { node: from, port: out }, to: { node: to, port: into } }
  }
  wire(examiner, 'report', gate, 'report')
  wire(gate, 'classifier', asks, 'model')
  return { examiner, asks }
}

describe('where a threshold that was tried out can go', () => {
  it('goes to the blocks that ask the examined model, and to no other', () => {
    const document = emptyDocument('two models')
    const one = learned(document)
    const other = learned(document)
    addBlock(document, 'intent', { x: 0, y: 0 })
    addBlock(document, 'say', { x: 0, y: 0 })
    expect(thresholdBlocks(document, registry, one.examiner).map(({ node }) => node.id)).toEqual([one.asks])
    expect(thresholdBlocks(document, registry, other.examiner).map(({ node }) => node.id)).toEqual([other.asks])
    expect(thresholdBlocks(document, registry, 'gone')).toEqual([])
  })

  it("tells a threshold of the block's own from the model's", () => {
    const document = emptyDocument('one model')
    const { examiner, asks } = learned(document)
    expect(thresholdBlocks(document, registry, examiner)[0]?.threshold).toBeNull()
    document.nodes[asks] = { ...document.nodes[asks]!, config: { ...document.nodes[asks]!.config, threshold: 0.6 } }
    expect(thresholdBlocks(document, registry, examiner)[0]?.threshold).toBe(0.6)
  })
})

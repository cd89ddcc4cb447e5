import { Handle, Position } from '@xyflow/react'
import type { ComparedBlock, Comparison } from '#editor/document/compare.ts'
import { registry } from '#editor/document/registry.ts'
import type { Ports } from '#kit/ports.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import { BlockIcon } from './icons.tsx'
import { blockName, portText, summaryText } from './words.ts'

/** What is drawn of a block on a canvas that nobody can change: only ports with a wire say something there. */
export interface Still {
  block: ComparedBlock
  target?: NodeRecord
  inputs: string[]
  outputs: string[]
}

export function toStills({ blocks, wires }: Pick<Comparison, 'blocks' | 'wires'>): Record<string, Still> {
  const inputs: Record<string, Set<string>> = {}
  const outputs: Record<string, Set<string>> = {}
  for (const { edge } of wires) {
    inputs[edge.to.node] ??= new Set()
    inputs[edge.to.node]?.add(edge.to.port)
    outputs[edge.from.node] ??= new Set()
    outputs[edge.from.node]?.add(edge.from.port)
  }
  return Object.fromEntries(
    Object.entries(blocks).map(([id, block]) => [
      id,
      {
        block,
        target: blocks[block.view.leadsTo ?? '']?.node,
        inputs: inOrder(inputs[id], block.view.inputs),
        outputs: inOrder(outputs[id], block.view.outputs),
      },
    ]),
  )
}

function inOrder(wired: ReadonlySet<string> | undefined, ports: Ports): string[] {
  if (!wired) return []
  const known = Object.keys(ports).filter((port) => wired.has(port))
  return [...known, ...[...wired].filter((port) => !known.includes(port))]
}

/** Head and ports of a block. */
export function StillBody({ block, target, inputs, outputs }: Still) {
  const { node, view } = block
  const headInput = inputs.length === 1 ? inputs[0] : undefined
  const headOutput = outputs.length === 1 ? outputs[0] : undefined
  const rowInputs = headInput === undefined ? inputs : []
  const rowOutputs = headOutput === undefined ? outputs : []
  const rows = Math.max(rowInputs.length, rowOutputs.length)
  return (
    <>
      <div className="bl-block__head">
        {headInput !== undefined && <Port id={headInput} side="input" ports={view.inputs} />}
        <span className="bl-block__icon">
          <BlockIcon name={registry.nodes[node.type]?.icon ?? 'unknown'} />
        </span>
        <span className="bl-block__titles">
          <span className="bl-block__title">{blockName(node)}</span>
          <span className="bl-block__summary">{summaryText(view.summary, target)}</span>
        </span>
        {headOutput !== undefined && <Port id={headOutput} side="output" ports={view.outputs} />}
      </div>
      {rows > 0 && (
        <div className="bl-block__ports">
          {Array.from({ length: rows }, (_, row) => {
            const [input, output] = [rowInputs[row], rowOutputs[row]]
            return (
              <div className="bl-block__row" key={`${input ?? ''} ${output ?? ''}`}>
                {input !== undefined && <Port id={input} side="input" ports={view.inputs} />}
                <span className="bl-block__in">
                  {input !== undefined && portText(node.type, input, view.inputs[input])}
                </span>
                {output !== undefined && (
                  <span className="bl-block__out">
                    <span className="bl-block__label">{portText(node.type, output, view.outputs[output])}</span>
                  </span>
                )}
                {output !== undefined && <Port id={output} side="output" ports={view.outputs} />}
              </div>
            )
          })}
        </div>
      )}
    </>
  )
}

function Port({ id, side, ports }: { id: string; side: 'input' | 'output'; ports: Ports }) {
  return (
    <Handle
      id={id}
      type={side === 'input' ? 'target' : 'source'}
      position={side === 'input' ? Position.Left : Position.Right}
      isConnectable={false}
      className={`bl-port bl-port--${ports[id]?.type ?? 'flow'} bl-port--wired`}
    />
  )
}

import { registry } from '#editor/document/registry.ts'
import type { AnyNode } from '#kit/define-node.ts'
import type { Ports } from '#kit/ports.ts'
import { blockNames } from '#nodes/registry.gen.ts'
import { BlockIcon } from './icons.tsx'
import type { PickItem } from './pick-list.tsx'
import { wordOf } from './word-of.ts'
import { blockText } from './words.ts'

/** Order of the families in lists: Learn first, then Talk, as on the canvas. */
const hues = ['data', 'learn', 'talk', 'logic', 'action', 'people'] as const

/** How far from the records a port type is: 0 for what a block without inputs gives, one more with each block on the way. */
function depths(): Map<string, number> {
  const depth = new Map<string, number>()
  for (let changed = true; changed; ) {
    changed = false
    for (const node of Object.values(registry.nodes)) {
      const inputs = Object.values(fixedPorts(node.inputs))
      if (!inputs.every((port) => depth.has(port.type))) continue
      const own = inputs.length === 0 ? 0 : 1 + Math.max(...inputs.map((port) => depth.get(port.type)!))
      for (const port of Object.values(fixedPorts(node.outputs)))
        if (!depth.has(port.type)) {
          depth.set(port.type, own)
          changed = true
        }
    }
  }
  return depth
}
const depthOf = depths()

/** In the order in which people need them: what begins first, what ends last. */
function placeOf(node: AnyNode): number {
  const inputs = Object.values(fixedPorts(node.inputs)).map((port) => depthOf.get(port.type) ?? 0)
  const ends = typeof node.outputs !== 'function' && Object.keys(node.outputs).length === 0
  return (node.single ? 0 : 10) + (ends ? 100 : 0) + (inputs.length === 0 ? 0 : 1 + Math.max(...inputs))
}

function fixedPorts(ports: AnyNode['inputs']): Ports {
  return typeof ports === 'function' ? {} : ports
}

/** Every block that can be added, by family; found by its name in either language. */
export function blockItems(fits: (type: string) => boolean = () => true): PickItem[] {
  return hues.flatMap((hue) =>
    Object.values(registry.nodes)
      .filter((definition) => definition.hue === hue && fits(definition.type))
      .sort((a, b) => placeOf(a) - placeOf(b) || a.type.localeCompare(b.type))
      .map((definition) => ({
        key: definition.type,
        title: blockText(`${definition.type}.name`) || definition.type,
        detail: blockText(`${definition.type}.description`),
        words: [definition.type, ...Object.values(blockNames[definition.type] ?? {})].join(' '),
        icon: <BlockIcon name={definition.icon} size={16} />,
        hue,
        group: wordOf(`hue.${hue}`),
      })),
  )
}

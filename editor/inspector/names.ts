import { configOf } from '#editor/document/graph-now.ts'
import { registry } from '#editor/document/registry.ts'
import { useDraft } from '#editor/document/store.ts'
import type { GainedVariable, VariableType } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'

export interface VariableName {
  name: string
  type: VariableType | null
}

/** Every variable that a block can keep or read: the declared ones, and what blocks gain by themselves. */
export function variableNames(document: GraphDocument): VariableName[] {
  const names = new Map<string, VariableName>()
  for (const variable of Object.values(document.variables))
    names.set(variable.name, { name: variable.name, type: variable.type })
  for (const node of Object.values(document.nodes)) {
    let gained: GainedVariable[] = []
    try {
      gained = registry.nodes[node.type]?.variables?.(configOf(node)) ?? []
    } catch {
      // A config that does not parse names nothing; its problem is shown on the block.
    }
    // A declaration stands; else the first block that tells what it leaves there.
    for (const { name, type } of gained) if (!names.get(name)?.type) names.set(name, { name, type })
  }
  return [...names.values()].sort((a, b) => a.name.localeCompare(b.name))
}

const separator = '\n'

/** Names as one text, so that a component is drawn again only when a name or a type changes. */
export function useVariableNames(): VariableName[] {
  const text = useDraft((state) =>
    variableNames(state.document)
      .map(({ name, type }) => `${name} ${type ?? ''}`)
      .join(separator),
  )
  return text === ''
    ? []
    : text.split(separator).map((line) => {
        const [name = '', type = ''] = line.split(' ')
        return { name, type: type === '' ? null : (type as VariableType) }
      })
}

/** Names of the bot's parameters. */
export function useParameterNames(): string[] {
  const text = useDraft((state) =>
    Object.values(state.document.parameters)
      .map((parameter) => parameter.name)
      .join(separator),
  )
  return text.split(separator).filter(Boolean)
}

/** Names that a text may hold as `{{name}}`: variables and the bot's parameters. */
export function usePlaceholderNames(): string[] {
  const variables = useVariableNames().map(({ name }) => name)
  return [...new Set([...useParameterNames(), ...variables])]
}

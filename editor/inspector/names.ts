import { configOf } from '#editor/document/block-views.ts'
import { registry } from '#editor/document/registry.ts'
import { useDraft } from '#editor/document/store.ts'
import type { GraphDocument, VariableRecord } from '#runtime/graph/document.ts'

export interface VariableName {
  name: string
  type: VariableRecord['type'] | null
}

/** Every variable that a block can keep or read: the declared ones, and what blocks gain by themselves. */
export function variableNames(document: GraphDocument): VariableName[] {
  const names = new Map<string, VariableName>()
  for (const variable of Object.values(document.variables))
    names.set(variable.name, { name: variable.name, type: variable.type })
  for (const node of Object.values(document.nodes)) {
    let gained: string[] = []
    try {
      gained = registry.nodes[node.type]?.variables?.(configOf(node)) ?? []
    } catch {
      // A config that does not parse names nothing; its problem is shown on the block.
    }
    for (const name of gained) if (!names.has(name)) names.set(name, { name, type: null })
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
        return { name, type: type === '' ? null : (type as VariableRecord['type']) }
      })
}

/** Names that a text may hold as `{{name}}`: variables and the bot's parameters. */
export function usePlaceholderNames(): string[] {
  const parameters = useDraft((state) =>
    Object.values(state.document.parameters)
      .map((parameter) => parameter.name)
      .join(separator),
  )
  const variables = useVariableNames().map(({ name }) => name)
  return [...new Set([...parameters.split(separator).filter(Boolean), ...variables])]
}

import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { dirname, isAbsolute, resolve } from 'node:path'
import { BotloomError } from '#kit'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { fieldRefs, setRef } from '#runtime/graph/field-refs.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { type NodeRegistry, readableConfig } from '#runtime/graph/registry.ts'

/**
 * Reads a graph for a run in this process: `--set` values put in, paths of files and encoders made absolute (they are relative to
 * the graph). Throws `file-missing`, `graph-not-document`, what `parseDocument` throws, `cli-unknown-block`, `cli-unknown-field`
 * or `cli-bad-set`.
 */
export async function loadGraph(path: string, sets: readonly string[], registry: NodeRegistry): Promise<GraphDocument> {
  const text = await readFile(path, 'utf8').catch(() => {
    throw new BotloomError('file-missing', { file: path })
  })
  const document = parseDocument(parseJson(text))
  for (const set of sets) applySet(document, set, registry)
  const folder = dirname(resolve(path))
  for (const node of Object.values(document.nodes)) {
    const definition = registry.nodes[node.type]
    if (!definition) continue
    for (const { path: field, ref, value } of fieldRefs(definition, readableConfig(registry, node))) {
      if (value === '' || (ref !== 'file' && ref !== 'encoder')) continue
      const full = isAbsolute(value) ? value : resolve(folder, value)
      // An encoder's plain name is a name first; only what is there as a folder, or looks like a path, is one.
      if (ref === 'file' || /^\.{1,2}[\\/]/.test(value) || isAbsolute(value) || existsSync(full))
        setRef(node.config, { path: field, value }, full)
    }
  }
  return document
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new BotloomError('graph-not-document')
  }
}

/** `BLOCK.FIELD=VALUE`; the value is JSON where it is that, else text; an empty one gives the field its default back. */
function applySet(document: GraphDocument, set: string, registry: NodeRegistry): void {
  const match = /^([^.=]+)\.([^=]+)=(.*)$/s.exec(set)
  if (!match) throw new BotloomError('cli-bad-set', { set })
  const [, block = '', field = '', value = ''] = match
  const node = Object.hasOwn(document.nodes, block) ? document.nodes[block] : undefined
  if (!node) throw new BotloomError('cli-unknown-block', { block, known: Object.keys(document.nodes).join(', ') })
  const shape: Record<string, unknown> = registry.nodes[node.type]?.config.shape ?? {}
  if (!Object.hasOwn(shape, field))
    throw new BotloomError('cli-unknown-field', { block, field, known: Object.keys(shape).join(', ') })
  if (value === '') delete node.config[field]
  else node.config[field] = parseValue(registry, node.type, node.config, field, value)
}

/** `seed=1` is a number where the field takes one and a text where it takes that. */
function parseValue(
  registry: NodeRegistry,
  type: string,
  config: Record<string, unknown>,
  field: string,
  value: string,
): unknown {
  let json: unknown
  try {
    json = JSON.parse(value)
  } catch {
    return value
  }
  const schema = registry.nodes[type]?.config
  return schema?.safeParse({ ...config, [field]: json }).success ||
    !schema?.safeParse({ ...config, [field]: value }).success
    ? json
    : value
}

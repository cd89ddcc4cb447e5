import { BotloomError } from '#kit'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { fieldRefs, setRef } from '#runtime/graph/field-refs.ts'
import type { NodeRegistry } from '#runtime/graph/registry.ts'
import type { FileStore } from '#server/data/file-store.ts'
import type { SetStore } from '#server/data/set-store.ts'
import { newId } from '#server/new-id.ts'
import { type BotFile, botFileFormat } from './bot-file.ts'
import type { RemoveBot } from './bot-removal.ts'
import type { BotRow, BotStore } from './bot-store.ts'
import { checkIds } from './check-ids.ts'
import { checkRefs } from './check-refs.ts'
import type { DraftStore } from './draft-store.ts'

/** Bots out of this installation as one file, and into it. */
export function createBotCarrier(deps: {
  registry: NodeRegistry
  bots: BotStore
  drafts: DraftStore
  sets: SetStore
  files: FileStore
  removeBot: RemoveBot
}) {
  const { registry, bots, drafts, sets, files, removeBot } = deps

  return {
    /** The draft with all its records; no models, versions, conversations or settings of this installation. */
    async toFile(workspace: string, id: string): Promise<BotFile> {
      const bot = await bots.get(workspace, id)
      const { document } = await drafts.load(workspace, id)
      const file: BotFile = {
        botloom: 'bot',
        format: botFileFormat,
        name: bot.name,
        template: bot.template,
        document,
        sets: [],
        files: [],
      }
      for (const set of await sets.list(workspace, id)) {
        const { rows, labels } = await sets.records(workspace, set.id)
        file.sets.push({
          id: set.id,
          name: set.name,
          labels,
          rows: rows.map(({ text, pair, label, language, group, outOfScope, entities, split }) => ({
            text,
            ...(pair === undefined ? {} : { pair }),
            ...(label === undefined ? {} : { label }),
            ...(language === undefined ? {} : { language }),
            ...(group === undefined ? {} : { group }),
            ...(outOfScope ? { outOfScope } : {}),
            ...(entities === undefined ? {} : { entities }),
            ...(split === 'train' ? { split } : {}),
          })),
        })
      }
      for (const upload of refsOf(document, 'file'))
        try {
          const { name, bytes } = await files.read(workspace, upload)
          file.files.push({ id: upload, name, content: bytes.toString('base64') })
        } catch (error) {
          // The block says itself that its file is gone.
          if (!(error instanceof BotloomError) || error.code !== 'file-missing') throw error
        }
      return file
    },

    /**
     * A new bot of a parsed file: everything is checked before anything is written, ids are new, and what was written is taken
     * back when a part fails. Throws `unknown-block`, `newer-block`, `path-refused`, `graph-invalid`.
     */
    async fromFile(workspace: string, file: BotFile): Promise<BotRow> {
      const id = newId('bot')
      const setIds = new Map(file.sets.map((set) => [set.id, newId('set')]))
      for (const node of Object.values(file.document.nodes)) {
        const definition = registry.nodes[node.type]
        if (!definition) throw new BotloomError('unknown-block', { type: node.type })
        if (node.version > definition.version)
          throw new BotloomError('newer-block', { type: node.type, version: node.version })
      }
      checkIds(file.document)
      const known = new Set(file.files.map((upload) => upload.id))
      const trial = withRefs({ ...file.document, id }, (ref, value) =>
        ref === 'set' ? setIds.get(value) : known.has(value) ? newId('file') : undefined,
      )
      for (const node of Object.values(trial.nodes)) checkRefs(registry, node)

      const fileIds = new Map<string, string>()
      let bot: BotRow | null = null
      try {
        for (const upload of file.files)
          fileIds.set(upload.id, await files.save(workspace, upload.name, Buffer.from(upload.content, 'base64')))
        const document = withRefs({ ...file.document, id }, (ref, value) =>
          (ref === 'set' ? setIds : fileIds).get(value),
        )
        bot = await bots.create(workspace, { id, name: file.name, template: file.template ?? undefined, document })
        for (const set of file.sets) {
          const setId = await sets.create(workspace, id, set.name, setIds.get(set.id))
          await sets.importWhole(workspace, setId, set, 'bot file')
        }
        return bot
      } catch (error) {
        if (bot) await removeBot(workspace, id)
        for (const upload of fileIds.values()) await files.remove(workspace, upload)
        throw error
      }
    },
  }

  function refsOf(document: GraphDocument, wanted: 'set' | 'file'): string[] {
    const found = Object.values(document.nodes).flatMap((node) => {
      const definition = registry.nodes[node.type]
      return definition ? fieldRefs(definition, node.config) : []
    })
    return [...new Set(found.filter(({ ref, value }) => ref === wanted && value !== '').map(({ value }) => value))]
  }

  /** Sets and uploads that blocks name, led to new ids; one that did not come along is named no more. */
  function withRefs(
    document: GraphDocument,
    newName: (ref: 'set' | 'file', value: string) => string | undefined,
  ): GraphDocument {
    const nodes: Record<string, NodeRecord> = {}
    for (const [key, node] of Object.entries(document.nodes)) {
      const config = { ...node.config }
      for (const { path, ref, value } of fieldRefs(registry.nodes[node.type]!, node.config))
        if ((ref === 'set' || ref === 'file') && value !== '')
          setRef(config, { path, value }, newName(ref, value) ?? '')
      nodes[key] = { ...node, config }
    }
    return { ...document, nodes }
  }
}

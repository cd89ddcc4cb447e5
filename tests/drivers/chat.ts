import type { CallFailed, CallRequest, CallSettled, Classification } from '#kit'
import { definitions, steps } from '#nodes/registry.gen.ts'
import { buildProgram, type DialogProgram } from '#runtime/conversation/program.ts'
import { isButtons, plainText } from '#runtime/conversation/render.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import { parseSession, type Session } from '#runtime/conversation/session.ts'
import type { Classified, Retrieved, TurnEvent, TurnResult } from '#runtime/conversation/turn.ts'
import { emptyDocument, type GraphDocument, mainDialog } from '#runtime/graph/document.ts'

type Blocks = Record<string, { type: string; config?: Record<string, unknown>; name?: string }>

/**
 * A graph from blocks and wires such as `'hello -> menu'` or `'menu/button:a -> track'` (from `out` to `in` where no port
 * is named). Configs are stored with their defaults filled, as the editor does.
 */
export function graphOf(blocks: Blocks, wires: readonly string[], part: Partial<GraphDocument> = {}): GraphDocument {
  const document = { ...emptyDocument('bot_test'), ...part }
  for (const [id, { type, config, name }] of Object.entries(blocks)) {
    const definition = definitions[type]!
    document.nodes[id] = {
      id,
      type,
      version: definition.version,
      dialog: mainDialog,
      config: definition.config.parse(config ?? {}) as Record<string, unknown>,
      ...(name ? { name } : {}),
    }
  }
  for (const [index, wire] of wires.entries()) {
    const [from, to] = wire.split(' -> ') as [string, string]
    const [node, port = 'out'] = from.split('/') as [string, string?]
    const [target, input = 'in'] = to.split('/') as [string, string?]
    const id = `e${index + 1}`
    document.edges[id] = { id, from: { node, port }, to: { node: target, port: input } }
  }
  return document
}

/** Blocks and wires of a graph as what a diff adds. */
export function additionOf({ nodes, edges }: Pick<GraphDocument, 'nodes' | 'edges'>): Record<string, unknown> {
  return Object.fromEntries([
    ...Object.entries(nodes).map(([id, node]) => [`nodes/${id}`, node]),
    ...Object.entries(edges).map(([id, edge]) => [`edges/${id}`, edge]),
  ])
}

export function programOf(document: GraphDocument): DialogProgram {
  return buildProgram(document, { nodes: definitions }, steps)
}

/** A verdict by hand for tests of dialogs: label ids with their probabilities, highest first; at home unless said otherwise. */
export function verdict(labels: Record<string, number>, threshold = 0.5, outOfScope = 0.1): Classified {
  const sorted = Object.entries(labels).sort(([, a], [, b]) => b - a)
  const result: Classification = {
    labels: sorted.map(([label, probability]) => ({ label, name: label.replace(/^lbl_/, ''), probability })),
    outOfScope,
    neighbours: [],
    ms: 0,
  }
  return { result, threshold }
}

export interface ChatOptions {
  classify?: (text: string, block: string) => Classified | Promise<Classified>
  retrieve?: (text: string, block: string) => Retrieved | Promise<Retrieved>
  now?: string
  seed?: string
}

/** A conversation with a dialog, in memory, over the same turn loop as the server's. Sessions pass through JSON each turn. */
export class ChatDriver {
  session: Session | null = null
  last: TurnResult | null = null
  readonly program: DialogProgram
  private readonly options: ChatOptions
  private readonly requests: { id: number; request: CallRequest }[] = []
  private count = 0

  constructor(document: GraphDocument, options: ChatOptions = {}) {
    this.program = programOf(document)
    this.options = options
  }

  private get now(): string {
    return this.options.now ?? '2026-11-24T04:00:00Z'
  }

  start(language?: string): Promise<string[]> {
    return this.turn({ type: 'conversation.started', ...(language ? { language } : {}) })
  }

  says(text: string, language?: string): Promise<string[]> {
    return this.turn({ type: 'user.message', id: `m${++this.count}`, text, ...(language ? { language } : {}) })
  }

  /** Clicks the button with these words, the latest one shown. */
  clicks(words: string): Promise<string[]> {
    for (const { block, options } of this.session?.offered ?? []) {
      const option = options.find(({ text }) => text === words)
      if (option)
        return this.turn({
          type: 'user.message',
          id: `m${++this.count}`,
          text: '',
          choice: { block, value: option.value },
        })
    }
    throw new Error(`no button "${words}" was shown`)
  }

  /** Sends a file of this name without a word. */
  sends(name: string): Promise<string[]> {
    const id = `m${++this.count}`
    const files = [{ id: `vfl_${id}`, name, type: 'application/pdf', bytes: 1 }]
    return this.turn({ type: 'user.message', id, text: '', files })
  }

  /** Clicks a button that may never have been shown. */
  forges(choice: { block: string; value: string }): Promise<string[]> {
    return this.turn({ type: 'user.message', id: `m${++this.count}`, text: '', choice })
  }

  /** Minutes until the bot goes on by itself; null where it does not. */
  get minutes(): number | null {
    const at = this.last?.wake?.at
    return at === undefined ? null : (Date.parse(at) - Date.parse(this.now)) / 60_000
  }

  /** Another server answers what the bot asked it. */
  answers(status: number, picked: Record<string, unknown> = {}): Promise<string[]> {
    return this.settles({ type: 'call.settled', status, picked })
  }

  /** What the bot asked another server comes to nothing. */
  fails(code: string): Promise<string[]> {
    return this.settles({ type: 'call.failed', code })
  }

  /** The request that the bot waits for. */
  request(): CallRequest {
    const { calling } = this.session!
    const found = this.requests.findLast(({ id }) => id === calling?.id)
    if (!found) throw new Error('the bot asks no other server')
    return found.request
  }

  /** Nothing is said for as long as the last turn named. */
  waits(): Promise<string[]> {
    return this.turn({ type: 'time.passed' })
  }

  /** Ids of the blocks that the last turn went through. */
  path(): string[] {
    return this.last?.trace.path.map(({ node }) => node) ?? []
  }

  /** The buttons of the last turn. */
  buttons(): string[] {
    const parts = this.last?.messages.flatMap((message) => message.parts) ?? []
    return parts.filter(isButtons).flatMap((part) => part.options.map(({ text }) => text))
  }

  private settles(event: CallSettled | CallFailed): Promise<string[]> {
    return this.turn({ ...event, call: this.session?.calling?.id ?? 0, ms: 5, attempts: 1 })
  }

  private async turn(event: TurnEvent): Promise<string[]> {
    const { classify, retrieve, seed = 'cnv_test' } = this.options
    const { now } = this
    this.last = await runTurn(this.session, event, {
      program: this.program,
      classify: async (block, text) => {
        if (!classify) throw new Error('this test has no model')
        return classify(text, block)
      },
      retrieve: async (block, { text }) => {
        if (!retrieve) throw new Error('this test has no knowledge')
        return retrieve(text, block)
      },
      now,
      seed,
    })
    for (const entry of this.last.outbox) if (entry.type === 'call') this.requests.push(entry)
    this.session = parseSession(JSON.parse(JSON.stringify(this.last.session)))
    return this.last.messages.map(({ parts }) => plainText(parts.filter((part) => !isButtons(part))))
  }
}

import { createInterface } from 'node:readline'
import { BotloomError, type ClassifierRef, classifierRef, type KnowledgeRef, knowledgeRef, type Part } from '#kit'
import { steps } from '#nodes/registry.gen.ts'
import { buildProgram, type DialogProgram } from '#runtime/conversation/program.ts'
import { isButtons } from '#runtime/conversation/render.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import type { Session } from '#runtime/conversation/session.ts'
import type { TurnEvent } from '#runtime/conversation/turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { learnNodes } from '#runtime/graph/topology.ts'
import { registry } from './registry.ts'
import { runToItsEnd } from './run-command.ts'
import { openWorkbench, type Workbench } from './workbench.ts'

/** Runs what is stale, then talks in the terminal: a line is a message, a number presses a button. Ends with the conversation, or by Ctrl+D. */
export async function chatCommand(path: string, document: GraphDocument, options: { data?: string }): Promise<void> {
  const hasModel = learnNodes(document, registry).length > 0
  const program = buildProgram(document, registry, steps)
  const bench = await openWorkbench(path, document, options.data)
  try {
    if (hasModel) await runToItsEnd(bench, document)
    await talk(bench, program, hasModel ? await candidatesOf(bench, document) : { model: null, knowledge: null })
  } finally {
    await bench.close()
  }
}

interface Candidates {
  model: ClassifierRef | null
  knowledge: KnowledgeRef | null
}

async function candidatesOf(bench: Workbench, document: GraphDocument): Promise<Candidates> {
  const found: Candidates = { model: null, knowledge: null }
  for (const state of await bench.runs.states(bench.workspace, bench.bot, document))
    for (const value of Object.values(state.outputs ?? {})) {
      found.model ??= classifierRef.safeParse(value).data ?? null
      found.knowledge ??= knowledgeRef.safeParse(value).data ?? null
    }
  return found
}

async function talk(bench: Workbench, program: DialogProgram, { model, knowledge }: Candidates): Promise<void> {
  let session: Session | null = null
  let buttons: Buttons = []
  let count = 0
  const seed = crypto.randomUUID()
  /** True while the bot listens: not when it has said goodbye, nor when it has given the conversation to a person. */
  const turn = async (event: TurnEvent): Promise<boolean> => {
    const result = await runTurn(session, event, {
      program,
      now: new Date().toISOString(),
      seed,
      async classify(_, text) {
        if (!model) throw new Error('this graph has no model')
        const [answer] = await bench.classifier.classify(model, [text])
        if (!answer) throw new Error('the model gave no answer')
        return { result: answer, threshold: model.threshold }
      },
      async retrieve(block, question) {
        if (!knowledge) throw new BotloomError('knowledge-missing', { block: program.blocks[block]?.name ?? block })
        return { result: await bench.classifier.retrieve(knowledge, question), floor: knowledge.floor }
      },
    })
    session = result.session
    for (const message of result.messages) console.log(`bot> ${message.text.replaceAll('\n', '\n     ')}`)
    buttons = result.messages.map(({ parts }) => buttonsOf(parts)).findLast((shown) => shown.length > 0) ?? []
    return session.status === 'active'
  }
  if (!(await turn({ type: 'conversation.started' }))) return
  const lines = createInterface({ input: process.stdin, output: process.stdout, prompt: 'you> ' })
  process.stdout.once('error', () => lines.close())
  lines.prompt()
  for await (const line of lines) {
    const text = line.trim()
    // A message's text numbers its buttons. Only those just shown are pressed by a number: later it may be an answer.
    const option = /^\d{1,2}$/.test(text) ? buttons[Number(text) - 1] : undefined
    const event: TurnEvent = {
      type: 'user.message',
      id: `m${++count}`,
      text: option ? '' : text,
      ...(option ? { choice: { block: option.block, value: option.value } } : {}),
    }
    if (text !== '' && !(await turn(event))) break
    lines.prompt()
  }
  lines.close()
}

type Buttons = { block: string; value: string }[]

function buttonsOf(parts: readonly Part[]): Buttons {
  return parts.filter(isButtons).flatMap(({ block, options }) => options.map(({ value }) => ({ block, value })))
}

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { type Classification, type Facts, localText, pickText } from '#kit'
import { placeholdersOf } from '#kit/text-checks.ts'
import { definitions, steps } from '#nodes/registry.gen.ts'
import { compileDialog } from '#runtime/compiler/compile-dialog.ts'
import { compilePipeline } from '#runtime/compiler/compile-pipeline.ts'
import { buildProgram } from '#runtime/conversation/program.ts'
import { runTurn } from '#runtime/conversation/run-turn.ts'
import type { Session } from '#runtime/conversation/session.ts'
import type { TurnEvent } from '#runtime/conversation/turn.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { createGraphView } from '#runtime/graph/graph-view.ts'
import { parseDocument } from '#runtime/graph/parse.ts'
import { valueAt } from '#runtime/graph/pointer.ts'
import { parseConfig } from '#runtime/graph/registry.ts'
import { findProblems } from '#runtime/graph/validate.ts'

const read = (path: string): string => readFileSync(new URL(`./${path}`, import.meta.url), 'utf8')
const lines = <T>(path: string): T[] =>
  read(path)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as T)

interface Row {
  text: string
  intent?: string
  language: 'zh-CN' | 'en'
}
type Text = Record<string, string>
interface Manifest {
  licence: string
  sets: { id: string }[]
  parameters: { id: string; type: string; title: Text; default: unknown; options?: { value: string; title: Text }[] }[]
}
/** One conversation that must go well. `intent` is what the model says of the words, null for out of scope. */
interface Transcript {
  name: string
  language: string
  now?: string
  parameters?: Record<string, string | Text>
  ends?: 'done' | 'handoff'
  turns: {
    open?: true
    user?: string
    intent?: string | null
    choose?: { block: string; option: string }
    expect: { block: string; textIncludes?: string }[]
  }[]
}

const intents = lines<Row>('data/intents.jsonl')
const outOfScope = lines<Row>('data/out-of-scope.jsonl')
const labels = JSON.parse(read('data/labels.json')) as Record<string, { name: Text; guide: Text }>
const manifest = JSON.parse(read('manifest.json')) as Manifest
const graph = parseDocument(JSON.parse(read('graph.json')))
const languages = ['zh-CN', 'en'] as const
const facts: Facts = {
  rows: { questions: intents.length },
  labels: {
    questions: Object.entries(labels).map(([id, { name }]) => ({
      id: `lbl_${id}`,
      name: pickText(name, 'zh-CN'),
      rows: intents.filter((row) => row.intent === id).length,
      trained: true,
    })),
  },
}
const ofFamily = (family: string) =>
  Object.values(graph.nodes).filter(({ type }) => definitions[type]?.family === family)

describe('the sample shop teaches', () => {
  test('at least 24 intents with at least 30 utterances in each language', () => {
    expect(Object.keys(labels).length).toBeGreaterThanOrEqual(24)
    for (const id of Object.keys(labels))
      for (const language of languages) {
        const rows = intents.filter((row) => row.intent === id && row.language === language)
        expect(rows.length, `${id} ${language}`).toBeGreaterThanOrEqual(30)
      }
  })

  test('at least 60 texts that are out of scope, in both languages', () => {
    expect(outOfScope.length).toBeGreaterThanOrEqual(60)
    for (const language of languages)
      expect(outOfScope.filter((row) => row.language === language).length).toBeGreaterThanOrEqual(40)
  })

  test('no text twice, whatever its case and punctuation', () => {
    const seen = new Map<string, string>()
    for (const { text, intent } of [...intents, ...outOfScope]) {
      const bare = text.toLowerCase().replace(/[\p{P}\p{S}\s]/gu, '') || text
      expect(seen.get(bare), text).toBeUndefined()
      seen.set(bare, intent ?? 'out of scope')
    }
  })

  test('only labels that have a name and a guide in both languages', () => {
    for (const { intent, text } of intents) expect(Object.keys(labels), text).toContain(intent)
    for (const { name, guide } of Object.values(labels))
      for (const language of languages) expect(name[language] && guide[language]).toBeTruthy()
  })

  test('nothing about gift wrapping, which the first five minutes add', () => {
    for (const { text } of [...intents, ...outOfScope]) expect(text).not.toMatch(/礼品|礼物|包装纸|\bgift|wrap/i)
  })
})

describe('the sample shop as a graph', () => {
  test('has no problem that the canvas would show, neither error nor warning', () => {
    expect(findProblems(createGraphView(graph, { nodes: definitions }, facts))).toEqual([])
  })

  test('compiles: six blocks of the Learn half to run, and each dialog block to talk', () => {
    expect(Object.keys(compilePipeline(graph, { nodes: definitions }).context.blocks)).toHaveLength(6)
    expect(Object.keys(compileDialog(graph, { nodes: definitions }).states)).toHaveLength(ofFamily('dialog').length)
  })

  test('has at least 25 dialog blocks and uses each kind of block that hardly a bot does without', () => {
    expect(ofFamily('dialog').length).toBeGreaterThanOrEqual(25)
    const used = new Set(Object.values(graph.nodes).map(({ type }) => type))
    for (const type of ['start', 'say', 'ask', 'intent', 'condition', 'set', 'hand-over', 'end'])
      expect(used).toContain(type)
    for (const type of ['data-source', 'preprocess', 'split', 'fine-tune', 'evaluate', 'deploy'])
      expect(used).toContain(type)
  })

  test('reads a set that the manifest brings', () => {
    const source = Object.values(graph.nodes).find(({ type }) => type === 'data-source')
    expect(manifest.sets.map(({ id }) => id)).toContain(source?.config['set'])
  })

  test('sends whoever wants a person to the telephone and promises no answer in the chat, where nobody can give one yet', () => {
    for (const { id, config } of Object.values(graph.nodes).filter(({ type }) => type === 'hand-over')) {
      const message = localText.parse(config.message)
      for (const language of languages) {
        expect(message[language], id).toContain('{{phone}}')
        expect(message[language], id).not.toMatch(
          /在这里(告诉|回复?您)|(answer|tell you|confirm|write to you) here|on the way\b/,
        )
      }
    }
  })

  test('stores each config with its defaults filled, those of the version that it was stored by', () => {
    for (const node of Object.values(graph.nodes)) {
      const whole = parseConfig({ nodes: definitions }, node)
      if (node.version === definitions[node.type]?.version) expect(whole, node.id).toEqual(node.config)
      // What came later is added when it is read; all that is stored stays as it is.
      else expect(whole, node.id).toMatchObject(node.config)
    }
  })

  test('fills only placeholders that a variable or a parameter declares', () => {
    const names = [...Object.values(graph.variables), ...Object.values(graph.parameters)].map(({ name }) => name)
    for (const { id, config } of Object.values(graph.nodes))
      for (const name of placeholdersOf(JSON.stringify(config))) expect(names, id).toContain(name)
  })

  test('carries the parameters of the manifest with their defaults, titled in both languages', () => {
    expect(manifest.licence).toBe('CC0-1.0')
    for (const { id, type, title, default: value } of manifest.parameters) {
      expect(graph.parameters[id]).toMatchObject({ id, name: id, type, title, value })
      for (const language of languages) expect(title[language]).toBeTruthy()
    }
    expect(Object.keys(graph.parameters).sort()).toEqual(manifest.parameters.map(({ id }) => id).sort())
  })

  test('lies apart: no block covers another, and Learn is above Talk', () => {
    const places = Object.values(graph.nodes).map(({ id, type }) => {
      const at = graph.view.positions[id]
      if (!at) throw new Error(`${id} has no place`)
      // As the canvas draws it: a head of 56, and a line of 24 for each port where there are several; 7 lines of many.
      const wires = Object.values(graph.edges).filter(({ from }) => from.node === id)
      const ports = Math.min(7, new Set(wires.map(({ from }) => from.port)).size)
      return { id, ...at, height: 56 + (ports > 1 || type === 'intent' ? 24 * ports : 0) }
    })
    for (const [index, a] of places.entries())
      for (const b of places.slice(index + 1)) {
        const apart = Math.abs(a.x - b.x) >= 260 || a.y + a.height <= b.y || b.y + b.height <= a.y
        expect(apart, `${a.id} and ${b.id}`).toBe(true)
      }
    const y = (family: string) => ofFamily(family).map(({ id }) => graph.view.positions[id]?.y ?? 0)
    expect(Math.max(...y('pipeline'))).toBeLessThan(Math.min(...y('dialog')))
  })

  test('has an English word for each name that is written in Chinese', () => {
    const english = JSON.parse(read('translations/en.json')) as Record<string, string>
    for (const pointer of Object.keys(english)) expect(typeof valueAt(graph, pointer), pointer).toBe('string')
    for (const id of Object.keys(graph.nodes)) expect(english[`/nodes/${id}/name`], id).toBeTruthy()
    for (const id of Object.keys(graph.view.groups)) expect(english[`/view/groups/${id}/name`], id).toBeTruthy()
  })
})

describe('the sample shop talks', () => {
  const files = readdirSync(new URL('./tests/', import.meta.url))
  test('at least eight conversations, in both languages', () => {
    expect(files.length).toBeGreaterThanOrEqual(8)
  })
  for (const file of files) {
    const transcript = JSON.parse(read(`tests/${file}`)) as Transcript
    test(transcript.name, () => play(transcript))
  }
})

/** Plays one transcript through the engine; the model's word is the one that the transcript gives. */
async function play({ language, now, parameters = {}, turns, ends }: Transcript): Promise<void> {
  const program = buildProgram(withParameters(graph, parameters), { nodes: definitions }, steps)
  let session: Session | null = null
  for (const [index, turn] of turns.entries()) {
    const event: TurnEvent = turn.open
      ? { type: 'conversation.started', language }
      : {
          type: 'user.message',
          id: `m${index}`,
          text: turn.user ?? '',
          ...(turn.choose ? { choice: { block: turn.choose.block, value: turn.choose.option } } : {}),
        }
    const classify = async () => {
      expect(turn.intent, `nothing in "${turn.user}" is for the model`).toBeDefined()
      return { result: verdict(turn.intent ?? null), threshold: 0.5 }
    }
    const result = await runTurn(session, event, {
      program,
      classify,
      retrieve: () => Promise.reject(new Error('no knowledge')),
      now: now ?? '2025-04-20T10:00:00+08:00',
      seed: 'x',
    })
    session = result.session
    const passed = result.trace.path.map(({ node }) => node)
    const said = result.messages.map(({ text }) => text).join('\n')
    const where = `turn ${index + 1} passed ${passed.join(' → ')} and said: ${said}`
    // In this order; other blocks may lie between.
    let at = -1
    for (const { block } of turn.expect) {
      at = passed.indexOf(block, at + 1)
      expect(at, `${block} in ${where}`).toBeGreaterThanOrEqual(0)
    }
    for (const { textIncludes } of turn.expect) expect(said, where).toContain(textIncludes ?? '')
    expect(said, where).not.toContain('{{')
    for (const message of result.messages) expect(message.language, where).toBe(language)
  }
  const status = ends === 'done' ? 'ended' : ends === 'handoff' ? 'handoff' : 'active'
  expect(session?.status).toBe(status)
}

function verdict(intent: string | null): Classification {
  const others = Object.keys(labels).filter((id) => id !== intent)
  const share = (intent === null ? 1 : 0.05) / others.length
  const ranked = others.map((id) => ({ label: `lbl_${id}`, name: id, probability: share }))
  if (intent !== null) ranked.unshift({ label: `lbl_${intent}`, name: intent, probability: 0.95 })
  return { labels: ranked, outOfScope: intent === null ? 0.9 : 0.05, neighbours: [], ms: 0 }
}

function withParameters(document: GraphDocument, values: Record<string, string | Text>): GraphDocument {
  const changed = { ...document.parameters }
  for (const [id, value] of Object.entries(values)) {
    const known = changed[id]
    if (!known) throw new Error(`no parameter ${id}`)
    changed[id] = { ...known, value }
  }
  return { ...document, parameters: changed }
}

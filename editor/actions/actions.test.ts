import { readFileSync } from 'node:fs'
import { beforeEach, describe, expect, test } from 'vitest'
import type { Draft } from '#editor/document/draft.ts'
import { connect } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { select, selectItems, selection } from '#editor/document/selection.ts'
import { emptyDocument } from '#runtime/graph/document.ts'
import { openOfflineDraft } from '../../tests/drivers/offline-draft.ts'
import type { Studio } from './action.ts'
import { actions } from './actions.ts'
import { actionOf, isShortcut, shortcutText } from './shortcuts.ts'

const facts = { labels: {}, rows: {} }
let draft: Draft
let studio: Studio
let said: string[]
let clipboard: string

beforeEach(async () => {
  const document = emptyDocument('bot_actions')
  for (const [id, type] of Object.entries({ start: 'start', hello: 'say', bye: 'end' })) {
    const definition = registry.nodes[type]!
    document.nodes[id] = {
      id,
      type,
      version: definition.version,
      dialog: 'main',
      config: { ...definition.config.parse({}) },
    }
    document.view.positions[id] = { x: 0, y: 0 }
  }
  connect(document, facts, { node: 'start', port: 'out' }, { node: 'hello', port: 'in' })
  connect(document, facts, { node: 'hello', port: 'out' }, { node: 'bye', port: 'in' })
  draft = await openOfflineDraft(document, facts)
  select([])
  said = []
  clipboard = ''
  const nothing = () => {}
  studio = {
    draft,
    selection,
    select,
    selectItems,
    clipboard: {
      write: async (text) => {
        clipboard = text
      },
      read: async () => clipboard,
    },
    canvas: {
      announce: (text) => said.push(text),
      word: (key) => key,
      closeOverlays: () => false,
      openQuickAdd: nothing,
      openConnectList: (from) => said.push(`${from.node}.${from.port}`),
      openCommands: nothing,
      flyTo: async () => {},
      focusItem: nothing,
      editItem: (item) => said.push(`edit ${item}`),
      openSearch: nothing,
      reveal: nothing,
      fitCanvas: nothing,
      zoomIn: nothing,
      zoomOut: nothing,
      zoomToWhole: nothing,
      placeForNew: () => ({ at: { x: 400, y: 400 }, screen: { x: 0, y: 0 } }),
      sizeOf: () => ({ width: 256, height: 100 }),
      focusInspector: nothing,
    },
  }
  return () => draft.close()
})

async function perform(name: string) {
  const action = actions.find((one) => one.name === name)
  if (!action) throw new Error(`no action ${name}`)
  expect(action.when(studio), `${name} can be done`).toBe(true)
  await action.perform(studio)
}
const nodes = () => Object.keys(draft.getState().document.nodes)

describe('the list of actions', () => {
  test('each has words in both languages, a name of its own and keys that no other has', () => {
    for (const locale of ['zh-CN', 'en']) {
      const words = JSON.parse(readFileSync(new URL(`../locales/${locale}/canvas.json`, import.meta.url), 'utf8'))
      for (const action of actions)
        if (!action.keyOnly) expect(words, `${locale} lacks ${action.name}`).toHaveProperty([`action.${action.name}`])
    }
    expect(new Set(actions.map(({ name }) => name)).size).toBe(actions.length)
    const keys = actions.flatMap(({ shortcuts }) => shortcuts)
    expect(new Set(keys).size).toBe(keys.length)
  })

  test('nothing can be done while no draft is open', () => {
    draft.close()
    select(['hello'])
    for (const action of actions) expect(action.when(studio), action.name).toBe(false)
  })
})

describe('keys', () => {
  const stroke = (key: string, held: Partial<Record<'ctrlKey' | 'metaKey' | 'shiftKey' | 'altKey', boolean>> = {}) => ({
    key,
    ctrlKey: false,
    metaKey: false,
    shiftKey: false,
    altKey: false,
    ...held,
  })

  test('Control on a PC and Command on a Mac undo; the other one does not', () => {
    expect(isShortcut(stroke('z', { ctrlKey: true }), 'Mod+Z', false)).toBe(true)
    expect(isShortcut(stroke('z', { metaKey: true }), 'Mod+Z', true)).toBe(true)
    expect(isShortcut(stroke('z', { ctrlKey: true }), 'Mod+Z', true)).toBe(false)
    expect(actionOf(actions, stroke('Z', { ctrlKey: true, shiftKey: true }), false)?.name).toBe('redo')
    expect(actionOf(actions, stroke('y', { ctrlKey: true }), false)?.name).toBe('redo')
  })

  test('arrows nudge, with Shift further; Shift+Tab walks back', () => {
    expect(actionOf(actions, stroke('ArrowLeft'), false)?.name).toBe('nudge-left')
    expect(actionOf(actions, stroke('ArrowLeft', { shiftKey: true }), false)?.name).toBe('nudge-left-far')
    expect(actionOf(actions, stroke('Tab', { shiftKey: true }), false)?.name).toBe('previous-block')
  })

  test('shortcuts are written as people write them', () => {
    expect(shortcutText('Mod+Shift+Z', false)).toBe('Ctrl+Shift+Z')
    expect(shortcutText('Mod+Shift+Z', true)).toBe('⇧⌘Z')
  })
})

describe('what they do', () => {
  test('Delete heals the wire and Undo brings the block back with its own', async () => {
    const before = draft.getState().document
    select(['hello'])
    await perform('delete')
    expect(nodes()).toEqual(['start', 'bye'])
    expect(Object.values(draft.getState().document.edges).map(({ from, to }) => `${from.node} ${to.node}`)).toEqual([
      'start bye',
    ])
    await perform('undo')
    expect(draft.getState().document).toEqual(before)
    await perform('redo')
    expect(nodes()).toEqual(['start', 'bye'])
  })

  test('copies paste under the pointer and are picked', async () => {
    select(['hello', 'bye'])
    await perform('copy')
    await perform('paste')
    const fresh = selection.getState().nodes
    expect(fresh).toHaveLength(2)
    expect(draft.getState().document.view.positions[fresh[0]!]).toEqual({ x: 400, y: 400 })
  })

  test('pasting something else says so and changes nothing', async () => {
    clipboard = 'a shopping list'
    await perform('paste')
    expect(said).toEqual(['said.nothing-to-paste'])
    expect(nodes()).toHaveLength(3)
  })

  test('a burst of arrow keys is one step of the history', async () => {
    select(['hello'])
    for (let i = 0; i < 5; i++) await perform('nudge-right')
    await perform('nudge-down-far')
    expect(draft.getState().document.view.positions.hello).toEqual({ x: 20, y: 40 })
    expect(draft.getState().history.past).toHaveLength(1)
  })

  test('Tab walks the blocks in flow order and stops at the end', async () => {
    for (const expected of ['start', 'hello', 'bye']) {
      await perform('next-block')
      expect(selection.getState().nodes).toEqual([expected])
    }
    expect(actions.find(({ name }) => name === 'next-block')?.when(studio)).toBe(false)
    await perform('previous-block')
    expect(selection.getState().nodes).toEqual(['hello'])
  })

  test('C asks for a target of the way out that is still free', async () => {
    select(['hello'])
    draft.commit(
      (document) => {
        for (const edge of Object.values(document.edges)) if (edge.from.node === 'hello') delete document.edges[edge.id]
      },
      { label: 'disconnect' },
    )
    await perform('list-connectable')
    expect(said).toEqual(['hello.out'])
  })

  test('tidying up is one step that can be undone', async () => {
    const before = draft.getState().document.view.positions
    await perform('tidy')
    expect(draft.getState().document.view.positions).not.toEqual(before)
    await perform('undo')
    expect(draft.getState().document.view.positions).toEqual(before)
  })
})

test('every action has words in both languages, and no two share a key', () => {
  for (const language of ['en', 'zh-CN']) {
    const words = JSON.parse(readFileSync(new URL(`../locales/${language}/canvas.json`, import.meta.url), 'utf8'))
    for (const { name } of actions) expect(words, language).toHaveProperty([`action.${name}`])
  }
  const keys = actions.flatMap(({ shortcuts }) => shortcuts)
  expect(new Set(keys).size).toBe(keys.length)
})

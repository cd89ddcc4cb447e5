import { type BrowserContext, expect, type Locator, type Page, test } from '@playwright/test'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { makeBot } from '../drivers/placed-bot.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { signIn } from '../drivers/studio-pages.ts'

/**
 * Everything that can be done on the canvas, by mouse and by keyboard. What changes the document is undone and done
 * again, and each time the document that the server has is compared as a whole.
 */
let product: Product
let context: BrowserContext
let page: Page
let bot = ''

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000)
  product = await startPreparedProduct()
  context = await browser.newContext({
    locale: 'en',
    viewport: { width: 1600, height: 1000 },
    reducedMotion: 'reduce',
    permissions: ['clipboard-read', 'clipboard-write'],
  })
  page = await context.newPage()
  await signIn(page, product)
})
test.afterAll(async () => {
  await context?.close()
  await product?.stop()
})

/** A bot of five blocks, four of them wired in a row, with the canvas open on it. */
test.beforeEach(async () => {
  bot = await makeBot(context.request, product.url, {
    blocks: {
      // Without its phrases: one of them says "say that again".
      begin: { type: 'start', config: { repeatWords: {}, correctionWords: {} } },
      hello: { type: 'say', name: 'Hello', config: { text: { en: 'Welcome to the lighthouse' } } },
      ask: { type: 'ask', name: 'Question' },
      bye: { type: 'end', name: 'Bye' },
      spare: { type: 'say', name: 'Spare' },
    },
    wires: ['begin -> hello', 'hello -> ask', 'ask -> bye'],
    positions: {
      begin: { x: 0, y: 0 },
      hello: { x: 320, y: 0 },
      ask: { x: 640, y: 0 },
      bye: { x: 960, y: 0 },
      spare: { x: 320, y: 320 },
    },
  })
  await page.goto(`${product.url}/bots/${bot}/canvas`)
  await expect(page.locator('.react-flow__edge')).toHaveCount(3)
  await expect(handle('ask', 'in')).toBeVisible()
})

async function draft(): Promise<GraphDocument> {
  const answer = await context.request.get(`${product.url}/api/bots/${bot}/draft`)
  return ((await answer.json()) as { document: GraphDocument }).document
}

/** The document as the server has it, once it has all of it. */
async function stored(): Promise<GraphDocument> {
  await expect(page.locator('[role="status"][data-kind="saved"]')).toBeVisible()
  return draft()
}

/** Looked at often: these are many. */
const soon = (message: string) => ({ message, intervals: [100] })

/** Does something in so many steps of the history, undoes it, does it again. It stays done. */
async function undoable(what: string, perform: () => Promise<void>, steps = 1): Promise<GraphDocument> {
  return test.step(what, async () => {
    const before = await stored()
    await perform()
    await expect.poll(stored, soon(`${what}: the document changes`)).not.toEqual(before)
    const after = await stored()
    for (let i = 0; i < steps; i++) await page.keyboard.press('Control+z')
    await expect.poll(stored, soon(`${what}: undone, the document is the one before`)).toEqual(before)
    for (let i = 0; i < steps; i++) await page.keyboard.press('Control+Shift+z')
    await expect.poll(stored, soon(`${what}: done again, it is the one after`)).toEqual(after)
    return after
  })
}

/** The same, and the document is left as it was. */
async function tried(what: string, perform: () => Promise<void>, steps = 1): Promise<GraphDocument> {
  const before = await stored()
  const after = await undoable(what, perform, steps)
  for (let i = 0; i < steps; i++) await page.keyboard.press('Control+z')
  await expect.poll(stored, soon(`${what}: left as it was`)).toEqual(before)
  return after
}

const item = (id: string): Locator => page.locator(`.react-flow__node[data-id="${id}"]`)
const head = (id: string): Locator => item(id).locator('.bl-block__head')
const handle = (id: string, port: string): Locator => item(id).locator(`[data-port="${port}"]`)
const picked = (): Locator => page.locator('.react-flow__node.selected')
const frames = (): Locator => page.locator('.bl-frame')
const notes = (): Locator => page.locator('.bl-note')
const key = (keys: string) => page.keyboard.press(keys)
const wiresOf = ({ edges }: GraphDocument) =>
  Object.values(edges)
    .map(({ from, to }) => `${from.node} ${to.node}`)
    .sort()
const fresh = (after: GraphDocument) =>
  Object.keys(after.nodes).filter((id) => !['begin', 'hello', 'ask', 'bye', 'spare'].includes(id))

async function middle(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox()
  if (!box) throw new Error('not on the page')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** A point of a wire on the screen: its middle, or so far before its end. */
async function wirePoint(id: string, beforeEnd?: number): Promise<{ x: number; y: number }> {
  return page.locator(`.react-flow__edge[data-id="${id}"] .bl-wire-grip`).evaluate((element, before) => {
    const path = element as unknown as SVGPathElement
    const length = path.getTotalLength()
    const at = path.getPointAtLength(before === undefined ? length / 2 : length - before)
    const { x, y } = at.matrixTransform(path.getScreenCTM() ?? undefined)
    return { x, y }
  }, beforeEnd)
}

/** Empty ground: right below the last block of the row. */
async function ground(): Promise<{ x: number; y: number }> {
  const { x, y } = await middle(item('bye'))
  return { x, y: y + 200 }
}

/** A menu closes when the view moves below it: waits until it has come to rest. */
async function stillView(): Promise<void> {
  let before: string | null = null
  const isStill = async () => {
    const now = await page.locator('.react-flow__viewport').getAttribute('style')
    const same = now === before
    before = now
    return same
  }
  await expect.poll(isStill, { intervals: [150] }).toBe(true)
}

async function drag(from: { x: number; y: number }, to: { x: number; y: number }): Promise<void> {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2, { steps: 4 })
  await page.mouse.move(to.x, to.y, { steps: 4 })
  await page.mouse.up()
}

async function pick(...ids: string[]): Promise<void> {
  await key('Escape')
  for (const [index, id] of ids.entries())
    await head(id).click({ modifiers: index > 0 ? ['Control'] : [], position: { x: 60, y: 12 } })
  await expect(picked()).toHaveCount(ids.length)
}

/** Picks blocks with the keys alone. */
async function pickByKeys(first: string, more = 0): Promise<void> {
  await key('Control+k')
  await page.getByPlaceholder('Where to, or what to do?').fill(first)
  await key('Enter')
  await expect(picked()).toHaveCount(1)
  await expect(picked()).toBeFocused()
  for (let i = 0; i < more; i++) await key(']')
  await expect(picked()).toHaveCount(1 + more)
}

async function fromMenu(on: Locator, name: string): Promise<void> {
  await on.click({ button: 'right', position: { x: 60, y: 12 } })
  await page.getByRole('menuitem', { name: new RegExp(`^${name}`) }).click()
}

async function choose(name: string): Promise<void> {
  const field = page.getByRole('dialog').getByRole('combobox')
  await expect(field).toBeFocused()
  await field.fill(name)
  await key('Enter')
  await expect(page.getByRole('dialog')).toHaveCount(0)
}

test('blocks are added from the list, at the pointer, from a loose wire and after the picked block', async () => {
  const palette = page.getByRole('complementary', { name: 'Blocks' })
  const say = palette.getByRole('button', { name: 'Say', exact: true })
  const canvas = page.locator('.react-flow__pane')
  const box = (await canvas.boundingBox())!
  const at = await ground()

  await tried('dragged from the list', () =>
    say.dragTo(canvas, { targetPosition: { x: at.x - box.x, y: at.y - box.y } }),
  )
  await tried('clicked in the list', () => say.click())
  await tried('from the list by keys', async () => {
    await say.focus()
    await key('Enter')
  })
  await tried('by a double click', async () => {
    await page.mouse.dblclick(at.x, at.y)
    await choose('Say')
  })
  await tried('by the slash key', async () => {
    await key('/')
    await choose('Condition')
  })
  const dropped = await tried('from a wire let go of over empty ground', async () => {
    await drag(await middle(handle('spare', 'out')), at)
    await choose('Say')
  })
  expect(wiresOf(dropped)).toContain(`spare ${fresh(dropped)[0]}`)
  const next = await tried('after the picked block, by keys', async () => {
    await pickByKeys('Spare')
    await key('i')
    await choose('Say')
  })
  expect(wiresOf(next)).toContain(`spare ${fresh(next)[0]}`)
})

test('wires are drawn, led elsewhere, cut and parted by a block', async () => {
  const drawn = await tried('drawn by mouse', async () =>
    drag(await middle(handle('spare', 'out')), await middle(handle('bye', 'in'))),
  )
  expect(wiresOf(drawn)).toContain('spare bye')
  const byKeys = await tried('drawn by keys', async () => {
    await pickByKeys('Spare')
    await key('c')
    await choose('Bye')
  })
  expect(wiresOf(byKeys)).toContain('spare bye')

  const led = await tried('led elsewhere by mouse', async () => {
    await drag(await wirePoint('e1', 24), await middle(handle('spare', 'in')))
  })
  expect(wiresOf(led)).toEqual(['ask bye', 'begin spare', 'hello ask'])
  const ledByKeys = await tried('led elsewhere by keys', async () => {
    await pickByKeys('Start')
    await key('c')
    await choose('Spare')
  })
  expect(wiresOf(ledByKeys)).toEqual(['ask bye', 'begin spare', 'hello ask'])

  const parted = await tried('parted by a block that is dropped on it', async () => {
    const from = await middle(head('spare'))
    const wire = await wirePoint('e2')
    await drag(from, wire)
  })
  expect(wiresOf(parted)).toEqual(['ask bye', 'begin hello', 'hello spare', 'spare ask'])
  await tried('parted by its plus', async () => {
    const at = await wirePoint('e1')
    await page.mouse.click(at.x, at.y)
    await page.getByRole('button', { name: 'Put a block in between' }).click()
    await choose('Say')
  })
  const between = await tried('parted by keys', async () => {
    await pickByKeys('Start')
    await key('i')
    await choose('Say')
  })
  expect(wiresOf(between)).toContain(`begin ${fresh(between)[0]}`)
  expect(wiresOf(between)).toContain(`${fresh(between)[0]} hello`)

  const cut = await tried('cut by its cross', async () => {
    const at = await wirePoint('e1')
    await page.mouse.click(at.x, at.y)
    await page.getByRole('button', { name: 'Delete the wire' }).click()
  })
  expect(wiresOf(cut)).toEqual(['ask bye', 'hello ask'])
  await tried('cut by keys', async () => {
    await pickByKeys('Start')
    await key('c')
    await choose('Delete the wire')
  })
})

test('blocks are moved, renamed and deleted, and their wires heal', async () => {
  const moved = await tried('dragged', async () => {
    const from = await middle(head('spare'))
    await drag(from, { x: from.x + 80, y: from.y + 60 })
  })
  expect(moved.view.positions.spare!.x).toBeGreaterThan(320)
  const nudged = await tried('nudged by a burst of arrows', async () => {
    await pickByKeys('Spare')
    for (const arrow of ['ArrowRight', 'ArrowRight', 'Shift+ArrowDown']) await key(arrow)
  })
  expect(nudged.view.positions.spare).toEqual({ x: 328, y: 360 })
  await tried('several at once', async () => {
    await pick('hello', 'ask')
    const from = await middle(head('hello'))
    await drag(from, { x: from.x, y: from.y + 40 })
  })

  for (const [how, perform] of [
    ['by its key', () => key('Delete')],
    ['from the menu', () => fromMenu(head('hello'), 'Delete')],
  ] as const) {
    const healed = await tried(`deleted ${how}`, async () => {
      await pick('hello')
      await perform()
    })
    expect(wiresOf(healed)).toEqual(['ask bye', 'begin ask'])
  }

  const named = await tried('renamed by keys', async () => {
    await pickByKeys('Spare')
    await key('F2')
    await page.keyboard.type('Harbour')
    await key('Enter')
  })
  expect(named.nodes.spare?.name).toBe('Harbour')
  const inPanel = await tried('renamed by mouse', async () => {
    await pick('spare')
    const name = page.locator('.bl-inspector__name')
    await name.click()
    await name.fill('Pier')
  })
  expect(inPanel.nodes.spare?.name).toBe('Pier')
})

test('blocks are picked by a box or all at once, copied, cut, pasted and doubled', async () => {
  const spare = (await item('spare').boundingBox())!
  const ask = (await item('ask').boundingBox())!
  const hello = (await item('hello').boundingBox())!
  await page.keyboard.down('Shift')
  await drag({ x: hello.x - 12, y: hello.y - 24 }, { x: ask.x + ask.width + 12, y: ask.y + ask.height + 12 })
  await page.keyboard.up('Shift')
  await expect(picked()).toHaveCount(2)
  await key('Control+a')
  await expect(picked()).toHaveCount(5)

  await pickByKeys('Hello', 1)
  await key('Control+c')
  const pasted = await tried('pasted by keys', () => key('Control+v'))
  expect(fresh(pasted)).toHaveLength(2)
  expect(Object.keys(pasted.edges)).toHaveLength(4)
  const text = await page.evaluate(() => navigator.clipboard.readText())
  expect(JSON.parse(text)).toMatchObject({ botloom: 'blocks' })

  await pick('spare')
  await fromMenu(head('spare'), 'Copy')
  await key('Escape')
  await tried('pasted from the menu', async () => {
    await key('Home')
    await stillView()
    const at = await ground()
    await page.mouse.click(at.x, at.y, { button: 'right' })
    await page.getByRole('menuitem', { name: /^Paste/ }).click()
  })
  await page.evaluate((copied) => navigator.clipboard.writeText(copied), text)
  const fromText = await tried('pasted from text', () => key('Control+v'))
  expect(fresh(fromText)).toHaveLength(2)

  for (const [how, cut, double] of [
    ['by keys', () => key('Control+x'), () => key('Control+d')],
    ['from the menu', () => fromMenu(head('spare'), 'Cut'), () => fromMenu(head('spare'), 'Duplicate')],
  ] as const) {
    const gone = await tried(`cut ${how}`, async () => {
      await pick('spare')
      await cut()
    })
    expect(gone.nodes).not.toHaveProperty('spare')
    const doubled = await tried(`doubled ${how}`, async () => {
      await pick('spare')
      await double()
    })
    expect(doubled.nodes[fresh(doubled)[0]!]).toMatchObject({ type: 'say', name: 'Spare' })
  }
  expect((await item('spare').boundingBox())!.x).toBeCloseTo(spare.x, 0)
})

test('a group has a name, moves with its blocks, takes blocks in and lets them out, and leaves them when it goes', async () => {
  await tried('grouped from the menu', async () => {
    await pick('hello', 'ask')
    await fromMenu(head('ask'), 'Group')
    await key('Escape')
  })
  await undoable(
    'grouped by keys and named in place',
    async () => {
      await pickByKeys('Hello', 1)
      await key('Control+g')
      await expect(page.getByRole('textbox', { name: 'Name of the group' })).toBeFocused()
      await page.keyboard.type('Greeting')
      await key('Enter')
    },
    2,
  )
  await expect(frames().locator('.bl-frame__title')).toHaveText(['Greeting'])
  await expect(page.getByRole('group', { name: 'Group Greeting, blocks: 2' })).toBeVisible()
  const title = frames().locator('.bl-frame__title')

  const before = await stored()
  const moved = await tried('moved by its title', async () => {
    const from = await middle(title)
    await drag(from, { x: from.x, y: from.y + 80 })
  })
  const down = moved.view.positions.hello!.y
  expect(down).toBeGreaterThan(0)
  expect(moved.view.positions).toEqual({
    ...before.view.positions,
    hello: { x: 320, y: down },
    ask: { x: 640, y: down },
  })
  await tried('moved by keys', async () => {
    await frames().locator('xpath=..').focus()
    await title.click()
    await key('ArrowDown')
  })
  const renamed = await tried('renamed by a double click', async () => {
    await title.dblclick()
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('Welcome')
    await key('Enter')
  })
  expect(Object.values(renamed.view.groups)).toMatchObject([{ name: 'Welcome' }])

  const joined = await undoable('a block dragged into the frame joins it', async () => {
    const from = await middle(head('spare'))
    const to = await middle(item('hello'))
    await drag(from, { x: to.x + 60, y: to.y })
  })
  expect(Object.values(joined.view.groups)[0]?.nodes).toContain('spare')
  const left = await undoable('a block dragged out of the frame leaves it', async () => {
    const from = await middle(head('spare'))
    await drag(from, { x: from.x, y: from.y + 260 })
  })
  expect(Object.values(left.view.groups)[0]?.nodes).toEqual(['hello', 'ask'])

  const copied = await tried('a copy of a group is a group', async () => {
    await title.click()
    await key('Control+d')
  })
  expect(Object.keys(copied.view.groups)).toHaveLength(2)
  expect(fresh(copied)).toHaveLength(2)

  for (const [how, perform] of [
    ['deleted', () => key('Delete')],
    ['taken apart by keys', () => key('Control+Shift+g')],
    ['taken apart from the menu', () => fromMenu(title, 'Ungroup')],
  ] as const) {
    const alone = await tried(`a group that is ${how} leaves its blocks`, async () => {
      await title.click()
      await perform()
    })
    expect(alone.view.groups).toEqual({})
    expect(Object.keys(alone.nodes)).toHaveLength(5)
  }
})

test('a note is written, moved, resized, copied and deleted', async () => {
  const { x, y } = await middle(item('begin'))
  const at = { x, y: y + 120 }
  await tried('added from the menu', async () => {
    await page.mouse.click(at.x, at.y, { button: 'right' })
    await page.getByRole('menuitem', { name: /^Add a note/ }).click()
    await expect(page.getByRole('textbox', { name: 'Text of the note' })).toBeFocused()
    await key('Escape')
  })
  const written = await undoable(
    'added and written by keys',
    async () => {
      await page.mouse.move(at.x, at.y)
      await key('n')
      await expect(page.getByRole('textbox', { name: 'Text of the note' })).toBeFocused()
      await page.keyboard.type('Mind the tide')
      await key('Enter')
      await page.keyboard.type('at noon')
      await key('Escape')
    },
    2,
  )
  expect(Object.values(written.view.notes)).toMatchObject([{ text: 'Mind the tide\nat noon' }])
  await notes().click()
  await expect(page.getByRole('group', { name: /^Note: Mind the tide\s+at noon$/ })).toBeVisible()

  await tried('moved by mouse', async () => {
    const from = await middle(notes())
    await drag(from, { x: from.x + 20, y: from.y + 40 })
  })
  await tried('moved by keys', async () => {
    await notes().click()
    await key('ArrowLeft')
  })
  const wide = await tried('resized by mouse', async () => {
    const from = await middle(page.locator('.bl-note__grip'))
    await drag(from, { x: from.x + 60, y: from.y + 30 })
  })
  expect(Object.values(wide.view.notes)[0]!.size.width).toBeGreaterThan(224)
  const high = await tried('resized by keys', async () => {
    await notes().click()
    await key('Control+ArrowDown')
    await key('Control+ArrowDown')
  })
  expect(Object.values(high.view.notes)[0]!.size).toEqual({ width: 224, height: 168 })
  await tried('rewritten by a double click', async () => {
    await notes().dblclick()
    await page.getByRole('textbox', { name: 'Text of the note' }).fill('Mind the gap')
    await key('Escape')
  })
  const doubled = await tried('copied and pasted', async () => {
    await notes().click()
    await key('Control+c')
    await key('Control+v')
  })
  expect(Object.values(doubled.view.notes).map(({ text }) => text)).toEqual(Array(2).fill('Mind the tide\nat noon'))
  const none = await tried('deleted', async () => {
    await notes().click()
    await key('Delete')
  })
  expect(none.view.notes).toEqual({})
})

test('what is picked is lined up and spaced out, and all is tidied up', async () => {
  const bar = page.getByRole('toolbar', { name: 'Arrange the selection' })
  for (const [name, keys, check] of [
    ['Align left edges', 'Alt+a', (d: GraphDocument) => [d.view.positions.hello!.x, d.view.positions.spare!.x]],
    ['Align right edges', 'Alt+d', (d: GraphDocument) => [d.view.positions.hello!.x, d.view.positions.spare!.x]],
    ['Align upper edges', 'Alt+w', (d: GraphDocument) => [d.view.positions.hello!.y, d.view.positions.spare!.y]],
  ] as const) {
    const all = async () => {
      await pick('spare', 'hello', 'bye')
      await expect(bar).toBeVisible()
    }
    const byMouse = await tried(`${name}, by mouse`, async () => {
      await all()
      await bar.getByRole('button', { name }).click()
    })
    const byKeys = await tried(`${name}, by keys`, async () => {
      await all()
      await key(keys)
    })
    expect(byKeys).toEqual(byMouse)
    const [a, b] = check(byKeys)
    expect(a).toBe(b)
  }
  for (const [name, keys] of [
    ['Align centres', 'Alt+h'],
    ['Align middles', 'Alt+v'],
    ['Align lower edges', 'Alt+s'],
    ['Same gaps one below the other', 'Alt+Shift+v'],
    ['Same gaps side by side', 'Alt+Shift+h'],
  ] as const)
    await tried(`${name}, by keys`, async () => {
      await pick('begin', 'spare', 'bye')
      await key(keys)
    })

  const byKeys = await tried('tidied up by keys', () => key('Shift+T'))
  const byMouse = await tried('tidied up by its button', () => page.getByRole('button', { name: 'Tidy up' }).click())
  expect(byMouse).toEqual(byKeys)
})

test('a search finds texts, lights their blocks and goes there', async () => {
  const before = await stored()
  await key('Control+f')
  const search = page.getByRole('search', { name: 'Search this bot' })
  const field = search.getByRole('combobox')
  await expect(field).toBeFocused()
  await field.fill('lighthouse')
  await expect(search.getByRole('status')).toHaveText('1 found')
  await expect(search.getByRole('option')).toContainText('Welcome to the lighthouse')
  await expect(item('hello').locator('[data-found="at"]')).toBeVisible()
  await expect(page.locator('[data-found]')).toHaveCount(1)
  await key('Enter')
  await expect(picked()).toHaveAttribute('data-id', 'hello')
  await expect(page.locator('.bl-inspector :focus'), 'the field that has the words').toHaveCount(1)

  await key('Control+f')
  await field.fill('say')
  await expect(search.getByRole('option')).toHaveCount(3)
  await key('ArrowDown')
  await expect(item('spare').locator('[data-found="at"]')).toBeVisible()
  await search.getByRole('option').first().click()
  await expect(picked()).toHaveAttribute('data-id', 'hello')
  await field.focus()
  await key('Escape')
  await expect(search).toHaveCount(0)
  await expect(page.locator('[data-found]')).toHaveCount(0)
  expect(await stored(), 'looking changes nothing').toEqual(before)
})

test('the view is zoomed, fitted and led about', async () => {
  const before = await stored()
  const view = () => page.locator('.react-flow__viewport').evaluate((one) => (one as HTMLElement).style.transform)
  const changes = async (what: string, perform: () => Promise<unknown>) => {
    const was = await view()
    await perform()
    await expect.poll(view, what).not.toBe(was)
  }
  await changes('zoomed in by keys', () => key('Control+='))
  await changes('zoomed out by keys', () => key('Control+-'))
  await changes('to 100 % by keys', () => key('Control+0'))
  await expect.poll(view).toContain('scale(1)')
  await changes('everything by keys', () => key('Home'))
  await changes('zoomed in by its button', () => page.getByRole('button', { name: 'Zoom in' }).click())
  await changes('zoomed out by its button', () => page.getByRole('button', { name: 'Zoom out' }).click())
  await changes('to 100 % by its button', () => page.getByRole('button', { name: /^\d+%$/ }).click())
  await changes('everything by its button', () => page.getByRole('button', { name: 'Show everything' }).click())
  await pickByKeys('Bye')
  await changes('the selection by keys', () => key('Shift+2'))
  await changes('led about in the overview', async () => {
    const at = await middle(page.locator('.react-flow__minimap'))
    await drag(at, { x: at.x - 40, y: at.y + 10 })
  })
  await changes('led about by the wheel', async () => {
    const at = await ground()
    await page.mouse.move(at.x, at.y)
    await page.mouse.wheel(0, 120)
  })
  expect(await stored(), 'looking changes nothing').toEqual(before)
})

test('a dialog of its own has a canvas of its own: made, filled, linked to, left and undone', async () => {
  const add = async (search: string) => {
    await page.mouse.move(...point(await ground()))
    await key('/')
    await choose(search)
  }
  const added = await undoable('a block that goes through another dialog', () => add('Sub-dialog'))
  const [call] = fresh(added)
  await pick(call!)
  const made = await undoable('a new dialog with its start', async () => {
    await page.getByLabel('Dialog', { exact: true }).selectOption({ label: '+ New dialog' })
  })
  const dialog = String(made.nodes[call!]!.config.dialog)
  expect(made.dialogs[dialog]?.name).toBe('Dialog 1')
  const bar = page.getByRole('navigation', { name: 'Dialogs of this bot' })
  await expect(bar).toContainText('Main dialog')

  await page.getByRole('button', { name: 'Open its canvas' }).click()
  await expect(bar).toContainText('Dialog 1')
  await expect(page).toHaveURL(new RegExp(`dialog=${dialog}`))
  await expect(page.locator('.bl-block')).toHaveCount(1)
  await page.reload()
  await expect(bar).toContainText('Dialog 1')
  await expect(page.locator('.bl-block')).toHaveCount(1)

  await page.mouse.move(800, 700)
  await key('/')
  await choose('Say')
  const filled = await stored()
  const inside = Object.values(filled.nodes).filter((node) => node.dialog === dialog)
  expect(inside.map(({ type }) => type).sort()).toEqual(['say', 'start'])

  await page.getByRole('button', { name: 'Main dialog' }).click()
  await expect(page.locator('.bl-block')).toHaveCount(6)
  await item(call!).dblclick({ position: { x: 60, y: 12 } })
  await expect(page.locator('.bl-block')).toHaveCount(2)
  await undoable('the dialog is deleted with what is in it', async () => {
    await bar.getByRole('button', { name: 'All dialogs' }).click()
    await page.getByRole('menuitem', { name: 'Delete this dialog' }).click()
  })
  await expect(bar).toHaveCount(0)
  await expect(page.locator('.bl-block')).toHaveCount(6)
})

test('a jump is told where to go by keys, shows its block and says when that is gone', async () => {
  await page.mouse.move(...point(await ground()))
  await key('/')
  await choose('Jump')
  const [jump] = fresh(await stored())
  await pick(jump!)
  const target = page.getByRole('button', { name: /^Go on at:/ })
  const led = await undoable('a block is chosen by its name', async () => {
    await target.focus()
    await key('Enter')
    await page.keyboard.type('ques')
    await key('Enter')
  })
  expect(led.nodes[jump!]?.config.target).toBe('ask')
  await expect(target).toBeFocused()
  await expect(target).toHaveText('Question · Main dialog')
  await expect(item(jump!).locator('.bl-block__summary')).toHaveText('Goes on at Question')

  await key('Enter')
  await key('Escape')
  await expect(target).toBeFocused()
  await page.getByRole('button', { name: 'Show it on the canvas' }).click()
  await expect(item('ask')).toBeFocused()

  await pick('ask')
  await key('Delete')
  await pick(jump!)
  await expect(target).toHaveText('It was deleted')
  await expect(page.locator('.bl-inspector')).toContainText('The chosen block is gone')
})

const point = ({ x, y }: { x: number; y: number }): [number, number] => [x, y]

import type { Page } from '@playwright/test'
import type { BenchLine } from '../bench.ts'
import { openStudio } from './open.ts'

/** An hour of somebody who does something every three seconds. */
const actions = 1_200
/** What is loaded by the first of each kind counts as the beginning. */
const warmUp = 100

const palette = (page: Page) => page.getByRole('combobox', { name: 'Where to, or what to do?' })

/** Goes to the block that is worked on, wherever the view is. */
async function select(page: Page): Promise<void> {
  await page.keyboard.press('Control+k')
  await palette(page).fill('Friendly hello')
  await page.keyboard.press('Enter')
  await page.locator('.bl-inspector textarea').first().waitFor()
}

/** What a person does over and over; each leaves the page ready for the next. */
const doings: ((page: Page, turn: number) => Promise<void>)[] = [
  async (page, turn) => {
    await page.locator('.bl-inspector textarea').first().fill(`Hello, number ${turn}. What can we do for you?`)
    await page.locator('.react-flow__node.selected').first().focus()
  },
  async (page) => {
    for (const key of ['ArrowRight', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key)
  },
  async (page) => {
    await page.keyboard.press('Control+c')
    await page.keyboard.press('Control+v')
    await page.keyboard.press('Delete')
    await page.keyboard.press('Control+z')
    await page.keyboard.press('Control+z')
    await select(page)
  },
  async (page) => {
    for (const key of ['Control+z', 'Control+Shift+z']) await page.keyboard.press(key)
  },
  async (page) => {
    const pane = await page.locator('.react-flow').boundingBox()
    if (!pane) throw new Error('the canvas has no size')
    await page.mouse.move(pane.x + pane.width / 2, pane.y + pane.height / 2)
    for (const by of [120, -120]) await page.mouse.wheel(by, by)
  },
  async (page) => {
    await page.keyboard.press('Control+k')
    await palette(page).waitFor()
    await page.keyboard.type('save')
    await page.keyboard.press('Escape')
    await palette(page).waitFor({ state: 'detached' })
  },
]

/** Rarer things: each page of the bot, and a message to it. Nothing is loaded anew. */
async function visit(page: Page): Promise<void> {
  for (const tab of ['reports', 'data', 'versions', 'canvas'])
    await page.locator(`nav a[href*="/bots/"][href*="/${tab}"]`).first().click()
  await page.locator('.react-flow__node').first().waitFor()
  const tryIt = page.locator('header').getByRole('button', { name: 'Try', exact: true })
  await tryIt.click()
  const answers = page.locator('ol[aria-live] button[aria-expanded]')
  await answers.first().waitFor()
  const known = await answers.count()
  await page.locator('form input').fill('my parcel is still not here')
  await page.keyboard.press('Enter')
  await answers.nth(known).waitFor()
  await tryIt.click()
}

async function heapMb(page: Page): Promise<number> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('HeapProfiler.enable')
  await devTools.send('HeapProfiler.collectGarbage')
  const { usedSize } = await devTools.send('Runtime.getHeapUsage')
  await devTools.detach()
  return usedSize / 1_000_000
}

export const heap: BenchLine = {
  figures: {
    heapMb: { label: "a bot's page after a few minutes, JavaScript heap, MB", reference: '', digits: 1 },
    heapAfterHourMb: {
      label: `the same after an hour's editing (${actions} doings, without the pauses between them), MB`,
      reference: '',
      digits: 1,
    },
  },
  async measure(log) {
    const studio = await openStudio(log)
    const page = await studio.page()
    await page.goto(`${studio.sample}?side=block&block=hello-friendly`)
    await page.locator('.bl-inspector textarea').first().waitFor()
    await select(page)
    let heapMbAtFirst = 0
    for (let turn = 0; turn < actions; turn++) {
      if (turn === warmUp) heapMbAtFirst = await heapMb(page)
      if (turn % 200 === 0) log(`${turn} of ${actions} doings, ${(await heapMb(page)).toFixed(1)} MB`)
      if (turn % 40 === 39) {
        await visit(page)
        await select(page)
      } else await doings[turn % doings.length]?.(page, turn)
    }
    const heapAfterHourMb = await heapMb(page)
    await page.close()
    return { heapMb: heapMbAtFirst, heapAfterHourMb }
  },
}

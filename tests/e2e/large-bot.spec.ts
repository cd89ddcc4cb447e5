import { expect, test } from '@playwright/test'
import { flowOrder } from '#editor/canvas/flow-order.ts'
import { definitions } from '#nodes/registry.gen.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import { largeGraph } from '../drivers/large-graph.ts'
import { makeBot } from '../drivers/placed-bot.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { listen, signIn } from '../drivers/studio-pages.ts'

/** A bot of so many blocks that those out of sight are not on the page; whoever works on it need not know. */
const blocks = 400
let product: Product

test.beforeAll(async () => {
  test.setTimeout(300_000)
  product = await startPreparedProduct()
})
test.afterAll(() => product?.stop())

test('of many blocks those in sight are on the page, and keys, search and undo reach all of them', async ({
  browser,
}) => {
  const context = await browser.newContext({ locale: 'en', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const heard = listen(page)
  await signIn(page, product)
  const bot = await makeBot(context.request, product.url, largeGraph(blocks))
  const stored = async () => {
    await expect(page.locator('[role="status"][data-kind="saved"]')).toBeVisible()
    const answer = await context.request.get(`${product.url}/api/bots/${bot}/draft`)
    return ((await answer.json()) as { document: GraphDocument }).document
  }
  const onPage = page.locator('.react-flow__node')
  const picked = page.locator('.react-flow__node.selected')
  const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-id'))
  await page.goto(`${product.url}/bots/${bot}/canvas`)
  await expect(onPage.first()).toBeVisible()
  await expect.poll(() => onPage.count(), 'those out of sight leave').toBeLessThan(blocks / 3)
  const first = await stored()

  await test.step('a block far away comes into sight and takes the focus', async () => {
    await page.goto(`${product.url}/bots/${bot}/canvas?block=b377`)
    await expect(picked).toHaveAttribute('data-id', 'b377')
    await expect(picked).toBeInViewport()
    await expect.poll(focused).toBe('b377')
  })

  await test.step('Tab walks on along the wires, out of what was in sight', async () => {
    const order = flowOrder(first, { nodes: definitions })
    const from = order.indexOf('b377') + 1
    for (const next of order.slice(from, from + 7)) {
      await page.keyboard.press('Tab')
      await expect(page.locator(`.react-flow__node[data-id="${next}"]`)).toBeInViewport()
      await expect.poll(focused).toBe(next)
    }
  })

  await test.step('what is picked is moved, and undone, though most of it is not on the page', async () => {
    await page.keyboard.press('Control+a')
    await page.keyboard.press('ArrowRight')
    await expect
      .poll(async () => (await stored()).view.positions.b0?.x)
      .toBeGreaterThan(first.view.positions.b0?.x ?? 0)
    const moved = await stored()
    for (const [id, place] of Object.entries(first.view.positions))
      expect(moved.view.positions[id]?.x, id).toBe(place.x + (moved.view.positions.b0?.x ?? 0))
    await page.keyboard.press('Control+z')
    await expect.poll(stored).toEqual(first)
  })
  expect(heard).toEqual([])
  await context.close()
})

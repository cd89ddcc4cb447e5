import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Me } from '#server/api/dto.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, speak, tooWide, untranslated } from '../drivers/studio-pages.ts'
import { talk } from '../drivers/traffic.ts'

/** Visitors talk with the shop over its widget and over the API; the page of insights tells exactly what became of them. */
let product: Product
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>
let bot = ''

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  bot = await signIn(page, product)
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

async function studio(browser: Browser, { width = 1440, height = 1000 } = {}) {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width, height },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  return { page, heard: listen(page), close: () => context.close() }
}

const tile = (page: Page, name: string) =>
  page.locator('dl > div').filter({ has: page.getByText(name, { exact: true }) })
const holds = async (page: Page) => {
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: false })).toEqual([])
  expect(await tooWide(page)).toBe(0)
  expect(await untranslated(page)).toEqual([])
}

test('what visitors did is told to the count, by day, on the graph and chat by chat', async ({ browser }) => {
  const { page, heard, close } = await studio(browser)
  await test.step('before anybody has talked, the page says what to do', async () => {
    await page.goto(`${product.url}/bots/${bot}/insights`)
    await expect(page.getByText('还没有访客和这个机器人聊过')).toBeVisible()
    await holds(page)
    await page.getByRole('button', { name: '放到我的网站上' }).click()
    await expect(page.getByRole('dialog')).toBeVisible()
  })

  await test.step('five visitors: one asks for a person over the API and one over the widget, one is done, two are in the midst', async () => {
    await talk(product.url, 'little-boat-shop', [
      ['转人工'],
      ['怎么开发票', '[没有了]', '5'],
      ['我的快递怎么还没到', 'XZ20251234'],
      ['how much is shipping?'],
    ])
    const visitor = await browser.newContext({ locale: 'zh-CN' })
    const shop = await visitor.newPage()
    await shop.goto(`${product.url}/demo?lang=zh`)
    await shop.getByRole('button', { name: '打开聊天' }).click()
    await shop.getByRole('textbox').fill('转人工')
    await shop.getByRole('textbox').press('Enter')
    await expect(shop.getByRole('log')).toContainText('您的请求已经记下')
    await visitor.close()
  })

  await test.step('one who only opened the chat, and a try in the studio, are nobody', async () => {
    await talk(product.url, 'little-boat-shop', [[]])
    const { csrf } = (await (await page.request.get(`${product.url}/api/me`)).json()) as Me
    const headers = { 'x-botloom-csrf': csrf, origin: product.url }
    const begun = await page.request.post(`${product.url}/api/bots/${bot}/tries`, { data: {}, headers })
    const { conversationId, token } = (await begun.json()) as { conversationId: string; token: string }
    const said = await page.request.post(`${product.url}/v1/conversations/${conversationId}/messages`, {
      data: { id: 'one', text: '转人工' },
      headers: { origin: product.url, authorization: `Bearer ${token}` },
    })
    expect(said.ok()).toBe(true)
  })

  await page.goto(`${product.url}/bots/${bot}/insights`)
  await test.step('the tiles', async () => {
    await expect(tile(page, '会话')).toContainText('5')
    await expect(tile(page, '会话')).toContainText('访客发来 8 条消息')
    await expect(tile(page, '机器人独立解决')).toContainText('33.3%')
    await expect(tile(page, '机器人独立解决')).toContainText('已结束的 3 个里有 1 个')
    await expect(tile(page, '转给人工')).toContainText('40%')
    await expect(tile(page, '转给人工')).toContainText('5 个里有 2 个')
  })

  await test.step('the day, as a table', async () => {
    const daily = page.getByRole('region', { name: '每天的情况' }).first()
    await expect(daily.locator('figcaption')).toHaveText('机器人独立解决 1转给人工 2还在聊 2')
    await daily.getByText('用表格看').click()
    await expect(daily.locator('tbody tr')).toHaveCount(28)
    await expect(daily.locator('tbody tr').last().locator('td').first()).toHaveText('5')
    await expect(daily.locator('tfoot td').first()).toHaveText('5')
    const file = page.waitForEvent('download')
    await daily.getByRole('button', { name: /存成 CSV/ }).click()
    expect((await file).suggestedFilename()).toMatch(/\.csv$/)
  })

  await test.step('side by side by language', async () => {
    const split = page.getByRole('region', { name: '放在一起比' }).first()
    await split.getByText('语言', { exact: true }).click()
    await expect(split.locator('tbody tr')).toHaveCount(2)
    const rows = await split.locator('tbody tr').evaluateAll((all) => all.map((row) => row.children[1]?.textContent))
    expect(rows.sort()).toEqual(['1', '4'])
    await expect(page).toHaveURL(/by=language/)
  })

  await test.step('on the graph: all five came by the menu that the bot begins with', async () => {
    const flow = page.getByRole('region', { name: /在流程图上看/ }).first()
    await expect(flow.locator('.react-flow__edge').first()).toBeAttached()
    await flow.locator('.react-flow__node[data-id="menu"]').dispatchEvent('click')
    const picked = flow.getByRole('region', { name: '选中的块' })
    await expect(picked).toContainText('5 个会话来过这里')
  })
  await holds(page)
  await page.emulateMedia({ colorScheme: 'dark' })
  await holds(page)
  await speak(page, 'en')
  await holds(page)
  await speak(page, 'zh-CN')

  await test.step('the chats behind a figure are listed in the inbox, and those alone', async () => {
    await tile(page, '转给人工').getByRole('link', { name: '打开这 2 个会话' }).click()
    await expect(page.locator('[data-chat]')).toHaveCount(2)
    await expect(page.getByText('数据分析里一个数字对应的会话')).toBeVisible()
    await page.getByRole('button', { name: '显示全部会话' }).click()
    await expect(page.locator('[data-chat]')).toHaveCount(6)
  })

  await test.step('why a turn went as it did opens on the canvas of the version that talked', async () => {
    await page.goBack()
    await page.goto(`${product.url}/chats?status=ended`)
    await page.locator('[data-chat]').first().click()
    await page.getByRole('button', { name: /怎么开发票——机器人怎么理解的/ }).click()
    await page.getByRole('button', { name: '在画布上看走过的路（版本 1）' }).click()
    const dialog = page.getByRole('dialog', { name: /版本 1/ })
    await expect(dialog.locator('.bl-traffic__badge').first()).toBeAttached()
    await holds(page)
    await page.keyboard.press('Escape')
  })

  await test.step('on a phone nothing is wider than the screen', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${product.url}/bots/${bot}/insights`)
    await expect(tile(page, '会话')).toContainText('5')
    await holds(page)
  })
  expect(heard).toEqual([])
  await close()
})

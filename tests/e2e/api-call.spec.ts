import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { makeBot } from '../drivers/placed-bot.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, speak, tooWide } from '../drivers/studio-pages.ts'

/** Somebody who does not program lets a bot look orders up in the shop's own system: asks it once, points at what matters, and talks. */
let product: Product
let shop: Server
let host = ''
const asked: { url: string; token: string | undefined }[] = []
let signedIn: Awaited<ReturnType<BrowserContext['cookies']>>
let bot = ''

test.beforeAll(async ({ browser }) => {
  shop = createServer((request, response) => {
    asked.push({ url: request.url ?? '', token: request.headers.authorization })
    const known = request.headers.authorization === 'Bearer open-sesame'
    const order = { data: { status: 'on its way', days: 2, parcels: [{ carrier: 'SF' }] }, note: null }
    response.writeHead(known ? 200 : 401, { 'content-type': 'application/json' })
    response.end(JSON.stringify(known ? order : { error: 'who are you?' }))
  })
  await new Promise<void>((done) => shop.listen(0, '127.0.0.1', done))
  host = `127.0.0.1:${(shop.address() as AddressInfo).port}`
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8', BOTLOOM_OUTBOUND_ALLOW: host } })
  const context = await browser.newContext()
  const page = await context.newPage()
  await signIn(page, product)
  signedIn = await context.cookies()
  bot = await makeBot(context.request, product.url, {
    blocks: {
      s: { type: 'start' },
      q: {
        type: 'ask',
        name: 'Order',
        config: { question: { en: 'Which order?', 'zh-CN': '哪个订单？' }, variable: 'order' },
      },
      api: { type: 'http-call', name: 'Look it up' },
      ok: { type: 'say', name: 'Tell', config: { text: { en: 'It is {{status}}.', 'zh-CN': '现在{{status}}。' } } },
    },
    wires: ['s -> q', 'q -> api', 'api -> ok'],
    positions: { s: { x: 0, y: 0 }, q: { x: 280, y: 0 }, api: { x: 560, y: 0 }, ok: { x: 840, y: 0 } },
  })
  await context.close()
})
test.afterAll(async () => {
  await product?.stop()
  shop?.closeAllConnections()
  shop?.close()
})
test.use({ locale: 'en' })
test.beforeEach(({ context }) => context.addCookies(signedIn))

const open = async (page: Page) => {
  await page.goto(`${product.url}/bots/${bot}/canvas`)
  await page.locator('.react-flow__node[data-id="api"]').click()
  await expect(page.locator('.bl-inspector')).toBeVisible()
}

test('an answer is asked for while it is drawn, a value is pointed at, and the bot says it', async ({ page }) => {
  const heard = listen(page)
  await open(page)
  await page.getByLabel('Address', { exact: true }).fill(`http://${host}/orders/{{order}}`)
  await page.getByRole('button', { name: 'Add to headers' }).click()
  const header = page.locator('.bl-insp-item').first()
  await header.getByLabel('Name', { exact: true }).fill('Authorization')
  await header.getByLabel('Text', { exact: true }).fill('Bearer')
  await header.getByLabel('Secret', { exact: true }).selectOption({ label: 'New secret…' })
  const dialog = page.getByRole('dialog', { name: 'New secret' })
  await dialog.getByLabel('Name').fill('SHOP')
  await dialog.getByLabel('For host').fill(`http://${host}/anything`)
  await dialog.getByLabel('Secret', { exact: true }).fill('open-sesame')
  await dialog.getByRole('button', { name: 'Save secret' }).click()
  await expect(dialog).toHaveCount(0)
  await expect(header.getByLabel('Secret', { exact: true })).toHaveValue('SHOP')

  await page.getByRole('textbox', { name: '{{order}}' }).fill('A 7')
  await page.getByRole('button', { name: 'Get an answer now' }).click()
  await expect(page.getByText(/^Status 200/)).toBeVisible()
  expect(asked.at(-1)).toEqual({ url: '/orders/A%207', token: 'Bearer open-sesame' })
  await page.getByRole('button', { name: /^status "on its way"/ }).click()
  await expect(page.getByRole('button', { name: /→ status$/ })).toBeDisabled()

  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
  await expect(page.getByText(/draft · saved/)).toBeVisible()

  await page.getByLabel('Try', { exact: true }).click()
  const box = page.getByPlaceholder('Ask as a customer would')
  await expect(page.getByText('Which order?')).toBeVisible()
  await box.fill('B8')
  await box.press('Enter')
  await expect(page.getByText('It is on its way.')).toBeVisible()
  expect(asked.at(-1)?.url).toBe('/orders/B8')
  expect(heard).toEqual([])
})

test('the form stands on a phone, in Chinese and in the dark', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' })
  await open(page)
  await speak(page, 'zh-CN')
  await expect(page.getByText('示例答复').first()).toBeVisible()
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: true, butCanvas: true })).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  await settled(page)
  expect(await tooWide(page)).toBe(0)
})

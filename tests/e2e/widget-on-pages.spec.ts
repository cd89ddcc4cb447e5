import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import type { BotloomControl } from '../../editor/widget/control.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'

/** A page of somebody else: its styles take hold of all that they can, its policy lets nothing by that is not named. */
const hostile = `
* { all: unset !important; color: hotpink !important; font: 40px cursive !important; position: static !important; }
div, button, botloom-chat, section { display: none !important; transform: rotate(9deg) !important; opacity: 0.1 !important }`

let product: Product
let site: Server
let address: string
let csrf: string
test.beforeAll(async () => {
  test.setTimeout(300_000)
  product = await startPreparedProduct()
  site = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://site.test')
    if (pathname === '/hostile.css') return response.writeHead(200, { 'content-type': 'text/css' }).end(hostile)
    if (pathname !== '/') return response.writeHead(404).end()
    const policy = `default-src 'none'; script-src ${product.url}; connect-src ${product.url}; style-src 'self'; require-trusted-types-for 'script'`
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy })
    response.end(`<!doctype html><html lang="${searchParams.get('lang') ?? 'en'}" dir="${searchParams.get('dir') ?? 'ltr'}">
      <head><meta name="viewport" content="width=device-width, initial-scale=1"><title>A shop</title>
      <link rel="stylesheet" href="/hostile.css"></head><body><main><h1>A shop</h1></main>
      <script type="module" src="${product.url}/widget.js" data-bot="little-boat-shop"></script></body></html>`)
  })
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve))
  address = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
})
test.afterAll(async () => {
  site?.close()
  await product?.stop()
})

/** The bot as its owner sets it; signs in with the link that the product printed, which works once. */
let owner: Page
async function change(what: object): Promise<void> {
  await owner.evaluate(
    async ({ what, csrf }) => {
      const bots = await (await fetch('/api/bots')).json()
      const answer = await fetch(`/api/bots/${bots[0].id}`, {
        method: 'PATCH',
        headers: { 'content-type': 'application/json', 'x-botloom-csrf': csrf },
        body: JSON.stringify(what),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    { what, csrf },
  )
}

test.beforeAll(async ({ browser }) => {
  test.setTimeout(120_000)
  owner = await (await browser.newContext({ locale: 'en' })).newPage()
  await owner.goto(product.links.studio)
  await owner.waitForURL(/\/bots\//)
  csrf = await owner.evaluate(async () => (await (await fetch('/api/me')).json()).csrf)
  await change({
    origins: [address],
    look: { accent: '#f5c542', title: { en: 'Ask the crew' }, greeting: { en: 'We answer at once' }, avatar: '⛵' },
  })
})

for (const [width, height] of [
  [390, 844],
  [768, 1024],
  [1440, 900],
] as const)
  test(`a hostile page under a strict policy, ${width} wide: it looks and works as ever`, async ({ page }) => {
    await page.setViewportSize({ width, height })
    const broken: string[] = []
    page.on('console', (line) => {
      if (/Content Security Policy|Trusted/i.test(line.text())) broken.push(line.text())
    })
    await page.goto(address)
    const opener = page.getByRole('button', { name: 'Open chat' })
    await expect(opener).toBeVisible()
    const button = (await opener.boundingBox())!
    expect([width - button.x - button.width, height - button.y - button.height]).toEqual([20, 20])
    await opener.click()
    const dialog = page.getByRole('dialog', { name: 'Ask the crew' })
    await expect(dialog.getByText('We answer at once')).toBeVisible()
    await expect(dialog.locator('.row.bot .bubble:not(.dots)').first()).toBeVisible()
    expect(await dialog.evaluate((element) => getComputedStyle(element).fontSize)).toBe('15px')
    if (width === 390) await expect.poll(() => dialog.boundingBox()).toEqual({ x: 0, y: 0, width, height })
    await dialog.getByRole('textbox').fill('where is my parcel??')
    await dialog.getByRole('textbox').press('Enter')
    await expect(dialog.locator('.row.user')).toContainText('where is my parcel??')
    await expect(dialog.locator('.dots')).toHaveCount(0)
    const { violations } = await new AxeBuilder({ page })
      .include('botloom-chat')
      .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(violations).toEqual([])
    expect(broken).toEqual([])
    await page.screenshot({ path: test.info().outputPath(`hostile-${width}.png`) })
  })

test('from right to left it stands on the left, and its own lines run as the page does', async ({ page }) => {
  await page.goto(`${address}/?dir=rtl`)
  const opener = page.getByRole('button', { name: 'Open chat' })
  await opener.click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.locator('.row.bot .bubble:not(.dots)').first()).toBeVisible()
  expect((await dialog.boundingBox())!.x).toBeLessThan(100)
  await page.screenshot({ path: test.info().outputPath('rtl.png') })
})

test('a file goes to the people in the inbox, a forbidden one does not', async ({ page }) => {
  await page.goto(address)
  await page.getByRole('button', { name: 'Open chat' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.locator('.row.bot .bubble:not(.dots)').first()).toBeVisible()
  const files = dialog.locator('input[type=file]')
  await files.setInputFiles({
    name: 'receipt.pdf',
    mimeType: 'application/pdf',
    buffer: Buffer.from('%PDF-1.4 a receipt'),
  })
  await expect(dialog.getByRole('button', { name: 'Save file: receipt.pdf' })).toBeVisible()
  await expect(dialog.getByText('I have your file')).toBeVisible()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    dialog.getByRole('button', { name: 'Save file: receipt.pdf' }).click(),
  ])
  expect(download.suggestedFilename()).toBe('receipt.pdf')
  await files.setInputFiles({
    name: 'photo.png',
    mimeType: 'image/png',
    buffer: Buffer.from('<script>alert(1)</script>'),
  })
  await expect(dialog.getByRole('alert')).toContainText('cannot be sent')
  await owner.goto(`${product.url}/chats?status=all`)
  await owner.getByText('receipt.pdf').first().click()
  await expect(owner.getByRole('link', { name: 'Save receipt.pdf' })).toBeVisible()
  await owner.screenshot({ path: test.info().outputPath('inbox.png') })
})

test('what comes while the chat is closed is counted on the button, said aloud, and told to the page; opened, it is seen', async ({
  page,
}) => {
  await page.goto(address)
  await page.getByRole('button', { name: 'Open chat' }).click()
  const dialog = page.getByRole('dialog')
  await expect(dialog.locator('.row.bot .bubble:not(.dots)').first()).toBeVisible()
  await dialog.getByRole('textbox').fill('hello')
  await dialog.getByRole('textbox').press('Enter')
  await expect(dialog.locator('.row.bot')).not.toHaveCount(1)
  // All of the answer: what comes of it after the chat was closed is new, too.
  await expect(dialog.locator('.dots')).toHaveCount(0)
  await dialog.getByRole('button', { name: 'Close chat' }).click()
  const id = await page.evaluate(() => JSON.parse(localStorage.getItem('botloom:little-boat-shop')!).conversation)
  await owner.evaluate(
    async ({ id, csrf }) => {
      const post = (path: string, body: object) =>
        fetch(`/api/inbox/chats/${id}/${path}`, {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-botloom-csrf': csrf },
          body: JSON.stringify(body),
        })
      await post('take', {})
      await post('messages', { id: 'a-1', text: 'Ada here, how can I help?' })
    },
    { id, csrf },
  )
  await expect(page.getByRole('button', { name: /Open chat · 1 new message/ })).toBeVisible()
  expect(await page.evaluate(() => (window as { Botloom?: BotloomControl }).Botloom?.unread)).toBe(1)
  // A reload does not load the panel, and knows all the same.
  const asked: string[] = []
  page.on('request', (request) => asked.push(request.url()))
  await page.reload()
  const opener = page.getByRole('button', { name: /Open chat · 1 new message/ })
  await expect(opener).toBeVisible()
  expect(asked.filter((url) => url.includes('widget-panel'))).toEqual([])
  await opener.click()
  await expect(dialog.getByText('Ada here, how can I help?')).toBeVisible()
  await expect.poll(() => page.evaluate(() => (window as { Botloom?: BotloomControl }).Botloom?.unread)).toBe(0)
})

test('the studio shows the chat itself while its look is set', async () => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await owner.emulateMedia({ colorScheme })
    const bots = await owner.evaluate(async () => (await fetch('/api/bots')).json())
    await owner.goto(`${product.url}/bots/${bots[0].id}/canvas?embed=1`)
    await owner.getByRole('tab', { name: 'Look' }).click()
    const preview = owner.getByRole('region', { name: 'Preview of the chat' })
    await expect(preview.getByRole('heading', { name: 'Ask the crew' })).toBeVisible()
    await owner.getByRole('textbox', { name: 'Title (English)', exact: true }).fill('The harbour office')
    await expect(preview.getByRole('heading', { name: 'The harbour office' })).toBeVisible()
    await owner.screenshot({ path: test.info().outputPath(`look-${colorScheme}.png`) })
    await owner.getByRole('tab', { name: 'Visitors' }).click()
    await owner.screenshot({ path: test.info().outputPath(`visitors-${colorScheme}.png`) })
  }
})

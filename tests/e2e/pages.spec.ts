import { type Browser, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, speak, tooWide, untranslated } from '../drivers/studio-pages.ts'
import { show, studioViews } from '../drivers/studio-views.ts'

/**
 * Every page of the studio, on a desk and on a phone, light and dark, in both languages: nothing that WCAG 2.2 AA
 * forbids, nothing wider than a phone, nothing in the console, no key in place of a text. And the canvas by keys alone.
 */
let product: Product
let bot = ''
let signedIn: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  bot = `/bots/${await signIn(page, product)}`
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

for (const { width, height, language, axe } of [
  { width: 1440, height: 900, language: 'zh-CN', axe: ['light', 'dark'] },
  // Colours are the same at any width.
  { width: 390, height: 844, language: 'en', axe: ['light'] },
  { width: 390, height: 844, language: 'zh-CN', axe: [] },
] as const)
  test(`every page holds at ${width} in ${language}${axe.length > 0 ? `, ${axe.join(' and ')} for everybody` : ''}`, async ({
    browser,
  }) => {
    // Each view is walked by axe in two colour schemes: minutes on a busy machine.
    test.setTimeout(480_000)
    const context = await browser.newContext({
      storageState: signedIn,
      locale: 'zh-CN',
      viewport: { width, height },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    const heard = listen(page)
    await page.goto(product.url)
    await speak(page, language)
    for (const view of studioViews) {
      await test.step(view.name, async () => {
        await view.open(page, { url: product.url, bot })
        await holds(page, view.name, width, axe)
      })
    }
    expect(heard).toEqual([])
    await context.close()

    await test.step('signed out', async () => {
      const stranger = await browser.newContext({
        locale: 'zh-CN',
        viewport: { width, height },
        reducedMotion: 'reduce',
      })
      const page = await stranger.newPage()
      const heard = listen(page)
      await show(page, product, '/', 'main h1')
      await speak(page, language)
      await holds(page, 'signed out', width, axe)
      // The browser notes by itself that the server does not know this visitor.
      expect(heard.filter((line) => !/401 .*\/api\/me$/.test(line))).toEqual([])
      await stranger.close()
    })
  })

test('the canvas by keys alone', async ({ browser }) => {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await show(page, product, `${bot}/canvas`, '.react-flow__edge')
  const picked = page.locator('.react-flow__node.selected')
  const place = () => picked.evaluate((node) => (node as HTMLElement).style.transform)

  await page.locator('.react-flow__node').first().focus()
  for (const id of ['questions', 'clean', 'split', 'learn', 'measure', 'deploy', 'start']) {
    await page.keyboard.press('Tab')
    await expect(picked, 'Tab walks as the conversation flows').toHaveAttribute('data-id', id)
    await expect(picked).toBeFocused()
  }
  await page.keyboard.press('Shift+Tab')
  await expect(picked).toHaveAttribute('data-id', 'deploy')

  const before = await place()
  await page.keyboard.press('ArrowRight')
  await page.keyboard.press('ArrowDown')
  await expect.poll(place, 'arrows nudge').not.toBe(before)
  await page.keyboard.press('Control+z')
  await expect.poll(place, 'Ctrl+Z undoes').toBe(before)

  await page.keyboard.press('c')
  const ports = page.getByRole('dialog', { name: '连接到' })
  await expect(ports.getByRole('option').first(), 'C lists what the port can connect to').toContainText('听懂问题')
  await page.keyboard.press('Escape')
  await expect(ports).toHaveCount(0)

  await page.keyboard.press('/')
  await expect(page.getByRole('dialog', { name: '添加块' }).getByRole('combobox')).toBeFocused()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await expect(page.getByPlaceholder('去哪里，或者做什么？')).toBeFocused()
  await page.keyboard.press('Escape')

  await expect(picked, 'the focus comes back to the block').toBeFocused()
  await page.keyboard.press('Enter')
  await expect(page.locator('.bl-inspector :focus'), 'Enter opens the inspector').toHaveCount(1)
  await context.close()
})

test('who may talk is set by keys alone and counts at once, for a page and for a server', async ({
  browser,
  request,
}) => {
  const context = await browser.newContext({ storageState: signedIn, locale: 'en', reducedMotion: 'reduce' })
  const page = await context.newPage()
  await show(page, product, `${bot}/versions`, 'main li')
  await speak(page, 'en')
  const dialog = page.getByRole('dialog', { name: 'Put it on your site' })
  await page.getByRole('button', { name: 'Put it on your site' }).focus()
  await page.keyboard.press('Enter')
  const line = await dialog.locator('textarea').inputValue()
  const slug = /^<script type="module" src="(.+)\/widget\.js" data-bot="([\w-]+)"><\/script>$/.exec(line)
  expect(slug?.[1]).toBe(product.url)
  const status = async (headers: Record<string, string>) => {
    const answer = await request.post(`${product.url}/v1/bots/${slug?.[2]}/conversations`, { headers, data: {} })
    return answer.status()
  }
  const site = { origin: 'https://keys.shop.example' }
  expect(await status(site)).toBe(403)

  const address = dialog.getByRole('textbox', { name: 'Address of a site' })
  await address.focus()
  await page.keyboard.type('https://keys.shop.example/cart')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toHaveText('A site has no path. Did you mean https://keys.shop.example?')
  expect(await status(site)).toBe(403)
  for (const _ of '/cart') await page.keyboard.press('Backspace')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('status')).toHaveText('https://keys.shop.example may talk to the bot now.')
  expect(await status(site)).toBe(201)

  const servers = dialog.getByRole('switch', { name: 'Let servers talk to it' })
  await expect(servers).toBeChecked()
  expect(await status({})).toBe(201)
  await servers.focus()
  await page.keyboard.press('Space')
  await expect(servers).not.toBeChecked()
  expect(await status({})).toBe(403)
  await servers.focus()
  await page.keyboard.press('Space')
  await expect(servers).toBeChecked()

  await dialog.getByRole('button', { name: 'Remove https://keys.shop.example' }).focus()
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('status')).toHaveText('https://keys.shop.example may no longer talk to the bot.')
  await expect(address, 'the focus goes on where the next site is written').toBeFocused()
  expect(await status(site)).toBe(403)
  await page.keyboard.press('Escape')
  await expect(dialog).toHaveCount(0)
  await context.close()
})

type Theme = 'light' | 'dark'

async function holds(page: Page, name: string, width: number, axe: readonly Theme[]): Promise<void> {
  expect.soft(await untranslated(page), `${name}: keys in place of texts`).toEqual([])
  if (width < 600) expect.soft(await tooWide(page), `${name}: wider than a phone by`).toBeLessThanOrEqual(0)
  for (const colorScheme of axe) {
    await page.emulateMedia({ colorScheme })
    await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
    await settled(page)
    const seen = { coloursOnly: colorScheme === 'dark', butCanvas: width < 600 || /^canvas with/.test(name) }
    expect.soft(await axeViolations(page, seen), `${name}, ${colorScheme}`).toEqual([])
  }
}

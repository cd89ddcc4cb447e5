import AxeBuilder from '@axe-core/playwright'
import { expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'

let product: Product
test.beforeAll(async () => {
  test.setTimeout(300_000)
  product = await startPreparedProduct()
})
test.afterAll(() => product?.stop())

const words = {
  zh: { open: '打开聊天', close: '关闭聊天', dialog: '在线客服', again: '重新开始', question: '我的快递怎么还没到' },
  en: {
    open: 'Open chat',
    close: 'Close chat',
    dialog: 'Chat with us',
    again: 'Start over',
    question: 'where is my parcel??',
  },
}

async function demo(page: Page, language: 'zh' | 'en' = 'en') {
  await page.goto(`${product.url}/demo?lang=${language}`)
  const t = words[language]
  const dialog = page.getByRole('dialog', { name: t.dialog })
  const input = dialog.getByRole('textbox')
  const log = dialog.getByRole('log')
  return {
    t,
    dialog,
    input,
    log,
    opener: page.getByRole('button', { name: t.open }),
    bubbles: log.locator('.bubble:not(.dots)'),
    /** Opens it and waits for the bot's first words. */
    async open() {
      // One that was open stays open over a reload.
      await expect(async () => {
        if (!(await dialog.isVisible())) await page.getByRole('button', { name: t.open }).click({ timeout: 2_000 })
        await expect(dialog).toBeVisible({ timeout: 2_000 })
      }).toPass()
      await expect(log.locator('.bot .bubble:not(.dots)').first()).toBeVisible()
    },
    /** Says it and waits until the bot answered. */
    async say(text: string) {
      const before = await log.locator('.row.bot').count()
      await input.fill(text)
      await input.press('Enter')
      await expect.poll(() => log.locator('.row.bot').count()).toBeGreaterThan(before)
      await expect(log.locator('.dots')).toHaveCount(0)
    },
  }
}

const axe = (page: Page) => new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])

test('the keyboard opens it, the input has the focus, Escape closes it and the focus returns', async ({ page }) => {
  const chat = await demo(page)
  await chat.opener.focus()
  await page.keyboard.press('Enter')
  await expect(chat.dialog).toBeVisible()
  await expect(chat.input).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(chat.dialog).toBeHidden()
  await expect(chat.opener).toBeFocused()
  await expect(chat.opener).toHaveAttribute('aria-expanded', 'false')
  await page.keyboard.press('Space')
  await expect(chat.input).toBeFocused()
})

test('before the click nothing but the launcher is loaded, and no cookie is ever set', async ({ page, context }) => {
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  const chat = await demo(page)
  await expect(chat.opener).toBeVisible()
  // How it looks is all that is asked for: one small answer, kept by the browser.
  await expect.poll(() => asked.some((path) => path.endsWith('/look'))).toBe(true)
  expect(asked.filter((path) => /widget|v1/.test(path))).toEqual(['/widget.js', '/v1/bots/little-boat-shop/look'])
  await chat.open()
  expect(await context.cookies()).toEqual([])
})

for (const language of ['zh', 'en'] as const)
  for (const colorScheme of ['light', 'dark'] as const)
    test(`it answers in ${language}, and a machine finds no barrier in the ${colorScheme} page`, async ({ page }) => {
      await page.emulateMedia({ colorScheme })
      const chat = await demo(page, language)
      await chat.open()
      await chat.say(chat.t.question)
      await expect(chat.log.locator('.row.bot').last()).toHaveAttribute('lang', language === 'zh' ? 'zh-CN' : 'en')
      expect(await chat.log.locator('.row.bot').last().innerText()).toMatch(language === 'zh' ? /订单/ : /order/)
      expect((await axe(page).analyze()).violations).toEqual([])
    })

test('on a phone it takes the whole screen, closes again, and a machine finds no barrier', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 })
  const chat = await demo(page)
  await chat.open()
  // It slides in; the last frame fills the screen.
  await expect.poll(() => chat.dialog.boundingBox()).toEqual({ x: 0, y: 0, width: 390, height: 844 })
  expect((await axe(page).analyze()).violations).toEqual([])
  await chat.dialog.getByRole('button', { name: chat.t.close }).click()
  await expect(chat.opener).toBeFocused()
})

test('a reload brings the conversation back, and it goes on where it was', async ({ page }) => {
  const chat = await demo(page)
  await chat.open()
  await chat.say('where is my parcel??')
  const before = await chat.bubbles.allInnerTexts()
  await page.reload()
  await chat.open()
  await expect.poll(() => chat.bubbles.allInnerTexts()).toEqual(before)
  await chat.say('XZ20250318')
  expect((await chat.bubbles.allInnerTexts()).slice(0, before.length)).toEqual(before)
})

test('what is typed offline is kept and said once when the network is back', async ({ page, context }) => {
  const chat = await demo(page)
  await chat.open()
  await context.setOffline(true)
  await chat.input.fill('need an invoice pls')
  await chat.input.press('Enter')
  await expect(chat.dialog.getByRole('status')).toContainText('offline')
  await expect(chat.log.locator('.user.sending')).toHaveCount(1)
  await context.setOffline(false)
  await expect(chat.log.locator('.user.sending')).toHaveCount(0)
  await expect(chat.log.locator('.row').last()).toHaveClass(/bot/)
  await page.reload()
  await chat.open()
  await expect(chat.log.getByText('need an invoice pls')).toHaveCount(1)
})

test('Enter that ends a pinyin composition does not send', async ({ page }) => {
  const chat = await demo(page, 'zh')
  await chat.open()
  const cdp = await page.context().newCDPSession(page)
  await chat.input.focus()
  await cdp.send('Input.imeSetComposition', { text: 'kuaidi', selectionStart: 6, selectionEnd: 6 })
  await chat.input.evaluate((element) =>
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, isComposing: true, cancelable: true }),
    ),
  )
  await chat.input.evaluate((element) =>
    element.dispatchEvent(
      new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, keyCode: 229, cancelable: true }),
    ),
  )
  await cdp.send('Input.insertText', { text: '快递' })
  await expect(chat.input).toHaveValue('快递')
  await expect(chat.log.locator('.row.user')).toHaveCount(0)
  await chat.input.press('Enter')
  await expect(chat.log.locator('.row.user')).toHaveCount(1)
  await expect(chat.input).toHaveValue('')
})

test('Shift+Enter makes a new line, and markup is shown as it was typed', async ({ page }) => {
  const chat = await demo(page)
  await chat.open()
  await chat.input.fill('<img src=x onerror="document.title=1">')
  await chat.input.press('Shift+Enter')
  await chat.input.pressSequentially('javascript:alert(1) https://shop.example/x.')
  await chat.input.press('Enter')
  const mine = chat.log.locator('.row.user .bubble')
  await expect(mine).toHaveText('<img src=x onerror="document.title=1">\njavascript:alert(1) https://shop.example/x.')
  expect(await mine.locator('a').evaluateAll((links) => links.map((link) => link.getAttribute('href')))).toEqual([
    'https://shop.example/x',
  ])
  await expect(mine.locator('img')).toHaveCount(0)
})

test('a button answers once; starting over asks first and begins anew', async ({ page }) => {
  const chat = await demo(page)
  await chat.open()
  const first = chat.log.locator('.choices button').first()
  const label = await first.innerText()
  await first.click()
  await expect(chat.log.locator('.row.user')).toHaveText(new RegExp(label))
  await expect(first).toBeDisabled()
  await chat.dialog.getByRole('button', { name: chat.t.again, exact: true }).click()
  await chat.dialog.getByRole('button', { name: 'Clear and start over' }).click()
  await expect(chat.log.locator('.row.user')).toHaveCount(0)
  await expect(first).toBeEnabled()
})

test("the page's own script can ask, and hears of opening and closing", async ({ page }) => {
  const chat = await demo(page)
  await page.evaluate(() => {
    const heard: string[] = []
    Object.assign(window, { heard })
    for (const name of ['botloom-open', 'botloom-close']) addEventListener(name, () => heard.push(name))
  })
  await page.getByRole('button', { name: 'need an invoice pls' }).click()
  await expect(chat.log.locator('.row.user')).toContainText('need an invoice pls')
  await chat.dialog.getByRole('button', { name: chat.t.close }).click()
  expect(await page.evaluate(() => (window as unknown as { heard: string[] }).heard)).toEqual([
    'botloom-open',
    'botloom-close',
  ])
})

test('two tabs show one conversation', async ({ page, context }) => {
  const one = await demo(page)
  await one.open()
  const other = await context.newPage()
  const two = await demo(other)
  await two.open()
  await two.say('where is my parcel??')
  await page.bringToFront()
  await expect(one.log.getByText('where is my parcel??')).toBeVisible()
})

test('pictures and cards are drawn, leafed through by keyboard, and lead nowhere that they may not', async ({
  page,
}) => {
  const link = (url: string) => ({ url, text: 'View' })
  const cards = [
    { title: 'Tote', text: '¥129', image: 'https://cdn.example/tote.png', link: link('https://shop.example/tote') },
    { title: 'Mug', text: '', image: 'javascript:alert(1)', link: link('javascript:alert(1)') },
    { title: 'Candle', text: '' },
  ]
  const message = (seq: number, parts: unknown[]) => ({
    id: `m${seq}`,
    seq,
    role: 'bot',
    parts,
    text: '',
    language: 'en',
  })
  await page.route('**/v1/bots/*/conversations', (route) =>
    route.fulfill({
      json: {
        conversationId: 'cnv_x',
        token: 't',
        resume: 'r',
        messages: [
          message(1, [{ type: 'image', url: 'https://cdn.example/lost.png', text: 'A size chart' }]),
          message(2, [
            { type: 'cards', cards, text: '' },
            { type: 'pace', ms: 600 },
          ]),
        ],
      },
    }),
  )
  const asked: string[] = []
  await page.route('https://cdn.example/**', (route) => {
    asked.push(route.request().url())
    expect(route.request().headers().referer).toBeUndefined()
    return route.fulfill({ status: 404 })
  })
  const chat = await demo(page)
  await chat.opener.click()
  await expect(chat.log.locator('.dots'), 'it types before its second message').toBeVisible()
  const row = chat.log.getByRole('list', { name: 'Cards: 3' })
  await expect(row).toBeVisible()
  await expect(chat.log.getByRole('link', { name: 'A size chart' })).toHaveText('A size chart')
  await expect(row.getByRole('link')).toHaveCount(1)
  await expect(row.getByRole('link')).toHaveAttribute('href', 'https://shop.example/tote')
  await expect(row.getByRole('link')).toHaveAttribute('rel', 'noopener noreferrer nofollow')
  await expect.poll(() => asked.toSorted()).toEqual(['https://cdn.example/lost.png', 'https://cdn.example/tote.png'])
  await row.focus()
  await page.keyboard.press('ArrowRight')
  await expect(chat.log.getByText('2 / 3')).toBeVisible()
  await chat.log.getByRole('button', { name: 'Next card' }).press('Enter')
  await expect(chat.log.getByText('3 / 3')).toBeVisible()
  await expect(chat.log.getByRole('button', { name: 'Next card' })).toHaveAttribute('aria-disabled', 'true')
  expect((await axe(page).analyze()).violations).toEqual([])
})

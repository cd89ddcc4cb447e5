import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { startEmptyProduct } from '../drivers/empty-product.ts'
import { makeBot } from '../drivers/placed-bot.ts'
import { openReceiver, type Receiver } from '../drivers/receiver.ts'
import { axeViolations, listen, settled, speak, tooWide, untranslated } from '../drivers/studio-pages.ts'

/** Webhooks and channels as somebody sets them up, with another server on the other side. */
let product: Awaited<ReturnType<typeof startEmptyProduct>>
let receiver: Receiver
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.beforeAll(async ({ browser }) => {
  receiver = await openReceiver()
  product = await startEmptyProduct({ LANG: 'zh_CN.UTF-8', BOTLOOM_OUTBOUND_ALLOW: receiver.host })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(product.link)
  await makeBot(page.request, product.url, { blocks: { s: { type: 'start' } }, wires: [], positions: {} })
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(async () => {
  await product?.stop()
  await receiver?.close()
})

/** Looks at the page as it stands, in both colour schemes. */
async function holds(page: Page, name: string, width: number): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme })
    await settled(page)
    await page.screenshot({ path: test.info().outputPath(`${name}-${width}-${colorScheme}.png`) })
    expect(await axeViolations(page, { coloursOnly: colorScheme === 'dark', butCanvas: false }), name).toEqual([])
  }
  expect(await tooWide(page), name).toBeLessThanOrEqual(0)
  expect(await untranslated(page), name).toEqual([])
}

for (const { width, height, language } of [
  { width: 1440, height: 900, language: 'zh-CN' },
  { width: 390, height: 844, language: 'en' },
] as const)
  test(`a webhook and a channel are connected, tried and taken away again at ${width} in ${language}`, async ({
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
    const zh = language === 'zh-CN'
    const button = (chinese: string, english: string) =>
      page.getByRole('button', { name: zh ? chinese : english, exact: true }).last()
    await page.goto(`${product.url}/settings/webhooks`)
    await speak(page, language)
    await holds(page, 'webhooks-empty', width)

    await button('添加 Webhook', 'Add webhook').click()
    await page.locator('dialog input[type=url]').fill(`${receiver.url}/hook`)
    await holds(page, 'webhook-form', width)
    await page.locator('dialog footer button[type=submit]').click()
    await expect(page.locator('dialog input[readonly]')).toHaveValue(/^whsec_/)
    await holds(page, 'webhook-secret', width)
    await button('我已保存', 'I have kept it').click()

    const before = receiver.heard.length
    await button('发送测试', 'Send a test').click()
    await expect(page.locator('.bl-toasts')).toContainText('204')
    expect(receiver.heard.length).toBe(before + 1)
    receiver.answer = () => ({ status: 500, body: 'out of paper' })
    await button('发送测试', 'Send a test').click()
    await expect(page.locator('.bl-toasts')).toContainText('500')
    receiver.answer = () => ({ status: 204 })
    // Nobody waits for a test: it is in the log alone.
    await expect(page.locator('article')).not.toContainText(zh ? '条失败' : '1 failed')
    await holds(page, 'webhooks', width)

    await button('发送记录', 'Log').click()
    const entry = page.locator('dialog details').first()
    await entry.locator('summary').click()
    await expect(entry).toContainText('out of paper')
    await holds(page, 'webhook-log', width)
    await button('重新发送', 'Send again').click()
    const toast = page.locator('.bl-toast', { hasText: zh ? '重新发送' : 'sent again' })
    await toast.click({ trial: true })
    await expect(entry.locator('summary')).toContainText(zh ? '已送达' : 'Received')
    await page.keyboard.press('Escape')
    await expect(page.locator('.bl-toasts'), 'what is said stays when the dialog goes').toHaveCount(1)

    await page.goto(`${product.url}/settings/channels`)
    await button('接入企业微信', 'Connect WeCom').click()
    const fields = page.locator('dialog form input')
    await fields.nth(1).fill('ww1234567890abcdef')
    await fields.nth(2).fill('1000002')
    await fields.nth(3).fill('the-secret-of-the-app')
    await fields.nth(4).fill('a-token')
    await fields.nth(5).fill('abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG')
    await holds(page, 'channel-form', width)
    await page.locator('dialog footer button[type=submit]').click()
    await expect(page.locator('dialog input[readonly]')).toHaveValue(/\/v1\/channels\/chn_\w+$/)
    await holds(page, 'channel-made', width)
    await button('完成', 'Done').click()
    await expect(page.locator('article')).toHaveCount(2)
    await holds(page, 'channels', width)

    await button('断开', 'Disconnect').click()
    await button('断开', 'Disconnect').click()
    await expect(page.locator('article')).toHaveCount(1)
    await page.goto(`${product.url}/settings/webhooks`)
    await page.locator('article button[aria-haspopup=menu]').click()
    await page.getByRole('menuitem', { name: zh ? '删除' : 'Delete' }).click()
    await button('删除', 'Delete').click()
    await expect(page.locator('article')).toHaveCount(0)
    expect(heard).toEqual([])
    await context.close()
  })

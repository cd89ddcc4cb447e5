import { type Browser, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, speak, tooWide } from '../drivers/studio-pages.ts'

/** A version is tried over its test link, promoted, and shares the visitors with the one before until one of them is kept. */
let product: Product

test.beforeAll(async () => {
  test.setTimeout(300_000)
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
})
test.afterAll(() => product?.stop())

const fresh = '这是新的开场白'

/** The first words of whoever opens the chat on a page. */
async function greeting(browser: Browser, path: string, view = { width: 1440, height: 900 }) {
  const context = await browser.newContext({ locale: 'zh-CN', viewport: view })
  const page = await context.newPage()
  await page.goto(`${product.url}${path}`)
  const log = page.getByRole('log')
  if (!(await log.isVisible())) await page.getByRole('button', { name: '打开聊天' }).last().click()
  // The buttons come with the last of them.
  await expect(log.locator('.choices button').first()).toBeVisible()
  return { page, log, words: await log.innerText(), close: () => context.close() }
}

const holds = async (page: Page) => {
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
  expect(await tooWide(page)).toBe(0)
}

test('publish to test, talk over the link, promote, share the visitors, stop', async ({ browser }) => {
  const context = await browser.newContext({ locale: 'zh-CN', reducedMotion: 'reduce' })
  const page = await context.newPage()
  const heard = listen(page)
  const bot = await signIn(page, product)
  const picture = async (name: string) => {
    if (process.env.PICTURES) await page.screenshot({ path: `${process.env.PICTURES}/${name}.png`, fullPage: true })
  }

  await test.step('the greeting of the draft changes', async () => {
    const read = async (path: string) => (await page.request.get(`${product.url}${path}`)).json()
    const { csrf } = await read('/api/me')
    const { document, revision } = await read(`/api/bots/${bot}/draft`)
    const before = document.nodes.menu.config.text['zh-CN']
    const pushed = await page.request.post(`${product.url}/api/bots/${bot}/draft/diffs`, {
      headers: { 'x-botloom-csrf': csrf, origin: product.url },
      data: {
        base: revision,
        diffs: [
          {
            ...{ id: 'diff_000001', added: {}, removed: {} },
            updated: { 'nodes/menu': { '/config/text/zh-CN': [before, fresh] } },
          },
        ],
      },
    })
    expect(pushed.status(), await pushed.text()).toBe(200)
  })

  await test.step('published to test', async () => {
    await page.goto(`${product.url}/bots/${bot}/versions?publish=1`)
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('radio', { name: /先放到测试/ }).check()
    await holds(page)
    await picture('publish')
    await dialog.getByRole('button', { name: '发布到测试' }).click()
    await expect(page.getByText('v2 已放到测试环境。')).toBeVisible()
    const line = page.getByRole('listitem').filter({ hasText: /^v2/ })
    await expect(line.getByText('测试', { exact: true })).toBeVisible()
    await holds(page)
  })
  const link = new URL(await page.getByRole('textbox', { name: '测试链接' }).inputValue())
  await picture('versions')

  await test.step('the test page greets anew, also on a phone; the shop greets as before; without the key nothing opens', async () => {
    const tester = await greeting(browser, link.pathname + link.search)
    expect(tester.words).toContain(fresh)
    await expect(tester.page.getByText('测试版')).toBeVisible()
    if (process.env.PICTURES) await tester.page.screenshot({ path: `${process.env.PICTURES}/try.png` })
    await tester.page.getByRole('textbox').fill('你好')
    await tester.page.getByRole('textbox').press('Enter')
    await expect(tester.log.locator('.row.user')).toHaveCount(1)
    await tester.close()
    const phone = await greeting(browser, link.pathname + link.search, { width: 390, height: 800 })
    expect(phone.words).toContain(fresh)
    await phone.close()
    const visitor = await greeting(browser, '/demo?lang=zh')
    expect(visitor.words).not.toContain(fresh)
    await visitor.close()
    const stranger = await (await browser.newContext({ locale: 'zh-CN' })).newPage()
    await stranger.goto(`${product.url}${link.pathname}`)
    await expect(stranger.getByText('这个测试链接已经失效。')).toBeVisible()
    await stranger.context().close()
  })

  await test.step('the inbox marks it', async () => {
    await page.goto(`${product.url}/chats?status=all`)
    await expect(page.locator('[data-chat]').filter({ hasText: '测试' })).not.toHaveCount(0)
    await holds(page)
  })

  const share = async () => {
    await page.getByRole('button', { name: '做 A/B 对比' }).click()
    const dialog = page.getByRole('dialog')
    await holds(page)
    await picture('start')
    await dialog.getByRole('slider').fill('99')
    await dialog.getByRole('button', { name: '开始' }).click()
    await expect(page.getByText('现在下结论还太早', { exact: false })).toBeVisible()
  }

  await test.step('both share the visitors; the experiment is stopped and the old one kept', async () => {
    await page.goto(`${product.url}/bots/${bot}/versions`)
    await share()
    await expect(page.getByText('B 99%').first()).toBeVisible()
    await holds(page)
    await picture('experiment')
    // One in a hundred gets A; not four in a row.
    const met: string[] = []
    for (let i = 0; i < 4 && !met.some((words) => words.includes(fresh)); i++) {
      const visitor = await greeting(browser, '/demo?lang=zh')
      met.push(visitor.words)
      await visitor.close()
    }
    expect(met.at(-1)).toContain(fresh)
    for (const [scheme, width] of [
      ['dark', 1440],
      ['light', 390],
    ] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await page.setViewportSize({ width, height: 900 })
      await holds(page)
      await picture(`experiment-${scheme}-${width}`)
    }
    await page.setViewportSize({ width: 1440, height: 900 })
    await page.getByRole('button', { name: '结束…' }).click()
    const dialog = page.getByRole('dialog')
    await expect(dialog.getByRole('button', { name: '结束并保留 v1' })).toBeVisible()
    await holds(page)
    await picture('stop')
    await dialog.getByRole('button', { name: '结束并保留 v1' }).click()
    await expect(page.getByRole('heading', { name: '以前的 A/B 对比' })).toBeVisible()
    const visitor = await greeting(browser, '/demo?lang=zh')
    expect(visitor.words).not.toContain(fresh)
    await visitor.close()
  })

  await test.step('promoted: everybody new meets it', async () => {
    const line = page.getByRole('listitem').filter({ hasText: /^v2/ })
    await line.getByRole('button', { name: '上线', exact: true }).click()
    const dialog = page.getByRole('dialog')
    const accept = dialog.getByRole('checkbox')
    const yes = dialog.getByRole('button', { name: '让 v2 上线' })
    await expect(accept.or(dialog.getByText(/的回复都不变|没有可比的/))).toBeVisible()
    if (await accept.isVisible()) await accept.check()
    await holds(page)
    await picture('promote')
    await yes.click()
    await expect(page.getByText('v2 已上线。')).toBeVisible()
    await expect(line.getByText('线上', { exact: true })).toBeVisible()
    const visitor = await greeting(browser, '/demo?lang=zh')
    expect(visitor.words).toContain(fresh)
    await visitor.close()
  })

  await speak(page, 'en')
  await expect(page.getByRole('heading', { name: 'Earlier A/B tests' })).toBeVisible()
  await holds(page)
  await picture('english')
  expect(heard).toEqual([])
  await context.close()
})

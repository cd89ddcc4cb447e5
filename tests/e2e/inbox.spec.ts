import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide } from '../drivers/studio-pages.ts'

/** A visitor of the shop asks for a person; somebody at the desk sees it, takes it, answers and gives it back to the bot. */
let product: Product
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await signIn(page, product)
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

/** The shop's page with its chat open. */
async function visit(browser: Browser) {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(`${product.url}/demo?lang=zh`)
  await page.getByRole('button', { name: '打开聊天' }).click()
  const log = page.getByRole('log')
  await expect(log.locator('.row.bot .bubble:not(.dots)').first()).toBeVisible()
  return {
    page,
    log,
    async say(text: string) {
      await page.getByRole('textbox').fill(text)
      await page.getByRole('textbox').press('Enter')
      await expect(log.locator('.row.user', { hasText: text }).last()).not.toHaveClass(/sending/)
    },
    close: () => context.close(),
  }
}

/** The desk, by who is signed in. */
async function sit(browser: Browser, { width = 1440, height = 900, path = '/chats' } = {}) {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width, height },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const heard = listen(page)
  await page.goto(`${product.url}${path}`)
  await expect(page.getByRole('region', { name: '会话列表' })).toBeVisible()
  return {
    page,
    heard,
    lines: page.locator('[data-chat]'),
    log: page.getByRole('log', { name: '消息' }),
    box: page.getByRole('textbox', { name: '回复访客' }),
    close: () => context.close(),
  }
}
const holds = async (page: Page) => {
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: false })).toEqual([])
}

test('a visitor asks for a person, is answered by name, never sees a note, and is given back to the bot', async ({
  browser,
}) => {
  const desk = await sit(browser)
  await expect(desk.page.getByText('还没有人来聊过。')).toBeVisible()
  await holds(desk.page)
  const visitor = await visit(browser)
  await visitor.say('转人工')

  await test.step('it appears by itself, and the title and the rail count it', async () => {
    await expect(desk.lines).toHaveCount(1)
    await expect(desk.page).toHaveTitle(/^\(1\) 会话/)
    await expect(desk.page.getByRole('link', { name: /1 个在等人工/ })).toBeVisible()
  })
  await desk.lines.click()
  await expect(desk.log).toContainText('转人工')

  await test.step('a note is on other paper here and nowhere there', async () => {
    await desk.page.getByText('给同事的备注', { exact: true }).click()
    const note = desk.page.getByRole('textbox', { name: '给同事的备注' })
    await note.fill('这位昨天来过')
    await note.press('Enter')
    await expect(desk.log.getByText('备注，只有同事能看到')).toBeVisible()
    await desk.page.getByText('回复', { exact: true }).click()
  })

  await test.step('taken and answered: the visitor sees who it is', async () => {
    await desk.page.getByRole('button', { name: '接过来' }).click()
    await expect(visitor.log).toContainText('为您服务')
    await expect(desk.page.getByText('你在接待')).toBeVisible()
    await desk.box.fill('您好，')
    await desk.box.press('Shift+Enter')
    await desk.box.pressSequentially('我来看看您的订单')
    await desk.box.press('Enter')
    await expect(desk.box).toHaveValue('')
    const answer = visitor.log.locator('.row.agent')
    await expect(answer.locator('.bubble')).toHaveText('您好，\n我来看看您的订单')
    await expect(answer.locator('.who')).toHaveText('Owner')
    await expect(desk.log.getByText('我来看看您的订单')).toHaveCount(1)
  })

  await test.step('what the visitor says arrives without a reload', async () => {
    await visitor.say('谢谢，我等着')
    await expect(desk.log).toContainText('谢谢，我等着')
  })
  await holds(desk.page)
  await desk.page.emulateMedia({ colorScheme: 'dark' })
  await holds(desk.page)

  await test.step('given back, the bot answers again', async () => {
    await desk.page.getByRole('button', { name: '交还机器人' }).click()
    await expect(visitor.log).toContainText('机器人继续为您服务')
    const before = await visitor.log.locator('.row.bot:not(:has(.dots))').count()
    await visitor.say('我的快递怎么还没到')
    await expect.poll(() => visitor.log.locator('.row.bot:not(:has(.dots))').count()).toBeGreaterThan(before)
    await expect(visitor.log.locator('.row.bot:not(:has(.dots))').last()).toContainText('订单')
    await expect(desk.page.getByText('机器人正在接待')).toBeVisible()
  })

  await test.step('the bot says why', async () => {
    await desk.log
      .getByRole('button', { name: /为什么这么答/ })
      .last()
      .click()
    await expect(desk.page.getByRole('region', { name: '为什么这么答？' })).toContainText('听懂问题')
    await expect(desk.page).toHaveURL(/why=/)
  })
  await expect(visitor.log).not.toContainText('这位昨天来过')
  expect(desk.heard).toEqual([])
  await visitor.close()
  await desk.close()
})

test('by keys alone: to a chat, a prepared answer, and back to the list', async ({ browser }) => {
  const visitor = await visit(browser)
  await visitor.say('转人工')
  const { page, lines, box, log, close } = await sit(browser)
  await expect(lines).toHaveCount(1)
  await page.keyboard.press('j')
  await expect(lines.first()).toBeFocused()
  await page.keyboard.press('Enter')
  await expect(box, 'the box to write in has the focus').toBeFocused()

  await page.keyboard.press('/')
  const picker = page.getByRole('dialog', { name: '常用语' })
  await expect(picker.getByText('还没有常用语。')).toBeVisible()
  await picker.getByRole('button', { name: '添加和修改' }).press('Enter')
  const dialog = page.locator('dialog[open]')
  await dialog.getByRole('textbox', { name: '名称' }).fill('问候')
  await dialog.getByRole('textbox', { name: '内容' }).fill('您好，请稍等。')
  await dialog.getByRole('button', { name: '保存' }).press('Enter')
  await expect(dialog.getByRole('button', { name: '修改“问候”' })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(picker.getByRole('combobox'), 'back where the answers are picked').toBeFocused()
  await page.keyboard.type('问候')
  await page.keyboard.press('Enter')
  await expect(box).toHaveValue('您好，请稍等。')
  await expect(box).toBeFocused()

  await test.step('Enter that ends a pinyin composition does not send', async () => {
    for (const composing of [{ isComposing: true }, { keyCode: 229 }])
      await box.evaluate(
        (element, given) =>
          element.dispatchEvent(
            new KeyboardEvent('keydown', { key: 'Enter', bubbles: true, cancelable: true, ...given }),
          ),
        composing,
      )
    await expect(box).toHaveValue('您好，请稍等。')
  })

  await test.step('what is not sent is still there after a reload', async () => {
    await page.reload()
    await expect(box).toHaveValue('您好，请稍等。')
  })
  await box.press('Enter')
  await expect(visitor.log.locator('.row.agent')).toContainText('您好，请稍等。')
  await page.keyboard.press('Escape')
  await expect(page).toHaveURL(/\/chats(\?|$)/)
  await expect(log).toHaveCount(0)
  await visitor.close()
  await close()
})

test('an answer without a network is shown, says so, and is said once', async ({ browser }) => {
  const visitor = await visit(browser)
  await visitor.say('转人工')
  const { page, lines, box, log, close } = await sit(browser)
  await lines.first().click()
  await page.route('**/api/inbox/chats/*/messages', async (route) => {
    // It arrives, and the word that it did is lost.
    await route.fetch()
    await route.abort()
  })
  await box.fill('马上就好')
  await box.press('Enter')
  await expect(log.getByText('还没发出去，会自动重试。')).toBeVisible()
  await page.unroute('**/api/inbox/chats/*/messages')
  await page.reload()
  await expect(log.getByText('马上就好')).toHaveCount(1)
  await expect(log.getByText('还没发出去，会自动重试。')).toHaveCount(0)
  await expect(visitor.log.locator('.row.agent')).toHaveCount(1)
  await visitor.close()
  await close()
})

test('on a phone: the list, the conversation on the whole screen, the rest as a sheet', async ({ browser }) => {
  const visitor = await visit(browser)
  await visitor.say('转人工')
  const { page, lines, box, log, heard, close } = await sit(browser, { width: 390, height: 844 })
  await expect(lines.first()).toBeVisible()
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  await holds(page)
  await lines.first().click()
  await expect(log).toBeVisible()
  await expect(lines.first()).toBeHidden()
  await expect(page.getByRole('navigation', { name: '主菜单' })).toBeHidden()
  await box.fill('您好')
  await page.getByRole('button', { name: '发送', exact: true }).click()
  await expect(visitor.log.locator('.row.agent')).toContainText('您好')
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  await holds(page)

  await page.getByRole('button', { name: '会话信息' }).click()
  const sheet = page.getByRole('dialog', { name: '会话信息' })
  await sheet.getByLabel('加标签').fill('急')
  await sheet.getByLabel('加标签').press('Enter')
  await expect(sheet.getByRole('button', { name: '去掉标签 急' })).toBeVisible()
  await holds(page)
  await page.keyboard.press('Escape')
  await expect(sheet).toHaveCount(0)
  await page.getByRole('button', { name: '回到列表' }).click()
  await expect(log).toHaveCount(0)
  await page.goto(`${product.url}/chats?status=all&tag=急`)
  await expect(lines).toHaveCount(1)
  expect(heard).toEqual([])
  await visitor.close()
  await close()
})

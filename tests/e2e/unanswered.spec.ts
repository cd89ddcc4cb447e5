import { type BrowserContext, type Page, expect as patient, test } from '@playwright/test'
import { type Product, startProduct } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide, untranslated } from '../drivers/studio-pages.ts'
import { talk } from '../drivers/traffic.ts'

/** Groups are found in a process of its own: seconds where a machine is busy. */
const expect = patient.configure({ timeout: 90_000 })

/** What visitors of the published shop say and it does not understand is found, grouped, and put under topics by mouse and by keys. */
let product: Product
let bot = ''
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  bot = await signIn(await context.newPage(), product)
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

const holds = async (page: Page) => {
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: false })).toEqual([])
  expect(await tooWide(page)).toBe(0)
  expect(await untranslated(page)).toEqual([])
}
const card = (page: Page, word: string) =>
  page
    .locator('section')
    .filter({ has: page.getByRole('heading', { level: 3, name: word }) })
    .last()

test('what is not understood becomes rows of a topic, by mouse and by keys, and comes back', async ({ browser }) => {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width: 1440, height: 1000 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const heard = listen(page)
  await test.step('before there is anything, the page says when there will be', async () => {
    await page.goto(`${product.url}/bots/${bot}/unanswered`)
    await expect(page.getByText('这段时间没有未能回答的消息')).toBeVisible()
    await holds(page)
  })

  await test.step('visitors ask what the shop has never heard of; the two groups have names', async () => {
    await talk(
      product.url,
      'little-boat-shop',
      [
        '去火星要多久',
        '火星离地球多远',
        '火星上能住人吗',
        '礼品卡怎么买',
        '想买一张礼品卡送朋友',
        '礼品卡有效期多久',
      ].map((line) => [line]),
    )
    await page.reload()
    await expect(card(page, '火星')).toContainText('去火星要多久')
    await expect(card(page, '礼品')).toContainText('礼品卡有效期多久')
    await expect(page.getByRole('link', { name: /未能回答/ })).toContainText('6')
    await holds(page)
  })

  await test.step('a card that is dragged onto a topic is gone, and back with one click', async () => {
    await card(page, '火星')
      .locator('header')
      .dragTo(page.getByRole('region', { name: '可以放下消息的主题' }).getByText('打招呼'))
    await expect(page.getByRole('status').filter({ hasText: '已把 3 条消息加入“打招呼”' })).toBeVisible()
    await expect(card(page, '火星')).toHaveCount(0)
    await expect(page.getByRole('region', { name: '消息前后对比表' })).toContainText('没听懂')
    await holds(page)
    await page.getByRole('button', { name: '撤销' }).click()
    await expect(card(page, '火星')).toContainText('去火星要多久')
    await expect(page.getByRole('region', { name: '消息前后对比表' })).toHaveCount(0)
  })

  await test.step('by keys alone a group becomes a new topic of the set', async () => {
    const opener = card(page, '礼品').getByRole('button', { name: '加入主题' })
    await expect(opener).toBeEnabled()
    await opener.focus()
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await dialog.getByRole('combobox').selectOption('')
    await dialog.getByRole('textbox').focus()
    await page.keyboard.press('ControlOrMeta+A')
    await page.keyboard.insertText('礼品卡')
    await holds(page)
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    await expect(card(page, '礼品')).toHaveCount(0)
    await page.goto(`${product.url}/bots/${bot}/data`)
    await page.getByRole('searchbox').fill('礼品卡有效期多久')
    await expect(page.getByRole('row').filter({ hasText: '礼品卡有效期多久' })).toContainText('礼品卡')
  })

  await test.step('on a phone the cards stand alone, and what is no question is put away', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.goto(`${product.url}/bots/${bot}/unanswered`)
    await expect(card(page, '火星')).toBeVisible()
    await expect(page.getByRole('img', { name: /分布图/ })).toHaveCount(0)
    await holds(page)
    await card(page, '火星').getByRole('button', { name: '不是问题' }).click()
    await expect(page.getByText('这段时间没有未能回答的消息')).toBeVisible()
  })
  expect(heard).toEqual([])
  await context.close()
})

import { type BrowserContext, type Page, expect as patient, test } from '@playwright/test'
import type { SetSummary } from '#server/api/dto.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide, untranslated } from '../drivers/studio-pages.ts'

/** A check runs in a process of its own: seconds where a machine is busy. */
const expect = patient.configure({ timeout: 60_000 })

/** The data doctor of the sample shop's questions: faults are found in plain words, mended with one click, and come back with another. */
let product: Product
let bot = ''
let set = ''
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  bot = await signIn(page, product)
  signedIn = await context.storageState()
  const made = await send<SetSummary>(page, `/api/bots/${bot}/sets`, { name: '体检' })
  set = made.id
  const lines = ['我的电话是13800138000，要退货', '我要退货', '我要  退货', '座机 010-66668888 找我', '您的快递到哪了']
  const file = await page.request.post(`${product.url}/api/files`, {
    multipart: {
      file: {
        name: 'q.csv',
        mimeType: 'text/csv',
        buffer: Buffer.from(
          `问题,意图\n${lines.map((line, i) => `${line},${i === 4 ? '查物流' : '退货'}`).join('\n')}`,
        ),
      },
    },
    headers: await guard(page),
  })
  await send(page, `/api/sets/${set}/import`, {
    file: ((await file.json()) as { file: string }).file,
    textColumn: '问题',
    labelColumn: '意图',
    label: null,
  })
  await context.close()
})
test.afterAll(() => product?.stop())

async function guard(page: Page): Promise<Record<string, string>> {
  const { csrf } = (await (await page.request.get(`${product.url}/api/me`)).json()) as { csrf: string }
  return { 'x-botloom-csrf': csrf, origin: product.url }
}

async function send<T>(page: Page, path: string, data: unknown): Promise<T> {
  const answer = await page.request.post(`${product.url}${path}`, { data, headers: await guard(page) })
  expect(answer.ok(), await answer.text()).toBe(true)
  return (await answer.json()) as T
}

const revision = async (page: Page) =>
  ((await (await page.request.get(`${product.url}/api/sets/${set}`)).json()) as SetSummary).revision

test('phone numbers are found, all but one are masked by keys alone, and undo brings the first rows back', async ({
  browser,
}) => {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  const heard = listen(page)
  const first = await revision(page)
  await page.goto(`${product.url}/bots/${bot}/data/${set}`)
  await page.getByRole('button', { name: '数据体检' }).click()
  const card = page.getByRole('region', { name: /^电话号码/ })
  await expect(card).toContainText('2 条')
  await card.getByRole('button', { name: '看看是哪些' }).focus()
  await page.keyboard.press('Enter')
  await expect(card.locator('mark')).toHaveText(['13800138000', '010-66668888'])
  await card.getByRole('checkbox').last().focus()
  await page.keyboard.press('Space')
  await expect(card).toContainText('有 1 条不动')
  await card.getByRole('button', { name: '换成 [电话]' }).focus()
  await page.keyboard.press('Enter')
  await expect(page.getByText('电话号码：改了 1 条。')).toBeVisible()
  expect(await revision(page)).not.toBe(first)
  await page.getByRole('button', { name: '撤销' }).click()
  await expect(page.getByText('已撤销，1 条恢复原样。')).toBeVisible()
  expect(await revision(page)).toBe(first)
  expect(heard).toEqual([])
  await context.close()
})

for (const [width, colorScheme, locale] of [
  [1440, 'light', 'en'],
  [390, 'dark', 'zh-CN'],
] as const)
  test(`the cards fit ${width} pixels, ${colorScheme}, ${locale}, and everybody can use them`, async ({ browser }) => {
    const context = await browser.newContext({
      storageState: signedIn,
      locale,
      viewport: { width, height: 844 },
      colorScheme,
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    await page.goto(`${product.url}/bots/${bot}/data/${set}?check=1`)
    await expect(page.locator('main section h3').first()).toBeVisible()
    await page
      .getByRole('button', { name: locale === 'en' ? 'Show the rows' : '看看是哪些' })
      .first()
      .click()
    await expect(page.locator('main mark, main li').first()).toBeVisible()
    await settled(page)
    expect(await axeViolations(page, { coloursOnly: false, butCanvas: false })).toEqual([])
    expect(await tooWide(page)).toBeLessThanOrEqual(0)
    expect(await untranslated(page)).toEqual([])
    await context.close()
  })

import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { DraftView, RowsPage, SetSummary } from '#server/api/dto.ts'
import { type Product, startProduct } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide, untranslated } from '../drivers/studio-pages.ts'

/** Labels of the sample shop's questions: given by keys alone, renamed with all that names them, entities marked, and all of it taken back. */
let product: Product
let bot = ''
let set = ''
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

const waiting = [
  '我那个蓝色包裹走到哪一站了',
  '快递小哥怎么三天都没来',
  '物流信息卡在武汉不动了',
  '这件格子衬衫我想退掉',
  '沙发垫子不想要了能退吗',
  '退货要在哪个页面申请呀',
  '帮我把昨晚那个订单取消',
  '手滑下错单了想取消掉',
  '公司报销要用的票据能开吗',
  '后天北京会不会下大雨',
]

test.beforeAll(async ({ browser }) => {
  product = await startProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  bot = await signIn(page, product)
  signedIn = await context.storageState()
  set = (await read<SetSummary[]>(page, `/api/bots/${bot}/sets`))[0]!.id
  await context.close()
})
test.afterAll(() => product?.stop())

async function open(browser: import('@playwright/test').Browser, address: string): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN', storageState: signedIn })
  const page = await context.newPage()
  await page.goto(`${product.url}${address}`)
  return page
}
async function read<T>(page: Page, path: string): Promise<T> {
  return (await (await page.request.get(`${product.url}${path}`)).json()) as T
}
const summary = (page: Page) => read<SetSummary>(page, `/api/sets/${set}`)
const found = async (page: Page, text: string) =>
  (await read<RowsPage>(page, `/api/sets/${set}/rows?search=${encodeURIComponent(text)}`)).rows
const looksRight = async (page: Page) => {
  await settled(page)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: false })).toEqual([])
  expect(await tooWide(page)).toBe(0)
  expect(await untranslated(page)).toEqual([])
}

test('ten questions without a topic are pasted and labelled by keys alone, with the model’s suggestions and the way back', async ({
  browser,
}) => {
  const page = await open(browser, `/bots/${bot}/data/${set}?add=1`)
  const heard = listen(page)
  await page.getByRole('textbox', { name: '粘贴' }).fill(waiting.join('\n'))
  await page.getByRole('button', { name: '下一步' }).click()
  await page.getByRole('combobox', { name: '意图', exact: true }).first().selectOption('none')
  await page.getByRole('button', { name: /导入/ }).click()
  await expect.poll(async () => (await summary(page)).unlabelledRows).toBe(10)

  await expect(page.getByRole('dialog')).toHaveCount(0)
  await page.getByRole('button', { name: '标注', exact: true }).focus()
  await page.keyboard.press('Enter')
  const words = page.locator('[aria-live="polite"][dir="auto"]')
  const suggested = page.getByRole('list', { name: '意图', exact: true }).getByRole('listitem')
  await expect(words).toHaveText(waiting[0]!)
  await expect(page.getByText('由这个机器人最新的模型建议')).toBeVisible()
  await looksRight(page)
  const first = (await suggested.first().locator('button > span').first().innerText()).split('\n')[0]!.trim()
  await page.keyboard.press('1')
  await expect(words).toHaveText(waiting[1]!)
  await page.keyboard.press('Enter')
  await expect(words).toHaveText(waiting[2]!)
  // Passed over, come back to, and given the second suggestion.
  await page.keyboard.press('ArrowRight')
  await expect(words).toHaveText(waiting[3]!)
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('2')
  await expect(words).toHaveText(waiting[3]!)
  // Taken back, and said anew.
  await page.keyboard.press('Backspace')
  await expect(words).toHaveText(waiting[2]!)
  for (const text of waiting.slice(2, 8)) {
    await expect(words).toHaveText(text)
    await page.keyboard.press('1')
  }
  await expect(words).toHaveText(waiting[8]!)
  await page.keyboard.type('开票问题')
  await expect(suggested).toHaveText([/新意图“开票问题”/])
  await page.keyboard.press('Enter')
  await expect(words).toHaveText(waiting[9]!)
  await page.keyboard.press('0')
  await expect(page.getByText('已经是最后一句，共标注了 10 句')).toBeVisible()
  await expect.poll(async () => (await summary(page)).unlabelledRows).toBe(0)
  expect((await found(page, waiting[0]!))[0]).toMatchObject({ labelName: first })
  expect((await found(page, waiting[8]!))[0]).toMatchObject({ labelName: '开票问题' })
  expect((await found(page, waiting[9]!))[0]).toMatchObject({ outOfScope: true })
  expect(heard).toEqual([])
  await page.context().close()
})

test('a topic has another name on the canvas at once, and the old one again after one click', async ({ browser }) => {
  const page = await open(browser, `/bots/${bot}/canvas`)
  const { labels } = await summary(page)
  const draft = await read<DraftView>(page, `/api/bots/${bot}/draft`)
  const wired = new Set(Object.values(draft.document.edges).map(({ from }) => from.port))
  const label = labels.find(({ id }) => wired.has(id))!
  const other = await open(browser, `/bots/${bot}/data/${set}?show=topics`)
  const drawer = other.getByRole('dialog')
  await drawer.getByRole('button', { name: new RegExp(`^${label.name}`) }).click()
  await drawer.getByLabel('名称').fill('新名字')
  await looksRight(other)
  await drawer.getByRole('button', { name: '改名' }).click()
  await expect(drawer.getByText(`“${label.name}”改名为“新名字”`)).toBeVisible()
  await expect.poll(async () => (await summary(other)).labels.some(({ name }) => name === '新名字')).toBe(true)
  // The canvas that was open in the other window hears of it.
  await expect(page.getByText('新名字').first()).toBeAttached()
  await drawer.getByRole('button', { name: '撤销' }).first().click()
  await expect(drawer.getByText(`“${label.name}”改名为“新名字”`)).toHaveCount(0)
  await expect(page.getByText('新名字')).toHaveCount(0)
  expect((await read<DraftView>(page, `/api/bots/${bot}/draft`)).document.edges).toEqual(draft.document.edges)
  await page.context().close()
  await other.context().close()
})

test('an entity is marked by keys, what overlaps is refused with a word, and the row tells its history', async ({
  browser,
}) => {
  const question = '明天北京会下雨吗'
  const page = await open(browser, `/bots/${bot}/data/${set}?q=${encodeURIComponent(question)}`)
  await page.getByRole('button', { name: /的历史和实体/ }).click()
  const drawer = page.getByRole('dialog')
  const text = drawer.getByRole('textbox', { name: '这句话的文字，可选中其中一段' })
  const select = async (from: number, length: number) => {
    await text.focus()
    await page.keyboard.press('Control+Home')
    for (let i = 0; i < from; i++) await page.keyboard.press('ArrowRight')
    for (let i = 0; i < length; i++) await page.keyboard.press('Shift+ArrowRight')
  }
  await select(2, 2)
  await drawer.getByRole('textbox', { name: '新的类型' }).fill('城市')
  await page.keyboard.press('Enter')
  await expect(drawer.getByRole('list', { name: '已标注的实体' }).getByRole('listitem')).toContainText('北京')
  await select(3, 2)
  await page.keyboard.press('1')
  await expect(drawer.getByRole('alert')).toContainText('重叠')
  await looksRight(page)
  await expect(drawer.getByText('标注实体')).toBeVisible()
  expect((await found(page, question))[0]!.entities).toEqual([{ start: 2, end: 4, type: '城市' }])
  await page.context().close()
})

test('deleted questions come back with one click, and the history of the set tells both', async ({ browser }) => {
  const page = await open(browser, `/bots/${bot}/data/${set}`)
  const { rows, revision } = await summary(page)
  await page.getByRole('checkbox', { name: '选中本页全部' }).check()
  await page.getByRole('button', { name: '删除' }).click()
  await expect.poll(async () => (await summary(page)).rows).toBe(rows - 50)
  await page.getByRole('button', { name: '撤销', exact: true }).click()
  await expect.poll(async () => (await summary(page)).revision).toBe(revision)
  await page.getByRole('button', { name: '历史', exact: true }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('listitem').nth(0)).toContainText('撤销')
  await expect(drawer.getByRole('listitem').nth(1)).toContainText('−50')
  await looksRight(page)
  await drawer.getByRole('listitem').nth(1).getByRole('button', { name: '看改了什么' }).click()
  await expect(drawer.locator('del')).toHaveCount(30)
  await page.context().close()
})

import { readFile } from 'node:fs/promises'
import { type Browser, type BrowserContext, type Locator, type Page, expect as patient, test } from '@playwright/test'
import type { ReportRowsPage, ReportView, RunView, SetSummary } from '#server/api/dto.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide, untranslated } from '../drivers/studio-pages.ts'

/** An edit tells every open page what it makes of the bot before it answers: seconds where a machine is busy. */
const expect = patient.configure({ timeout: 45_000 })

/**
 * The report of the sample shop: what a manager reads, rows that are mended where they stand and come back, figures as files, and the
 * whole of it on paper.
 */
let product: Product
let bot = ''
let run = ''
let report: ReportView
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  bot = await signIn(page, product)
  signedIn = await context.storageState()
  const [first] = await read<RunView[]>(context, `/api/bots/${bot}/runs`)
  run = first!.id
  report = await read<ReportView>(context, `/api/bots/${bot}/runs/${run}/report`)
  await context.close()
})
test.afterAll(() => product?.stop())

async function read<T>(context: BrowserContext, path: string): Promise<T> {
  return (await context.request.get(`${product.url}${path}`)).json()
}

async function openReport(browser: Browser, options: Parameters<Browser['newContext']>[0] = {}) {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'zh-CN',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
    ...options,
  })
  const page = await context.newPage()
  const heard = listen(page)
  await page.goto(`${product.url}/bots/${bot}/reports/${run}`)
  await expect(page.getByRole('heading', { name: '最难的问题' })).toBeVisible()
  await expect(page.locator('#hardest tbody tr')).toHaveCount(10)
  return { context, page, heard }
}

const name = (label: string) => report.labels.find(({ id }) => id === label)!.name
/** The cell with the most mistakes. */
const hot = () => report.confusion.filter((cell) => cell.truth !== cell.predicted).sort((a, b) => b.count - a.count)[0]!

async function openHotCell(page: Page): Promise<Locator> {
  const { truth, predicted, count } = hot()
  await page.getByRole('button', { name: `本意是${name(truth)}，当成了${name(predicted)}：${count} 句` }).click()
  const drawer = page.getByRole('dialog')
  await expect(drawer.getByRole('listitem').filter({ has: page.getByRole('checkbox') })).toHaveCount(count)
  await expect(drawer.getByRole('checkbox').first(), 'the keys are there at once').toBeFocused()
  return drawer
}

test('a manager reads what becomes of a hundred questions, what is mixed up, and what to do next', async ({
  browser,
}) => {
  const { context, page, heard } = await openReport(browser)
  const sentence = page.locator('p', { hasText: '顾客问 100 句' })
  const counts = (await sentence.innerText()).match(/\d+(?= 句)/g)!.map(Number)
  expect(counts.slice(1).reduce((sum, count) => sum + count, 0)).toBe(100)
  const at = report.thresholds.find((step) => step.threshold === report.threshold)!
  expect(Math.abs(counts[1]! - at.right * 100)).toBeLessThan(1)
  await expect(page.getByText('这是第一份报告')).toBeVisible()

  await expect(page.getByText('宏平均 F1')).toBeHidden()
  await page.getByText('全部数字和它们的意思').click()
  await expect(page.getByText('宏平均 F1'), 'figures are one click away, with what they mean').toBeVisible()

  const mixed = page.locator('section', { has: page.getByRole('heading', { level: 2, name: '最容易搞混' }) })
  await expect(mixed.getByRole('listitem')).toHaveCount(3)
  await mixed.getByRole('button').first().click()
  await expect(page.getByRole('dialog')).toContainText('搞混的问题')
  await expect(page).toHaveURL(/both=1/)
  await page.keyboard.press('Escape')
  await expect(page.getByRole('dialog')).toHaveCount(0)
  await expect(page.getByRole('heading', { name: '接下来做什么' })).toBeVisible()
  expect(heard).toEqual([])
  await context.close()
})

test('two rows of a cell get another label by keys alone; the report says so, the canvas turns stale, and undo takes it all back', async ({
  browser,
}) => {
  const { context, page, heard } = await openReport(browser)
  const canvas = await context.newPage()
  await canvas.goto(`${product.url}/bots/${bot}/canvas`)
  const data = canvas.locator('.react-flow__node[data-id="questions"]')
  await expect(data).toBeVisible()
  await expect(canvas.getByText('上次运行后')).toHaveCount(0)
  const before = await read<SetSummary[]>(context, `/api/bots/${bot}/sets`)

  const drawer = await openHotCell(page)
  const { truth, predicted } = hot()
  await page.keyboard.press('Space')
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Space')
  await expect(drawer.getByText('选中的 2 条：')).toBeVisible()
  await page.keyboard.press('2')
  await expect(drawer.getByRole('status')).toHaveText(`2 条改成了“${name(predicted)}”。`)
  await expect(drawer.getByText(`已改为“${name(predicted)}”`)).toHaveCount(2)
  await expect(page.getByText('之后改过 2 条')).toBeAttached()
  await expect(data, 'the block says so by itself').toContainText('上次运行后改了 2 条记录')
  const cell = `/api/bots/${bot}/runs/${run}/report/rows?truth=${truth}&predicted=${predicted}`
  const { rows } = await read<ReportRowsPage>(context, cell)
  expect(rows.slice(0, 2).map((row) => row.home?.now?.label)).toEqual([predicted, predicted])

  await page.keyboard.press('Control+z')
  await expect(drawer.getByRole('status')).toHaveText('2 条恢复原样。')
  await expect(drawer.getByText('已改为')).toHaveCount(0)
  await expect(page.getByText('之后改过')).toHaveCount(0)
  await expect(canvas.getByText('上次运行后')).toHaveCount(0)
  const after = await read<SetSummary[]>(context, `/api/bots/${bot}/sets`)
  expect(after[0]!.revision).toBe(before[0]!.revision)
  expect(heard).toEqual([])
  await context.close()
})

test('a row is kept for learning, taken out, or given a label that is looked for, each step with a way back', async ({
  browser,
}) => {
  const { context, page } = await openReport(browser)
  const drawer = await openHotCell(page)
  const status = drawer.getByRole('status')
  const boxes = drawer.getByRole('checkbox')
  await page.keyboard.press('t')
  await expect(status).toHaveText('1 条以后只用来学习。')
  const records = await context.newPage()
  await records.goto(new URL((await drawer.getByRole('link').first().getAttribute('href'))!, product.url).href)
  await expect(records.getByRole('button', { name: /^只学不考/ }), 'the records show it').toHaveCount(1)
  await records.close()
  await expect(boxes.nth(1), 'the mark goes on to the next row').toBeFocused()
  await page.keyboard.press('Delete')
  await expect(status).toHaveText('移出了 1 条。')
  await page.keyboard.press('Home')
  await expect(boxes.first()).toBeFocused()
  await page.keyboard.press('Enter')
  const search = drawer.getByRole('combobox')
  await expect(search).toBeFocused()
  await search.fill('全新的意图')
  await page.keyboard.press('Escape')
  await expect(search, 'Escape leaves the search, not the drawer').toHaveCount(0)
  await expect(boxes.first()).toBeFocused()
  await page.keyboard.press('Enter')
  await search.fill('发票')
  await expect(drawer.getByRole('option').first()).toContainText('发票')
  await page.keyboard.press('Enter')
  await expect(status).toContainText('发票')
  await expect(drawer.getByText('已移出')).toHaveCount(1)

  const set = (await read<SetSummary[]>(context, `/api/bots/${bot}/sets`))[0]!
  const undo = drawer.getByRole('button', { name: '撤销' })
  for (let left = 3; left > 0; left--) {
    await expect(undo).toBeEnabled()
    await undo.click()
    await expect(status).toHaveText('1 条恢复原样。')
  }
  await expect(undo).toBeDisabled()
  await expect(drawer.getByText('已移出')).toHaveCount(0)
  const now = (await read<SetSummary[]>(context, `/api/bots/${bot}/sets`))[0]!
  expect(now.rows).toBe(set.rows + 1)
  expect(await read(context, `/api/bots/${bot}/runs/${run}/report/edits`)).toEqual({ rows: [] })
  await context.close()
})

test('the hardest questions come page by page, and each leads to its record', async ({ browser }) => {
  const { context, page } = await openReport(browser)
  const hardest = page.locator('#hardest')
  const rows = hardest.locator('tbody tr')
  const { rows: expected } = await read<ReportRowsPage>(
    context,
    `/api/bots/${bot}/runs/${run}/report/rows?order=hardest&offset=10&limit=10`,
  )
  await hardest.getByRole('button', { name: '下一页' }).click()
  await expect(rows.first().getByRole('rowheader')).toHaveText(expected[0]!.text)
  await expect(page).toHaveURL(/hard=2/)
  await expect(rows.first().getByRole('listitem')).toHaveCount(3)
  await page.reload()
  await expect(rows.first().getByRole('rowheader'), 'the address holds the page').toHaveText(expected[0]!.text)
  await rows.first().getByRole('link').click()
  await expect(page).toHaveURL(/\/data\/set_/)
  await expect(page.getByRole('button', { name: expected[0]!.text, exact: true }).first()).toBeVisible()
  await context.close()
})

test('each table is kept as CSV and each picture as PNG, with what the page shows', async ({ browser }) => {
  const { context, page } = await openReport(browser)
  const keep = async (button: string) => {
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: button, exact: true }).click(),
    ])
    expect(file.suggestedFilename()).toMatch(button.startsWith('CSV') ? /^报告.*\.csv$/ : /^报告.*\.png$/)
    return readFile(await file.path())
  }
  const table = async (title: string) => {
    const text = (await keep(`CSV：${title}`)).toString()
    expect(text.charCodeAt(0)).toBe(0xfeff)
    return text.slice(1).trimEnd().split('\r\n')
  }
  const labels = await table('逐个意图看')
  expect(labels[0]).toBe('label,recall,precision,f1,rows')
  const [first] = report.labels
  expect(labels).toHaveLength(report.labels.length + 1)
  expect(labels).toContain([first!.name, first!.recall, first!.precision, first!.f1, first!.support].join(','))
  const confusion = await table('谁和谁容易搞混')
  expect(confusion).toContain([name(hot().truth), name(hot().predicted), hot().count].join(','))
  expect(confusion.slice(1).reduce((sum, line) => sum + Number(line.split(',').at(-1)), 0)).toBe(report.rows)
  expect(await table('它说的把握可信吗？')).toHaveLength(16)
  expect(await table('有多大把握才回答？')).toHaveLength(102)
  expect((await table('哪些问题听得差一些？')).length).toBe(1 + report.languages.length + report.lengths.length)
  expect((await table('最难的问题'))[1]).toContain(await page.locator('#hardest tbody th').first().innerText())

  for (const title of ['谁和谁容易搞混', '有多大把握才回答？', '它说的把握可信吗？']) {
    const png = await keep(`PNG：${title}`)
    expect([...png.subarray(0, 8)], title).toEqual([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])
    const [width, height] = [png.readUInt32BE(16), png.readUInt32BE(20)]
    const section = page.locator('section', { has: page.getByRole('heading', { level: 2, name: title }) })
    const drawing = section.locator('svg[role="img"]')
    if ((await drawing.count()) === 1) {
      const box = (await drawing.boundingBox())!
      expect([width, height], title).toEqual([Math.round(2 * (box.width + 24)), Math.round(2 * (box.height + 24))])
    }
    expect(await colours(page, png), `${title} is a picture, not a blank sheet`).toBeGreaterThan(20)
  }
  await context.close()
})

/** How many different colours a picture has. */
async function colours(page: Page, png: Buffer): Promise<number> {
  return page.evaluate(async (base64) => {
    const image = new Image()
    image.src = `data:image/png;base64,${base64}`
    await image.decode()
    const canvas = new OffscreenCanvas(image.naturalWidth, image.naturalHeight)
    const paper = canvas.getContext('2d')!
    paper.drawImage(image, 0, 0)
    return new Set(new Uint32Array(paper.getImageData(0, 0, canvas.width, canvas.height).data.buffer)).size
  }, png.toString('base64'))
}

test('on paper stands every section, opened, light from the dark, and nothing that is for clicking', async ({
  browser,
}) => {
  const { context, page } = await openReport(browser, { colorScheme: 'dark' })
  const folded = page.locator('main details:not([open])')
  const known = await folded.count()
  expect(known).toBeGreaterThan(2)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(folded).toHaveCount(0)
  for (const title of [
    '最容易搞混',
    '和上次相比',
    '接下来做什么',
    '谁和谁容易搞混',
    '逐个意图看',
    '最难的问题',
    '有多大把握才回答？',
    '它说的把握可信吗？',
    '哪些问题听得差一些？',
  ])
    await expect(page.getByRole('heading', { level: 2, name: title })).toBeVisible()
  for (const words of ['宏平均 F1', '把握至少', '实际答对']) await expect(page.getByText(words).first()).toBeVisible()
  for (const hidden of [
    page.getByRole('navigation'),
    page.getByRole('slider'),
    page.getByRole('button', { name: /打印|CSV|PNG|运行/ }),
  ])
    await expect(hidden.filter({ visible: true })).toHaveCount(0)
  const last = report.labels.toSorted((a, b) => b.recall - a.recall)[0]!
  await expect(page.getByRole('rowheader', { name: last.name, exact: true }).last()).toBeVisible()
  const ink = await page
    .locator('main h2')
    .first()
    .evaluate((heading) => getComputedStyle(heading).color)
  expect(Math.max(...ink.match(/\d+/g)!.slice(0, 3).map(Number)), 'dark ink').toBeLessThan(120)
  const cut = await page.evaluate(
    () =>
      [...document.querySelectorAll('[data-printed] section')].filter(
        (one) => getComputedStyle(one).overflowY !== 'visible',
      ).length,
  )
  expect(cut, 'nothing is cut off where a screen would scroll').toBe(0)
  await page.emulateMedia({ media: 'screen', colorScheme: 'dark' })
  await expect(folded).toHaveCount(known)
  await context.close()
})

for (const width of [1440, 390])
  test(`the report and its rows are for everybody, light and dark, at ${width}`, async ({ browser }) => {
    const { context, page } = await openReport(browser, { viewport: { width, height: 900 } })
    expect(await untranslated(page)).toEqual([])
    if (width < 600) expect(await tooWide(page)).toBeLessThanOrEqual(0)
    for (const fold of await page.locator('main details > summary').all()) await fold.click()
    const look = async (what: string) => {
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        await expect(page.locator('html')).toHaveAttribute('data-theme', colorScheme)
        await settled(page)
        const seen = { coloursOnly: colorScheme === 'dark', butCanvas: true }
        expect.soft(await axeViolations(page, seen), `${what}, ${colorScheme}`).toEqual([])
      }
    }
    await look('report')
    const drawer = await openHotCell(page)
    await page.keyboard.press('Space')
    await page.keyboard.press('Enter')
    await expect(drawer.getByRole('combobox')).toBeFocused()
    expect(await untranslated(page)).toEqual([])
    await look('rows')
    await context.close()
  })

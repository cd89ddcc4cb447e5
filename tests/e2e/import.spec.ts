import { expect, type Page, test } from '@playwright/test'
import iconv from 'iconv-lite'
import { makeWorkbook } from '../drivers/make-workbook.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, signIn, tooWide } from '../drivers/studio-pages.ts'

/**
 * Records as an analyst has them: a dirty GB18030 export of 3,000 rows, the same rows as a workbook with a second sheet, a workbook of
 * old, and the training data of another tool. Each says what was understood of it, and nothing is lost unseen.
 */
const topics = ['物流', '退货', '发票', '优惠券', '换货', '客服']
const rows = Array.from({ length: 3_000 }, (_, i) => [`第 ${i + 1} 位顾客问${topics[i % 6]}的事`, topics[i % 6] ?? ''])

let product: Product
test.beforeAll(async () => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
})
test.afterAll(() => product?.stop())

test('files of the world become rows of a set, or say what to do instead', async ({ page }) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))
  const bot = `/bots/${await signIn(page, product)}`
  await page.goto(`${product.url}${bot}/data`)
  const dialog = page.getByRole('dialog')

  await test.step('a GB18030 export with a damaged and a ragged row: all others come in, these are named', async () => {
    await choose(page, '导出.csv', dirtyExport())
    await expect(dialog).toContainText('CSV，2,998 行，GB18030 编码')
    await expect(dialog.getByLabel('文件的编码')).toHaveValue('GB18030')
    await dialog.getByText('有 2 行读不通').click()
    await expect(dialog.getByText('第 101 行')).toBeVisible()
    await expect(dialog.getByText('第 201 行')).toBeVisible()
    expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
    await dialog.getByRole('button', { name: /^导入/ }).click()
    await expect(page.getByText(/已添加 2998 条/)).toBeVisible()
  })

  await test.step('read in another encoding it looks wrong, and is put right by the keyboard', async () => {
    await choose(page, '导出.csv', dirtyExport())
    const encoding = dialog.getByLabel('文件的编码')
    await encoding.selectOption('Windows-1252')
    await expect(dialog).toContainText('Windows-1252 编码')
    await expect(dialog.getByRole('cell', { name: '物流', exact: true })).toHaveCount(0)
    await encoding.focus()
    await page.keyboard.press('G')
    await expect(dialog).toContainText('GB18030 编码')
    await expect(dialog.getByRole('cell', { name: '物流', exact: true }).first()).toBeVisible()
    await page.keyboard.press('Escape')
  })

  await test.step('the same rows as a workbook: the sheet is chosen, and what the set knows is not doubled', async () => {
    const workbook = makeWorkbook([
      {
        name: '说明',
        rows: [
          ['问题', '意图'],
          ['这一页只是说明', '其他'],
        ],
      },
      { name: '客户问题', rows: [['2025 年导出'], ['问题', '意图'], ...rows], merges: ['A1:B1'] },
    ])
    await choose(page, '导出.xlsx', workbook)
    await expect(dialog).toContainText('Excel，1 行')
    await expect(dialog.getByLabel('文件的编码')).toHaveCount(0)
    await dialog.getByLabel('工作表').selectOption('客户问题')
    await expect(dialog).toContainText('Excel，3,000 行')
    await expect(dialog).toContainText('表格上方的 1 行标题')
    await dialog.getByRole('button', { name: /^导入/ }).click()
    await expect(page.getByText(/已添加 2 条.*2998 条原来就有/)).toBeVisible()
  })

  await test.step('a workbook of old gets its remedy and leaves nothing behind', async () => {
    await choose(page, '旧表.xls', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'))
    await expect(dialog).toContainText('2007 年以前的 Excel 格式')
    await expect(dialog).toContainText('另存为 .xlsx')
    await page.keyboard.press('Escape')
  })

  await test.step('training data of Rasa, on a phone and in the dark: what is found and what stays out is said', async () => {
    await page.setViewportSize({ width: 390, height: 844 })
    await page.emulateMedia({ colorScheme: 'dark' })
    const nlu =
      'nlu:\n- intent: 订机票\n  examples: |\n    - 我要去[深圳](city)\n- synonym: 深圳\n  examples: |\n    - 鹏城\n'
    await choose(page, 'nlu.yml', Buffer.from(nlu))
    await expect(dialog).toContainText('Rasa，1 行')
    await expect(dialog).toContainText('1 种意图，1 处实体标注')
    await expect(dialog).toContainText('1 个同义词')
    expect(await tooWide(page)).toBeLessThanOrEqual(0)
    expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
    await dialog.getByRole('button', { name: /^导入/ }).click()
    await expect(page.getByText(/已添加 1 条/)).toBeVisible()
  })
  expect(errors).toEqual([])
})

async function choose(page: Page, name: string, buffer: Buffer): Promise<void> {
  await page.getByRole('button', { name: '添加问题' }).first().click()
  await page
    .getByRole('dialog')
    .locator('input[type="file"]')
    .setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

/** The hundredth row has lost half of a character, the two hundredth has a field too many. */
function dirtyExport(): Buffer {
  const lines = [['问题', '意图'], ...rows].map((row) => iconv.encode(`${row.join(',')}\r\n`, 'gb18030'))
  const hurt = lines[100]!
  hurt[hurt.indexOf(0x2c) - 1] = 0x20
  lines[200] = iconv.encode('这一行,多了,一列\r\n', 'gb18030')
  return Buffer.concat(lines)
}

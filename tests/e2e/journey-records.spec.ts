import { expect, type Page, test } from '@playwright/test'
import iconv from 'iconv-lite'
import { makeWorkbook } from '../drivers/make-workbook.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, signIn } from '../drivers/studio-pages.ts'

/** J2: an analyst with her own spreadsheet, as it came out of another system. */
let product: Product
test.beforeAll(async () => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
})
test.afterAll(() => product?.stop())

const topics: Record<string, string[]> = {
  查物流: ['我的快递到哪了', '包裹什么时候能送到', '物流三天没更新', '快递员一直没联系我'],
  退货: ['这件衣服想退掉', '不合适能退货吗', '怎么申请退货', '退货要自己出运费吗'],
  开发票: ['请给我开一张发票', '发票抬头写错了', '电子发票发到哪里', '公司要报销需要发票'],
  优惠券: ['优惠券为什么用不了', '满减券怎么领', '领的券过期了', '下单没有抵扣优惠券'],
  会员积分: ['积分怎么兑换礼品', '会员积分清零了吗', '我的会员等级怎么没升', '积分可以当钱用吗'],
}
const openings = ['', '你好，', '在吗？', '请问', '麻烦问下，', '急！', '亲，', '老板，', '您好！', '我想问']
const endings = [
  '',
  '？',
  '呢',
  '，谢谢',
  '，急',
  '啊',
  '，很着急',
  '，等回复',
  '，已经问过一次了',
  '。',
  '，订单尾号',
  '，昨天买的',
  '！！',
  '，上周的',
  '，帮我看看',
]

/** 3,000 rows: five topics, one of them written in two ways, copies, phone numbers, a row with a field too many. */
const rows = Array.from({ length: 3_000 }, (_, i): [string, string] => {
  const names = Object.keys(topics)
  const topic = names[i % names.length]!
  const k = Math.floor(i / names.length)
  const cores = topics[topic]!
  const core = cores[k % cores.length]!
  const words = `${openings[Math.floor(k / 4) % openings.length]}${core}${endings[Math.floor(k / 40) % endings.length]}`
  const text = i % 50 === 7 ? `${words}，电话1380013${String(1_000 + i).slice(-4)}` : words
  return [text, topic === '退货' && i % 3 === 0 ? '退货。' : topic]
})

test('J2: from a messy spreadsheet to a dialog with a branch for each topic', async ({ page }) => {
  const heard = listen(page)
  await signIn(page, product)
  const dialog = page.getByRole('dialog')

  await test.step('a new bot from her records asks for them at once', async () => {
    await page.goto(product.url)
    await page.getByRole('link', { name: '新建机器人' }).click()
    await dialog.getByRole('radio', { name: /从我的记录开始/ }).check()
    await expect(dialog).toContainText('用您自己的记录')
    await dialog.getByLabel('名字').fill('客服小帮手')
    await dialog.getByRole('button', { name: '创建' }).click()
    await expect(page).toHaveURL(/\/data/)
    await expect(dialog.getByLabel('粘贴问题')).toBeVisible()
  })

  await test.step('a workbook of old says what to do instead', async () => {
    await drop(page, '旧表.xls', Buffer.from(`d0cf11e0a1b11ae1${'00'.repeat(600)}`, 'hex'))
    await expect(dialog).toContainText('另存为 .xlsx')
    // The browser's own word about an upload that was refused.
    expect(heard.splice(0)).toEqual([expect.stringContaining('400')])
  })

  await test.step('the GB18030 export is understood, she says what is what, and the doctor looks at it at once', async () => {
    const lines = [['编号', '客户原话', '归类'], ...rows.map(([text, topic], i) => [`${i + 1}`, text, topic])]
    lines.splice(900, 0, ['900', '这一行', '多了', '一列'])
    const bytes = lines.map((line) => iconv.encode(`${line.map((cell) => `"${cell}"`).join(',')}\r\n`, 'gb18030'))
    await drop(page, '导出.csv', Buffer.concat(bytes))
    await expect(dialog).toContainText('3,000 行，GB18030 编码')
    await dialog.getByLabel('问题在哪一列').selectOption('客户原话')
    await dialog.getByLabel('意图在哪一列').selectOption('归类')
    await dialog.getByRole('button', { name: /^导入/ }).click()
    await expect(page.getByRole('region', { name: /^同一个意图，写法不同/ })).toBeVisible({ timeout: 90_000 })
    await expect(page.getByRole('region', { name: /^电话号码/ })).toBeVisible()
  })

  await test.step('the same rows as a workbook bring nothing that is not there', async () => {
    await page.getByRole('button', { name: '添加问题' }).first().click()
    await drop(page, '导出.xlsx', makeWorkbook([{ name: '客户', rows: [['客户原话', '归类'], ...rows] }]))
    await expect(dialog).toContainText('Excel，3,000 行')
    await dialog.getByRole('button', { name: /^导入/ }).click()
    await expect(page.getByText(/3000 条原来就有/)).toBeVisible()
  })

  await test.step('one click each mends what is wrong', async () => {
    for (const [card, fix] of [
      ['同一个意图，写法不同', '并入条数多的那个'],
      ['电话号码', '换成 [电话]'],
    ] as const) {
      const region = page.getByRole('region', { name: new RegExp(`^${card}`) })
      await region.getByRole('button', { name: fix }).click()
      await expect(page.getByText(new RegExp(`${card}：改了 \\d+ 条`))).toBeVisible({ timeout: 60_000 })
      await expect(region).toHaveCount(0)
    }
  })

  await test.step('Run learns her topics, with a report that a manager understands', async () => {
    await page.locator('header').getByRole('button', { name: /运行/ }).click()
    await expect(page.getByText(/画布上已为 5 种意图各接好一条分支/)).toBeVisible()
    await page.getByText('运行完成。').waitFor({ timeout: 200_000 })
    await page.getByRole('button', { name: '看报告' }).click()
    await expect(page.getByText(/顾客问 100 句/)).toContainText(/听懂并答对 (9\d|100) 句/)
  })

  await test.step('the dialog has a branch for each topic, an empty reply in it, and a person for who is not understood', async () => {
    await page.getByRole('link', { name: '画布' }).click()
    for (const topic of Object.keys(topics))
      await expect(
        page.locator('.react-flow__node', { hasText: topic }).locator('.bl-block__head').first(),
      ).toBeVisible()
    await page.keyboard.press('Control+k')
    await page.locator('[role="combobox"]').fill('开发票')
    await page.keyboard.press('Enter')
    await page.getByRole('tab', { name: '块设置' }).click()
    const panel = page.locator('.bl-inspector')
    await expect(panel.locator('textarea').first()).toHaveValue('')
    expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
    await panel.locator('textarea').first().fill('请把抬头和税号发给我们，三天内开出。')
    await expect(page.getByText(/已保存/)).toBeVisible()
  })

  await test.step('asked in words of her customers it gives her reply', async () => {
    await page.locator('header').getByRole('button', { name: '试聊' }).click()
    const input = page.getByPlaceholder('像顾客那样问一句')
    await input.fill('你好，请给我开一张发票')
    await input.press('Enter')
    await expect(page.getByRole('list', { name: '对话', exact: true })).toContainText('请把抬头和税号发给我们')
  })
  expect(heard).toEqual([])
})

async function drop(page: Page, name: string, buffer: Buffer): Promise<void> {
  const input = page.getByRole('dialog').locator('input[type="file"]')
  await input.setInputFiles({ name, mimeType: 'application/octet-stream', buffer })
}

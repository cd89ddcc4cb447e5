import { readFile } from 'node:fs/promises'
import { expect, type Page, test } from '@playwright/test'
import type { DraftView, Me, RecordsPreview, RunView, SetSummary } from '#server/api/dto.ts'
import { additionOf, graphOf } from '../drivers/chat.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide, untranslated } from '../drivers/studio-pages.ts'

/**
 * What must run again and why, what Run would do, a run that is watched, left, come back to and stopped, two runs side by side, and
 * what can be taken away from one. Over a bot of a few rows, which learns for as long as the tests need.
 */
const topics = {
  快递: ['我的快递到哪了', '包裹还没到', '什么时候送到', '物流不动了', '快递怎么这么慢', '还要几天才到'],
  退款: ['我要退款', '钱什么时候退回来', '退款还没到账', '怎么申请退钱', '不想要了能退吗', '退货退款怎么走'],
  发票: ['能开发票吗', '发票抬头写错了', '电子发票发哪里', '怎么补开发票', '要一张专用发票', '发票多久能开'],
}
const ways = ['', '请问', '你好，', '麻烦问一下，']
const records = Object.entries(topics).flatMap(([label, texts]) =>
  texts.flatMap((text) => ways.map((way) => ({ text: way + text, label }))),
)

let product: Product
let page: Page
let bot = ''
let set = ''
let heard: string[] = []

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext({ locale: 'zh-CN' })
  page = await context.newPage()
  heard = listen(page)
  await signIn(page, product)
  await makeBot()
})
test.afterAll(() => product?.stop())

test('an edit turns what it touches amber before the server has heard of it, says why, and its undoing takes that away', async () => {
  await ended(await start())
  let letThrough = (): void => {}
  const held = new Promise<void>((resolve) => {
    letThrough = resolve
  })
  await page.route('**/draft/diffs', async (route) => {
    await held
    await route.continue()
  })
  await page.goto(`${product.url}/bots/${bot}/canvas?side=block`)
  await expect(block('deploy').locator('.bl-block__foot--done')).toBeVisible()
  await expect(page.locator('.bl-block__foot--stale')).toHaveCount(0)

  await block('split').click()
  await page.getByText('更多设置').first().click()
  await page.getByLabel('随机种子').fill('9')
  await expect(reason('split')).toHaveText('“随机种子”：1 → 9')
  for (const behind of ['learn', 'exam', 'deploy'])
    await expect(reason(behind)).toHaveText('“拆分”里的“随机种子”改过了')
  await expect(block('data').locator('.bl-block__foot--done')).toBeVisible()
  await expect(runButton()).toContainText('4 个待更新')

  await page.getByRole('button', { name: /^撤销/ }).click()
  await expect(page.locator('.bl-block__foot--stale')).toHaveCount(0)
  letThrough()
  await page.unrouteAll({ behavior: 'wait' })
  await expect(page.getByText(/已保存/)).toBeVisible()
  await expect(page.locator('.bl-block__foot--stale')).toHaveCount(0)
})

test('Run says beforehand what it will do, how long that takes, and what is used again', async () => {
  await change({ epochs: [null, 50], method: ['head', 'full'], patience: [2, 20] })
  await expect(reason('learn')).toContainText('：')
  await page.getByRole('button', { name: '会跑什么，要多久' }).click()
  const plan = page.getByRole('dialog', { name: '这次会跑什么' })
  await expect(plan.getByRole('list', { name: '要跑的块' }).getByRole('listitem')).toContainText([
    /训练.*约 /s,
    /考试.*约 /s,
    /上岗.*约 /s,
  ])
  const kept = plan.getByRole('list', { name: '直接沿用' }).getByRole('listitem')
  await expect(kept).toHaveText([/^数据沿用 \d\d:\d\d 那次的结果$/, /^拆分沿用 \d\d:\d\d 那次的结果$/])
  await page.keyboard.press('Escape')
  await expect(plan).toHaveCount(0)
  await expect(page.getByRole('button', { name: '会跑什么，要多久' })).toBeFocused()
})

test('a run that is left in the midst goes on, its curve is there when one comes back, and it can end with what it has', async () => {
  await runButton().click()
  const panel = page.getByRole('region', { name: '本次运行' })
  const keep = panel.getByRole('button', { name: '停止并保留目前最好的结果' })
  await expect(keep).toBeVisible({ timeout: 90_000 })
  await page.reload()
  await expect(keep).toBeVisible()
  await expect(panel.getByText(/^损失 \d/)).toBeVisible()
  await expect(panel.getByText(/^还剩 /)).toBeVisible()
  await expect(panel.locator('.bl-tag')).toHaveText(/\S/)
  const soFar = await curveOf('learn')
  expect(soFar).toBeGreaterThan(1)
  await expect.poll(() => curveOf('learn')).toBeGreaterThan(soFar)

  await keep.click()
  await expect(page.getByText('运行完成。')).toBeVisible({ timeout: 90_000 })
  const timeline = page.getByRole('table', { name: '运行中的各个块' })
  await expect(timeline.getByRole('row', { name: /数据/ })).toContainText(/沿用 \d\d:\d\d 那次的结果/)
  await expect(timeline.getByRole('row', { name: /训练/ })).toContainText('完成')
  await expect(page.locator('.bl-block__foot--stale')).toHaveCount(0)
})

test('a run is stopped; what had finished is kept and the next run begins behind it', async () => {
  await change({ seed: [1, 5] })
  await expect(block('learn').locator('.bl-block__foot--stale')).toBeVisible()
  await runButton().click()
  const panel = page.getByRole('region', { name: '本次运行' })
  await expect(
    panel
      .getByText('学习中')
      .or(panel.getByText(/^损失 \d/))
      .first(),
  ).toBeVisible({ timeout: 90_000 })
  await panel.getByRole('button', { name: '停止', exact: true }).click()
  await expect(page.getByText('运行已停止。')).toBeVisible()
  await expect(panel).toContainText('已停止。跑完的块都保留着，再次运行就接着跑。')
  await expect(page.getByRole('table', { name: '运行中的各个块' }).getByRole('row', { name: /训练/ })).toContainText(
    '已停止',
  )
  await expect(block('learn').locator('.bl-block__foot--stale')).toBeVisible()
  await expect(block('split').locator('.bl-block__foot--done')).toBeVisible()
  await expect(runButton()).toBeEnabled()
})

test('new rows are counted, their label is a port at once, and another name of a label is told with both names', async () => {
  await importRows([
    { text: '可以包成礼物吗', label: '礼品' },
    { text: '帮我用礼盒装', label: '礼品' },
  ])
  await expect(reason('data')).toHaveText('上次运行后多了 2 条记录')
  await expect(reason('split')).toHaveText('“数据”里的记录变了')
  const port = block('intent').locator('.bl-block__row', { hasText: '礼品' })
  await expect(port.getByText('新', { exact: true })).toBeVisible()

  const { labels } = await get<SetSummary>(`/api/sets/${set}`)
  const refund = labels.find((label) => label.name === '退款')
  await send('PATCH', `/api/sets/${set}/labels/${refund?.id}`, { name: '退钱' })
  await expect(block('intent').locator('.bl-block__row', { hasText: '退钱' })).toBeVisible()
  await expect(block('data').locator('.bl-block__more')).toHaveText('+1')
  await block('data').click()
  await expect(page.locator('.bl-inspector')).toContainText('标签“退款”改名为“退钱”')
})

test('two runs stand side by side, and everything on the page can be taken away as a table', async () => {
  await page.getByRole('link', { name: '报告', exact: true }).click()
  const ticks = page.getByRole('checkbox', { name: /^对比/ })
  await expect(ticks).toHaveCount(2)
  await ticks.first().check()
  await expect(page.getByRole('button', { name: '对比', exact: true })).toBeDisabled()
  await ticks.last().check()
  await page.getByRole('button', { name: '对比', exact: true }).click()
  await expect(page.getByRole('heading', { name: '对比运行' })).toBeVisible()
  await expect(
    page
      .getByRole('region', { name: '指标' })
      .getByRole('row', { name: /听得懂/ })
      .first(),
  ).toContainText('%')
  const settings = page.getByRole('region', { name: '设置的差别' }).first()
  await expect(settings.getByRole('row', { name: /学几轮/ })).toContainText('50')
  await expect(settings.getByRole('row', { name: /随机种子/ })).toHaveCount(0)
  await expect(page.getByText(/^两边都考过的 \d+ 道题里/)).toContainText('p = ')

  const saved = page.waitForEvent('download')
  await page.getByRole('button', { name: '下载 CSV' }).click()
  const csv = await readFile((await (await saved).path()) ?? '', 'utf8')
  expect(csv).toContain('学几轮')
  expect(csv).toMatch(/听得懂,[\d.]+,[\d.]+/)

  for (const theme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: theme })
    await settled(page)
    expect(await axeViolations(page, { coloursOnly: theme === 'dark', butCanvas: true })).toEqual([])
  }
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  expect(await untranslated(page)).toEqual([])
  await page.setViewportSize({ width: 1440, height: 900 })
})

test('the model, the report and the rows of a run are files to keep', async () => {
  await page.getByRole('link', { name: '报告' }).first().click()
  for (const [name, begins] of [
    ['模型（zip）', 'PK'],
    ['报告（JSON）', '{'],
    ['考题和回答（CSV）', '\uFEFFid,text'],
  ] as const) {
    const saved = page.waitForEvent('download')
    await page.getByRole('button', { name: '文件' }).first().click()
    await page.getByRole('menuitem', { name }).click()
    const bytes = await readFile((await (await saved).path()) ?? '')
    expect(bytes.toString('utf8', 0, 40).startsWith(begins)).toBe(true)
  }
  expect(heard).toEqual([])
})

const block = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`)
/** The words below a stale block. */
const reason = (id: string) => block(id).locator('.bl-block__foot--stale > span:not(.bl-block__dot)')
const runButton = () => page.locator('header').getByRole('button', { name: /^运行/ })

async function get<T>(path: string): Promise<T> {
  return (await page.request.get(`${product.url}${path}`)).json()
}

async function send<T>(method: 'POST' | 'PATCH', path: string, data: unknown, form?: Buffer): Promise<T> {
  const { csrf } = await get<Me>('/api/me')
  const headers = { 'x-botloom-csrf': csrf, origin: product.url }
  const file = { name: 'rows.jsonl', mimeType: 'application/jsonl', buffer: form ?? Buffer.from('') }
  const response = await page.request.fetch(`${product.url}${path}`, {
    method,
    headers,
    ...(form ? { multipart: { file } } : { data }),
  })
  expect(response.ok(), `${path}: ${await response.text()}`).toBe(true)
  return response.json()
}

async function importRows(rows: readonly object[]): Promise<void> {
  const lines = Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n'))
  const { file } = await send<RecordsPreview>('POST', '/api/files', null, lines)
  await send('POST', `/api/sets/${set}/import`, { file, textColumn: 'text', labelColumn: 'label', label: null })
}

async function makeBot(): Promise<void> {
  bot = (await send<{ id: string }>('POST', '/api/bots', { name: '小店', template: null })).id
  set = (await send<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: '问题' })).id
  await importRows(records)
  const graph = graphOf(
    {
      data: { type: 'data-source', config: { set } },
      split: { type: 'split' },
      learn: { type: 'fine-tune', config: { method: 'head' } },
      exam: { type: 'evaluate' },
      deploy: { type: 'deploy', config: { minAccuracy: 0 } },
      start: { type: 'start' },
      intent: { type: 'intent' },
    },
    [
      'data/data -> split/data',
      'split/train -> learn/train',
      'split/validation -> learn/validation',
      'split/test -> exam/test',
      'learn/model -> exam/model',
      'learn/model -> deploy/model',
      'exam/report -> deploy/report',
      'deploy/classifier -> intent/model',
      'start -> intent',
    ],
  )
  const positions = Object.keys(graph.nodes).map((id, i) => [id, { x: (i % 4) * 320, y: Math.floor(i / 4) * 320 }])
  const added = {
    ...additionOf(graph),
    ...Object.fromEntries(positions.map(([id, at]) => [`positions/${id}`, at])),
  }
  await send('POST', `/api/bots/${bot}/draft/diffs`, {
    base: 0,
    diffs: [{ id: 'diff_runs_make', added, removed: {}, updated: {} }],
  })
}

/** Settings of the training, as somebody else at another screen would change them. */
async function change(fields: Record<string, [unknown, unknown]>): Promise<void> {
  const { revision } = await get<DraftView>(`/api/bots/${bot}/draft`)
  const changes = Object.fromEntries(Object.entries(fields).map(([field, values]) => [`/config/${field}`, values]))
  const diff = { id: `diff_runs_${revision}`, added: {}, removed: {}, updated: { 'nodes/learn': changes } }
  await send('POST', `/api/bots/${bot}/draft/diffs`, { base: revision, diffs: [diff] })
}

const start = async () => (await send<RunView>('POST', `/api/bots/${bot}/runs`, {})).id

async function ended(run: string): Promise<void> {
  const status = async () => (await get<RunView>(`/api/bots/${bot}/runs/${run}`)).status
  await expect.poll(status, { timeout: 120_000 }).toBe('done')
}

/** Points of a block's curve as the server has them. */
async function curveOf(node: string): Promise<number> {
  const [run] = await get<RunView[]>(`/api/bots/${bot}/runs`)
  return run?.nodes.find((one) => one.node === node)?.curve.length ?? 0
}

import { expect, type Page, test } from '@playwright/test'
import type { DraftView, Me, RunView, SetSummary } from '#server/api/dto.ts'
import { additionOf, graphOf } from '../drivers/chat.ts'
import { docxOf, pdfOf } from '../drivers/documents.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, signIn } from '../drivers/studio-pages.ts'

/**
 * An analyst brings documents and written answers, runs, and asks: the answer comes with its source, what is not in them is not made up,
 * and the published version answers from what it was published with.
 */
let product: Product
let page: Page
let bot = ''
let heard: string[] = []

test.describe.configure({ mode: 'serial' })
test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct()
  page = await (await browser.newContext({ locale: 'en' })).newPage()
  heard = listen(page)
  await signIn(page, product)
  await makeBot()
})
test.afterAll(() => product?.stop())

test('documents are uploaded into the block, and Run makes knowledge of them and of the written answers', async () => {
  await page.goto(`${product.url}/bots/${bot}/canvas?side=block`)
  await block('know').click()
  const files = page.locator('input[type=file][multiple]')
  await files.setInputFiles([{ name: 'picture.png', mimeType: 'image/png', buffer: Buffer.from('PNG') }])
  await expect(page.getByRole('alert').filter({ hasText: 'picture.png' })).toContainText(
    'Use a txt, md, html, docx or pdf',
  )
  await files.setInputFiles([
    { name: 'terms.pdf', mimeType: 'application/pdf', buffer: Buffer.from(await terms()) },
    { name: '会员手册.docx', mimeType: 'application/octet-stream', buffer: handbook },
  ])
  await expect(page.getByText(/^terms\.pdf, \d+ kB$/)).toBeVisible()
  await expect(page.getByText(/^会员手册\.docx, \d+ kB$/)).toBeVisible()
  await expect(block('know')).toContainText('Documents: 2')
  const saved = async () => (await get<DraftView>(`/api/bots/${bot}/draft`)).document.nodes.know?.config.documents
  await expect.poll(saved).toHaveLength(2)
  const run = (await send<RunView>('POST', `/api/bots/${bot}/runs`, {})).id
  const status = async () => (await get<RunView>(`/api/bots/${bot}/runs/${run}`)).status
  await expect.poll(status, { timeout: 180_000 }).toBe('done')
})

test('an answer in the simulator comes with its source, and its why shows the passages', async () => {
  await page.goto(`${product.url}/bots/${bot}/canvas?side=try&language=en`)
  await ask('how long do I have to return something')
  await expect(page.getByText(/within 14 days/).first()).toBeVisible()
  await expect(page.getByText('Returns › page 1')).toBeVisible()
  await page.getByRole('button', { name: /within 14 days.*why this answer\?/ }).click()
  await expect(page.getByText('What the knowledge says')).toBeVisible()
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])

  await ask('can I pay by invoice')
  await expect(page.getByText('Business customers can pay by invoice.').first()).toBeVisible()
  await ask('积分多久过期')
  await expect(page.getByText(/积分一年内有效/).first()).toBeVisible()
  await expect(page.getByText(/会员 › 第 \d 页|会员手册/).first()).toBeVisible()
  await ask('will it rain in Brazil tomorrow')
  await expect(page.getByRole('button', { name: /^Nobody here knows that/ })).toBeVisible()
})

test('the published version answers from what it was published with', async () => {
  await send('POST', `/api/bots/${bot}/publish`, { note: '', keepOldModel: false })
  const held = await send<{ token: string; conversationId: string }>('POST', `/api/bots/${bot}/tries`, {
    version: 1,
    language: 'en',
  })
  const answer = await page.request.post(`${product.url}/v1/conversations/${held.conversationId}/messages`, {
    data: { text: 'how long do I have to return something' },
    headers: { authorization: `Bearer ${held.token}`, origin: product.url },
  })
  const said = ((await answer.json()) as { messages: { text: string }[] }).messages.map(({ text }) => text)
  expect(said.join('\n')).toContain('within 14 days')
  // The one upload that was refused on purpose.
  expect(heard.filter((line) => !line.includes('/api/files/documents'))).toEqual([])
})

const block = (id: string) => page.locator(`.react-flow__node[data-id="${id}"]`)
const replies = () => page.getByRole('button', { name: /why this answer\?/ })

async function ask(text: string): Promise<void> {
  const input = page.getByPlaceholder('Ask as a customer would')
  await expect(input).toBeEnabled()
  await expect(replies()).not.toHaveCount(0)
  const known = await replies().count()
  await input.fill(text)
  await input.press('Enter')
  await expect(replies()).not.toHaveCount(known)
}

async function get<T>(path: string): Promise<T> {
  return (await page.request.get(`${product.url}${path}`)).json()
}

async function send<T>(method: 'POST', path: string, data: unknown, form?: Buffer): Promise<T> {
  const { csrf } = await get<Me>('/api/me')
  const headers = { 'x-botloom-csrf': csrf, origin: product.url }
  const file = { name: 'faq.jsonl', mimeType: 'application/jsonl', buffer: form ?? Buffer.from('') }
  const response = await page.request.fetch(`${product.url}${path}`, {
    method,
    headers,
    ...(form ? { multipart: { file } } : { data }),
  })
  expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true)
  return response.json()
}

const terms = () =>
  pdfOf(
    [
      ['# Returns', 'Goods can be returned within 14 days of delivery.', 'We pay the postage of what comes back.'],
      ['# Warranty', 'The pump LB-2041 has a warranty of three years.', 'Other devices have two years.'],
    ],
    'Terms of the shop',
  )
const handbook = docxOf(['# 配送', '中午十二点前下单，当天发货。', '# 会员', '会员每消费一元积一分，积分一年内有效。'])

async function makeBot(): Promise<void> {
  bot = (await send<{ id: string }>('POST', '/api/bots', { name: 'Help desk', template: null })).id
  const set = (await send<SetSummary>('POST', `/api/bots/${bot}/sets`, { name: 'FAQ' })).id
  const rows = [
    { text: 'Can I pay by invoice?', answer: 'Business customers can pay by invoice.' },
    { text: 'How do I change my password?', answer: 'Open Settings, then Security.' },
  ]
  const upload = await send<{ file: string }>(
    'POST',
    '/api/files',
    null,
    Buffer.from(rows.map((row) => JSON.stringify(row)).join('\n')),
  )
  await send('POST', `/api/sets/${set}/import`, {
    file: upload.file,
    textColumn: 'text',
    pairColumn: 'answer',
    labelColumn: null,
    label: null,
  })
  const graph = graphOf(
    {
      data: { type: 'data-source', config: { set } },
      know: { type: 'knowledge', config: { title: 'Help centre' } },
      start: { type: 'start' },
      answer: { type: 'knowledge-answer', name: 'Look it up' },
      lost: {
        type: 'say',
        config: { text: { en: 'Nobody here knows that.', 'zh-CN': '这个我不知道。' }, pace: false },
      },
    },
    ['data/data -> know/faq', 'know/knowledge -> answer/knowledge', 'start -> answer', 'answer/unknown -> lost'],
  )
  const positions = Object.keys(graph.nodes).map((id, i) => [
    `positions/${id}`,
    { x: (i % 3) * 320, y: Math.floor(i / 3) * 320 },
  ])
  await send('POST', `/api/bots/${bot}/draft/diffs`, {
    base: 0,
    diffs: [
      {
        id: 'diff_know_make',
        added: { ...additionOf(graph), ...Object.fromEntries(positions) },
        removed: {},
        updated: {},
      },
    ],
  })
}

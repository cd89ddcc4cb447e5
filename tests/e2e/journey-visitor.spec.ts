import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import AxeBuilder from '@axe-core/playwright'
import { type APIRequestContext, type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import type { Me } from '#server/api/dto.ts'
import { makeBot } from '../drivers/placed-bot.ts'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { signIn } from '../drivers/studio-pages.ts'

/**
 * Journey J4, the visitor's: a plain page of somebody else's with one script tag. The bubble costs nothing before the click; then the
 * keyboard does everything, and the chat outlives a reload, a lost network and a new version, takes a correction, and ends at a person.
 */
let product: Product
let site: Server
let siteUrl = ''
let bot = ''
let slug = ''
let studio: BrowserContext

const texts = {
  colour: 'Which colour was it?',
  count: 'How many?',
  mail: 'Where may we write to?',
  summary: 'So that is {{count}} in {{colour}}, and we write to {{mail}}.',
}
const both = (text: string) => ({ en: text, 'zh-CN': text })

test.beforeAll(async ({ browser }) => {
  test.setTimeout(300_000)
  product = await startPreparedProduct()
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html; charset=utf-8').end(
      `<!doctype html><html lang="en"><title>A plain shop</title><main><h1>A plain shop</h1><p>Lamps.</p></main>
       <script type="module" src="${product.url}/widget.js" data-bot="${slug}"></script></html>`,
    )
  })
  await new Promise<void>((done) => site.listen(0, '127.0.0.1', done))
  siteUrl = `http://127.0.0.1:${(site.address() as AddressInfo).port}`
  studio = await browser.newContext({ locale: 'en' })
  const page = await studio.newPage()
  await signIn(page, product)
  bot = await makeBot(studio.request, product.url, {
    blocks: {
      s: { type: 'start' },
      colour: {
        type: 'ask',
        config: {
          question: both(texts.colour),
          variable: 'colour',
          kind: 'choice',
          choices: ['red', 'blue'].map((id) => ({ id, text: both(id), value: id })),
        },
      },
      count: { type: 'ask', config: { question: both(texts.count), variable: 'count', kind: 'number' } },
      mail: { type: 'ask', config: { question: both(texts.mail), variable: 'mail', kind: 'email' } },
      done: { type: 'say', name: 'Summary', config: { text: both(texts.summary) } },
      more: { type: 'ask', config: { question: both('Is there anything else?'), variable: 'wish' } },
      person: {
        type: 'hand-over',
        config: { message: both('A colleague is on the way.'), reason: 'asked for a person' },
      },
    },
    wires: ['s -> colour', 'colour -> count', 'count -> mail', 'mail -> done', 'done -> more', 'more -> person'],
    positions: {},
  })
  const detail = await (await studio.request.get(`${product.url}/api/bots/${bot}`)).json()
  slug = detail.slug
  await write(studio.request, 'PATCH', `/api/bots/${bot}`, { origins: [siteUrl] })
  await publish(studio.request)
})
test.afterAll(async () => {
  await studio?.close()
  await product?.stop()
  site?.closeAllConnections()
  site?.close()
})

async function write(request: APIRequestContext, method: string, path: string, data: unknown) {
  const { csrf } = (await (await request.get(`${product.url}/api/me`)).json()) as Me
  const answer = await request.fetch(`${product.url}${path}`, {
    method,
    data,
    headers: { 'x-botloom-csrf': csrf, origin: product.url },
  })
  expect(answer.ok(), `${path}: ${answer.status()} ${await answer.text()}`).toBe(true)
  return answer
}
const publish = (request: APIRequestContext) =>
  write(request, 'POST', `/api/bots/${bot}/publish`, { note: '', open: 'stay' })

async function visit(browser: Browser): Promise<{ page: Page; context: BrowserContext }> {
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  return { page, context }
}

test('a visitor of a plain page gets what they came for, whatever happens on the way', async ({ browser }) => {
  const { page, context } = await visit(browser)
  const asked: string[] = []
  page.on('request', (request) => asked.push(new URL(request.url()).pathname))
  await page.addInitScript(() => {
    const long: number[] = []
    Object.assign(window, { long })
    new PerformanceObserver((list) => long.push(...list.getEntries().map(({ duration }) => duration))).observe({
      type: 'longtask',
      buffered: true,
    })
  })
  await page.goto(siteUrl)
  const bubble = page.getByRole('button', { name: 'Open chat' })
  await expect(bubble).toBeVisible()
  await test.step('before the click only the launcher is loaded, and how it looks', async () => {
    const own = ['/', '/favicon.ico']
    expect(asked.filter((path) => !own.includes(path))).toEqual(['/widget.js', expect.stringMatching(/\/look$/)])
  })

  const dialog = page.getByRole('dialog')
  const log = dialog.getByRole('log')
  const input = dialog.getByRole('textbox')
  const say = async (text: string) => {
    await expect(input).toBeFocused()
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
    await expect(log.locator('.row.user', { hasText: text }).last()).not.toHaveClass(/sending/)
  }
  const hears = (text: string) => expect(log.locator('.row.bot', { hasText: text }).last()).toBeVisible()
  const open = async () => {
    await page.getByRole('button', { name: 'Open chat' }).focus()
    await page.keyboard.press('Enter')
    await expect(input).toBeFocused()
  }

  await test.step('the keyboard opens it, and one thing is asked at a time', async () => {
    await open()
    await hears(texts.colour)
    await expect(log).toHaveAttribute('aria-live', 'polite')
    await expect(log.locator('.row.bot')).toHaveCount(1)
    await say('the red one')
    await hears(texts.count)
  })

  await test.step('no barrier is found by a machine', async () => {
    const found = await new AxeBuilder({ page })
      .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
      .analyze()
    expect(found.violations).toEqual([])
  })

  await test.step('a reload brings it back where it was', async () => {
    await page.reload()
    await expect(dialog, 'it was open').toBeVisible()
    await input.focus()
    await hears(texts.count)
    await expect(log.locator('.row.user')).toHaveText(/the red one/)
  })

  await test.step('what is said without a network is kept, and said once it is there', async () => {
    await context.setOffline(true)
    await page.keyboard.type('two')
    await page.keyboard.press('Enter')
    await expect(log.locator('.user.sending')).toHaveCount(1)
    await context.setOffline(false)
    await hears(texts.mail)
    await expect(log.locator('.user.sending')).toHaveCount(0)
  })

  await test.step('a new version does not reach into a chat that is going on', async () => {
    const { revision, document } = await (await studio.request.get(`${product.url}/api/bots/${bot}/draft`)).json()
    const text = { from: document.nodes.done.config.text.en, to: 'ANOTHER SUMMARY' }
    const diff = {
      id: 'journey_0001',
      added: {},
      removed: {},
      updated: { 'nodes/done': { '/config/text/en': [text.from, text.to] } },
    }
    await write(studio.request, 'POST', `/api/bots/${bot}/draft/diffs`, { base: revision, diffs: [diff] })
    await publish(studio.request)
  })

  await test.step('an earlier answer is corrected in passing', async () => {
    await say('no, I meant the blue one')
    await hears(texts.mail)
    await say('ann@example.org')
    await hears('So that is 2 in blue, and we write to ann@example.org.')
    await hears('Is there anything else?')
  })

  await test.step('a person is asked for, seen by name, and answers', async () => {
    await say('agent please')
    await hears('A colleague is on the way.')
    const desk = await studio.newPage()
    await desk.goto(`${product.url}/chats`)
    await desk.locator('[data-chat]').first().click()
    await desk.getByRole('button', { name: 'Take over' }).click()
    await desk.getByRole('textbox', { name: 'Answer to the visitor' }).fill('I have your order in front of me.')
    await desk.keyboard.press('Enter')
    await expect(log.locator('.row.agent')).toContainText('I have your order in front of me.')
    await desk.close()
  })

  expect(await context.cookies(), 'no cookie was set').toEqual([])
  await context.close()
})

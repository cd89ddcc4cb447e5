import { readFile } from 'node:fs/promises'
import { type Browser, type BrowserContext, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, signIn, tooWide } from '../drivers/studio-pages.ts'

/**
 * One bot, two browsers: they see each other, one is cut off while both edit, and nobody loses a value. Then undo over a
 * reload, what changed between versions, an old version brought back, and the bot as a file.
 */
let product: Product
let bot = ''
let signedIn: Awaited<ReturnType<BrowserContext['storageState']>>

test.use({ locale: 'en' })
test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'en_US.UTF-8' } })
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  bot = `/bots/${await signIn(page, product)}`
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

/** A browser of its own, as another person has it, on the bot's canvas. */
async function openCanvas(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ storageState: signedIn, locale: 'en' })
  const page = await context.newPage()
  await page.goto(`${product.url}${bot}/canvas`)
  await expect(page.locator('.react-flow__edge').first()).toBeAttached()
  return page
}

/** Opens a block's settings, wherever on the canvas the block is. */
async function pick(page: Page, name: string): Promise<void> {
  await page
    .locator('.react-flow__node', { has: page.getByText(name, { exact: true }) })
    .first()
    .dispatchEvent('click')
  await expect(page.locator('.bl-inspector__name')).toHaveValue(name)
}
const english = (page: Page) => page.locator('.bl-inspector [data-field="text"] textarea').first()
const saved = (page: Page) => expect(page.getByText(/draft · saved/)).toBeVisible()
const undo = (page: Page) => page.locator('.bl-canvas').press('Control+z')

test('two people see each other, and what both do while one is cut off is kept, with the losing value listed', async ({
  browser,
}) => {
  const ada = await openCanvas(browser)
  const ben = await openCanvas(browser)

  await test.step('each has the other in the bar, and a ring on the block that the other has picked', async () => {
    const people = ada.getByRole('list', { name: 'Also here' })
    await expect(people.getByRole('button')).toHaveCount(1)
    await pick(ben, 'Formal hello')
    await expect(ada.locator('.react-flow__node', { hasText: 'Formal hello' }).locator('.bl-peer-ring')).toBeAttached()
    await expect(people.getByRole('button')).toHaveAttribute('aria-label', /at Formal hello/)
  })

  await test.step('a change of the one arrives at the other', async () => {
    await pick(ada, 'Friendly hello')
    await pick(ben, 'Friendly hello')
    await english(ada).fill('Hi, I am Ada.')
    await saved(ada)
    await expect(english(ben)).toHaveValue('Hi, I am Ada.')
  })

  await test.step('one is cut off; both edit one text, and a text of their own', async () => {
    // How long the cut lasts makes no difference: every attempt fails until the network is back.
    await ben.context().setOffline(true)
    await english(ben).fill('Written on a train.')
    await expect(ben.getByText('not reached; kept on this device')).toBeVisible()
    await pick(ben, 'Formal hello')
    await english(ben).fill('Good day from the train.')

    await english(ada).fill('Written at the desk.')
    await saved(ada)
    await pick(ada, 'Note the tone')
    await ada.locator('.bl-inspector__name').fill('Note how to speak')
    await saved(ada)
  })

  await test.step('a reload in the midst loses nothing of it', async () => {
    // The page itself needs the network; only what the studio asks of the server stays away.
    await ben.route('**/draft/diffs', (route) => route.abort())
    await ben.context().setOffline(false)
    await ben.reload()
    await expect(ben.locator('.react-flow__edge').first()).toBeAttached()
    await pick(ben, 'Formal hello')
    await expect(english(ben)).toHaveValue('Good day from the train.')
    await ben.unroute('**/draft/diffs')
  })

  await test.step('both end with the same document, and the value that lost is shown with both', async () => {
    await saved(ben)
    await pick(ben, 'Note how to speak')
    await pick(ada, 'Formal hello')
    await expect(english(ada)).toHaveValue('Good day from the train.')
    await pick(ada, 'Friendly hello')
    await expect(english(ada)).toHaveValue('Written on a train.')

    await ben.getByRole('link', { name: '1 clash' }).click()
    const clash = ben.locator('#drawer').getByRole('list', { name: 'Values that clash' }).getByRole('listitem')
    await expect(clash).toContainText('Friendly hello')
    await expect(clash).toContainText('Written on a train.')
    await expect(clash).toContainText('Written at the desk.')
    await expect(ben.locator('.bl-clash-mark')).toHaveCount(1)
    expect(await axeViolations(ben, { coloursOnly: false, butCanvas: true })).toEqual([])
    await clash.getByRole('button', { name: 'Take the other' }).click()
    await saved(ben)
    await expect(english(ada)).toHaveValue('Written at the desk.')
    await expect(ben.getByRole('link', { name: /clash/ })).toHaveCount(0)
  })

  await test.step('who closes the page is gone', async () => {
    await ben.context().close()
    await expect(ada.getByRole('list', { name: 'Also here' })).toHaveCount(0)
  })
  await ada.context().close()
})

test('undo goes on after a reload, and stops at what another has changed since', async ({ browser }) => {
  const page = await openCanvas(browser)
  await pick(page, 'Formal hello')
  const before = await english(page).inputValue()
  await english(page).fill('One')
  await saved(page)
  await pick(page, 'Friendly hello')
  const friendly = await english(page).inputValue()
  await english(page).fill('Two')
  await saved(page)
  await page.reload()
  await expect(page.locator('.react-flow__edge').first()).toBeAttached()
  await pick(page, 'Friendly hello')
  await undo(page)
  await expect(english(page)).toHaveValue(friendly)
  await undo(page)
  await pick(page, 'Formal hello')
  await expect(english(page)).toHaveValue(before)
  await page.locator('.bl-canvas').press('Control+Shift+z')
  await expect(english(page)).toHaveValue('One')
  await saved(page)
  await page.context().close()
})

test('what changed since a version is drawn and told, and the version is brought back as one step', async ({
  browser,
}) => {
  const page = await openCanvas(browser)
  await pick(page, 'Formal hello')
  await english(page).fill('A whole new greeting')
  await saved(page)
  await pick(page, 'How did I do')
  await page.locator('.bl-canvas').press('Delete')
  await saved(page)

  await page.getByRole('link', { name: 'Versions' }).click()
  await page.getByRole('link', { name: 'What changed' }).first().click()
  await expect(page).toHaveURL(/\/versions\/1\.\.draft/)
  await expect(page.locator('.bl-diff__block[data-change="removed"]')).toContainText('How did I do')
  await expect(page.locator('.bl-diff__wire--removed')).not.toHaveCount(0)
  await page.locator('.bl-diff__block[data-change="changed"]', { hasText: 'Formal hello' }).dispatchEvent('click')
  const list = page.getByRole('region', { name: 'Everything that changed' })
  await expect(list.locator('ins')).toContainText(['A whole new greeting'])
  await expect(page).toHaveURL(/block=/)
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
  await page.setViewportSize({ width: 390, height: 844 })
  expect(await tooWide(page)).toBeLessThanOrEqual(0)
  await page.setViewportSize({ width: 1440, height: 900 })

  await page.reload()
  await expect(list.locator('ins')).toContainText(['A whole new greeting'])
  await page.getByRole('button', { name: 'Restore v1 into the draft' }).click()
  await expect(page).toHaveURL(/\/canvas/)
  await expect(page.getByText('The draft is v1 again')).toBeVisible()
  await saved(page)
  await page.goto(`${product.url}${bot}/versions/1..draft`)
  await expect(page.getByText('Nothing differs between the two.')).toBeVisible()

  await page.getByRole('link', { name: 'Canvas' }).click()
  await expect(page.locator('.react-flow__edge').first()).toBeAttached()
  await undo(page)
  await pick(page, 'Formal hello')
  await expect(english(page)).toHaveValue('A whole new greeting')
  await saved(page)
  await page.context().close()
})

test('a bot goes out as a file and comes in as another bot; what is no bot is refused', async ({ browser }) => {
  const context = await browser.newContext({ storageState: signedIn, locale: 'en', acceptDownloads: true })
  const page = await context.newPage()
  await page.goto(`${product.url}/`)
  await page.getByRole('button', { name: /^More for/ }).click()
  const download = page.waitForEvent('download')
  await page.getByRole('menuitem', { name: 'Download as a file' }).click()
  const file = await download
  expect(file.suggestedFilename()).toMatch(/\.botloom\.json$/)
  const text = await readFile(await file.path(), 'utf8')

  const choose = async (name: string, content: string) =>
    page
      .locator('input[type="file"]')
      .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(content) })
  await choose('notes.json', '{"hello":"world"}')
  const refusal = page.getByRole('dialog')
  await expect(refusal).toContainText('This is not a bot file that Botloom has written.')
  await expect(refusal).toContainText('Nothing was added or changed.')
  await refusal.getByRole('button', { name: 'Cancel' }).click()

  await choose('shop.botloom.json', text)
  await expect(page).toHaveURL(/\/bots\/bot_\w+\/canvas/)
  expect(page.url()).not.toContain(bot)
  await expect(page.locator('.react-flow__node-block')).toHaveCount(Object.keys(JSON.parse(text).document.nodes).length)
  await page.getByRole('link', { name: 'Data' }).click()
  await expect(page.locator('main tbody tr').first()).toBeVisible()
  await context.close()
})

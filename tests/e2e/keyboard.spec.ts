import { type Browser, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { listen, signIn } from '../drivers/studio-pages.ts'

/** A whole bot by keys alone, from nothing to an answer, and the forms on the way. The pointer is never touched. */
let product: Product
let sample = ''
let signedIn: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['storageState']>>

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'en_GB.UTF-8' } })
  const context = await browser.newContext({ locale: 'en' })
  const page = await context.newPage()
  sample = await signIn(page, product)
  signedIn = await context.storageState()
  await context.close()
})
test.afterAll(() => product?.stop())

async function open(browser: Browser, path: string): Promise<Page> {
  const context = await browser.newContext({
    storageState: signedIn,
    locale: 'en',
    viewport: { width: 1440, height: 900 },
    reducedMotion: 'reduce',
  })
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  await page.goto(`${product.url}${path}`)
  return page
}

/** Takes one line of the command list, known by its key, whatever stands above it. */
async function command(page: Page, search: string, key: string): Promise<void> {
  await page.keyboard.press('Control+k')
  const list = page.getByRole('combobox', { name: 'Where to, or what to do?' })
  await expect(list).toBeFocused()
  await page.keyboard.type(search)
  const line = page.locator(`[role="option"][id$="-${key}"]`)
  await expect(line).toHaveCount(1)
  for (let step = 0; step < 20 && (await line.getAttribute('aria-selected')) !== 'true'; step++)
    await page.keyboard.press('ArrowDown')
  await expect(line).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await expect(list).toHaveCount(0)
}

/** Walks on by Tab until the focus is on it. */
async function tabTo(page: Page, label: RegExp): Promise<void> {
  const at = () =>
    page.evaluate(() => {
      const active = document.activeElement
      return active?.getAttribute('aria-label') || active?.textContent || active?.getAttribute('placeholder') || ''
    })
  for (let step = 0; step < 60 && !label.test(await at()); step++) await page.keyboard.press('Tab')
  expect(await at()).toMatch(label)
}

test('a bot is built from blank, taught with pasted records, run and talked to by keys alone', async ({ browser }) => {
  const page = await open(browser, '/')
  const heard = listen(page)
  await expect(page.locator('main li a').first()).toBeVisible()

  await test.step('a new bot from the command list', async () => {
    await command(page, 'new bot', 'go new')
    await expect(page.getByRole('dialog')).toBeVisible()
    const blank = page.getByRole('radio', { name: /Blank/ })
    await expect(page.getByRole('radio').first()).toBeChecked()
    while (
      !(await page
        .getByRole('radio')
        .first()
        .evaluate((radio) => radio === document.activeElement))
    )
      await page.keyboard.press('Shift+Tab')
    while (!(await blank.isChecked())) await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Tab')
    await page.keyboard.type('Keys only')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/bots\/bot_\w+\/canvas/)
    await expect(page).toHaveTitle('Canvas · Keys only · Botloom')
  })

  await test.step('records pasted from the clipboard', async () => {
    await command(page, 'data', 'bot data')
    await page.waitForURL(/\/data/)
    await tabTo(page, /^Make a set$/)
    await page.keyboard.press('Enter')
    const dialog = page.getByRole('dialog')
    await expect(dialog.locator('textarea')).toBeFocused()
    await page.evaluate((text) => navigator.clipboard.writeText(text), records())
    await page.keyboard.press('Control+v')
    await expect(dialog.getByRole('button', { name: 'Next' })).toBeEnabled()
    await tabTo(page, /^Next$/)
    await page.keyboard.press('Enter')
    await expect(dialog.getByRole('button', { name: /^Import/ })).toBeEnabled()
    await tabTo(page, /^Import/)
    await page.keyboard.press('Enter')
    await expect(dialog).toHaveCount(0)
    // Records that are new are looked over first.
    await expect(page.getByRole('region', { name: /^Nearly the same question/ })).toBeVisible({ timeout: 60_000 })
    await tabTo(page, /^Back to the questions$/)
    await page.keyboard.press('Enter')
    await expect(page.locator('main tbody tr').first()).toBeVisible()
  })

  await test.step('blocks, their settings and their wires', async () => {
    await command(page, 'canvas', 'bot canvas')
    await expect(page.locator('.bl-canvas')).toBeVisible()
    for (const block of ['Start', 'Data', 'Train', 'Evaluate', 'Deploy', 'Intent']) await add(page, block)
    await add(page, 'Say', 'On its way')
    await add(page, 'Say', 'Money back')

    await settings(page, 'Data')
    await page.keyboard.press('ArrowDown')
    await expect(page.locator('.bl-inspector select').first()).not.toHaveValue('')
    for (const [block, words] of [
      ['On its way', 'It is on its way.'],
      ['Money back', 'You get your money back.'],
    ] as const) {
      await settings(page, block)
      await page.keyboard.type(words)
    }

    await connect(page, 'Data', 'Train')
    await connect(page, 'Data', 'Evaluate')
    await connect(page, 'Train', 'Evaluate')
    await connect(page, 'Train', 'Deploy')
    await connect(page, 'Evaluate', 'Deploy')
    await connect(page, 'Deploy', 'Intent')
    await connect(page, 'Start', 'Intent')
    await connect(page, 'Intent', 'On its way', 'track parcel')
    await connect(page, 'Intent', 'Money back', 'refund')
    await connect(page, 'On its way', 'Intent')
    await connect(page, 'Money back', 'Intent')
    await expect(page.locator('.react-flow__edge')).toHaveCount(11)
    await expect(page.getByRole('status').filter({ hasText: /saved \d/ })).toBeVisible()
  })

  await test.step('a run, followed to its end', async () => {
    await command(page, 'run', 'bot run')
    await page.waitForURL(/drawer=run/)
    await expect(page.getByText('The run is done.')).toBeVisible({ timeout: 120_000 })
  })

  await test.step('a talk', async () => {
    await command(page, 'try', 'bot try')
    const field = page.locator('form input')
    await expect(field).toBeEnabled()
    await tabTo(page, /^Ask as a customer would$/)
    await page.keyboard.type('where is the parcel of mine')
    await page.keyboard.press('Enter')
    await expect(page.getByText('It is on its way.')).toBeVisible()
  })
  expect(heard).toEqual([])
  await page.context().close()
})

test('a long form is searched, remembers its folds, says why it asks, and gives a default back', async ({
  browser,
}) => {
  const page = await open(browser, '/')
  await expect(page.locator('main li a').first()).toBeVisible()
  await command(page, 'shop', `go ${sample}`)
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  await goTo(page, 'Train')
  await expect(page).toHaveURL(/block=learn/)

  await test.step('the block explains itself', async () => {
    await page.getByRole('button', { name: 'What this block is for' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByText('is ready in seconds and good enough to begin with')).toBeVisible()
  })
  await test.step('the form is searched, in what is folded too', async () => {
    await page.locator('.bl-inspector').getByLabel('Method').focus()
    await page.keyboard.type('Thorough')
    const search = page.getByRole('searchbox', { name: 'Find a setting' })
    await search.focus()
    await page.keyboard.type('by heart')
    await expect(page.locator('.bl-insp-field')).not.toHaveCount(0)
    await expect(page.getByLabel('Dropout', { exact: true })).toBeVisible()
    await expect(page.getByLabel('Learning rate', { exact: true })).toHaveCount(0)
    await page.keyboard.press('Escape')
    await expect(page.getByLabel('Learning rate', { exact: true })).toBeVisible()
  })
  await test.step('a number says what more and less of it does, is checked as it is typed, and goes back', async () => {
    await page.getByRole('button', { name: 'Learning rate: larger or smaller?' }).focus()
    await page.keyboard.press('Enter')
    await expect(page.getByText('steadier; too little and it learns next to nothing')).toBeVisible()
    const rate = page.getByLabel('Learning rate', { exact: true })
    await rate.focus()
    await page.keyboard.type('5')
    await expect(page.getByText('Must be at most 0.01.')).toBeVisible()
    await page.keyboard.press('Backspace')
    await page.keyboard.type('0.001')
    await expect(page.getByText('Must be at most 0.01.')).toHaveCount(0)
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.press('Shift+Tab')
    await expect(page.getByRole('button', { name: 'Reset' }).and(page.locator(':focus'))).toHaveCount(1)
    await page.keyboard.press('Enter')
    await expect(rate).toHaveValue('')
  })
  await test.step('folds and the picked block are there after a reload', async () => {
    await page.getByRole('button', { name: 'Training', exact: true }).focus()
    await page.keyboard.press('Enter')
    await page.reload()
    await expect(page.locator('.react-flow__node.selected')).toHaveAttribute('data-id', 'learn')
    await expect(page.getByRole('button', { name: 'Training', exact: true })).toHaveAttribute('aria-expanded', 'false')
    await expect(page.getByLabel('Learning rate', { exact: true })).toHaveCount(0)
  })
  await page.context().close()
})

test('rules become an expression, which is completed, checked where it is wrong, and undone', async ({ browser }) => {
  const page = await open(browser, '/')
  await expect(page.locator('main li a').first()).toBeVisible()
  await command(page, 'shop', `go ${sample}`)
  await expect(page.locator('.react-flow__node').first()).toBeVisible()
  await goTo(page, 'Very late')
  await page.locator('.bl-inspector input[value="rows"]').focus()
  await page.keyboard.press('ArrowRight')
  const field = page.getByRole('textbox', { name: 'Expression' })
  await expect(field).toHaveText('daysLate >= 3')
  await expect(field).not.toHaveAttribute('aria-busy')
  await field.focus()
  await page.keyboard.press('Control+End')
  await page.keyboard.type(' && rat')
  await expect(page.getByRole('option', { name: /^rating/ })).toHaveAttribute('aria-selected', 'true')
  await page.keyboard.press('Enter')
  await page.keyboard.type(' <')
  await expect(page.getByText('The expression breaks off.')).toBeVisible()
  await expect(field).toHaveAttribute('aria-invalid', 'true')
  await page.keyboard.type(' 3')
  await expect(field).toHaveAttribute('aria-invalid', 'false')
  await page.keyboard.press('Tab')
  await expect(page.getByText('Try it with values').and(page.locator(':focus'))).toHaveCount(1)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Tab')
  await page.keyboard.type('4')
  await page.keyboard.press('Tab')
  await page.keyboard.type('1')
  await expect(page.getByText('Holds: this branch is taken.')).toBeVisible()
  for (const _ of [1, 2, 3, 4]) await page.keyboard.press('Escape')
  await page.keyboard.press('Control+z')
  await page.keyboard.press('Control+z')
  await expect(field, 'one step back is the expression, two the rules').toHaveCount(0)
  await page.context().close()
})

/** From the quick list of blocks, with a name of its own. */
async function add(page: Page, block: string, name?: string): Promise<void> {
  const before = await page.locator('.react-flow__node').count()
  await page.keyboard.press('Escape')
  await page.keyboard.press('/')
  await expect(page.getByRole('combobox', { name: 'Which block?' })).toBeFocused()
  await page.keyboard.type(block)
  await page.keyboard.press('Enter')
  await expect(page.locator('.react-flow__node')).toHaveCount(before + 1)
  if (name === undefined) return
  await page.keyboard.press('F2')
  await expect(page.locator('.bl-inspector__name')).toBeFocused()
  await page.keyboard.type(name)
}

async function goTo(page: Page, block: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await expect(page.getByRole('combobox', { name: 'Where to, or what to do?' })).toBeFocused()
  await page.keyboard.type(block)
  const line = page.locator('[role="option"][id*="-block "]').first()
  for (let step = 0; step < 30 && (await line.getAttribute('aria-selected')) !== 'true'; step++)
    await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Enter')
  await expect(page.locator('.react-flow__node.selected')).toBeFocused()
}

async function settings(page: Page, block: string): Promise<void> {
  await goTo(page, block)
  await page.keyboard.press('Enter')
  await expect(page.locator('.bl-inspector :focus')).toHaveCount(1)
}

/** `C` on a block lists what it can connect to; its way out is chosen above the list. */
async function connect(page: Page, from: string, to: string, way?: string): Promise<void> {
  const before = await page.locator('.react-flow__edge').count()
  await goTo(page, from)
  await page.keyboard.press('c')
  const search = page.getByRole('combobox', { name: 'Connect to which block?' })
  await expect(search).toBeFocused()
  if (way !== undefined) {
    await page.keyboard.press('Shift+Tab')
    await page.keyboard.type(way)
    await page.keyboard.press('Tab')
    await expect(search).toBeFocused()
  }
  await page.keyboard.type(to)
  await page.keyboard.press('Enter')
  await expect(page.locator('.react-flow__edge'), `${from} to ${to}`).toHaveCount(before + 1)
}

function records(): string {
  const parcel = ['where is my parcel', 'has my package shipped', 'track my parcel please', 'my delivery is late']
  const refund = ['i want my money back', 'please refund this order', 'how do i get a refund', 'return the money']
  const ways = ['', ' today', ' now', ' for order 12', ' thanks']
  const lines = (label: string, texts: string[]) =>
    texts.flatMap((text) => ways.map((way) => `${text}${way}\t${label}`))
  return ['text\tlabel', ...lines('track parcel', parcel), ...lines('refund', refund)].join('\n')
}

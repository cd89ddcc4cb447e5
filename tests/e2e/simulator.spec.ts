import { type BrowserContext, expect, type Page, test } from '@playwright/test'
import { startPreparedProduct } from '../drivers/prepared-product.ts'
import type { Product } from '../drivers/product.ts'
import { axeViolations, listen, settled, signIn, tooWide } from '../drivers/studio-pages.ts'

/**
 * Who builds a bot tries it: sees the way of each message on the canvas, walks it step by step, changes what it remembers and goes on
 * from there again, talks with the published version beside the draft, and keeps what went well as a test that watches over it.
 */
let product: Product
let signedIn: Awaited<ReturnType<BrowserContext['cookies']>>
let bot = ''

test.beforeAll(async ({ browser }) => {
  product = await startPreparedProduct({ env: { LANG: 'zh_CN.UTF-8' } })
  const context = await browser.newContext()
  const page = await context.newPage()
  bot = `/bots/${await signIn(page, product)}`
  signedIn = await context.cookies()
  await context.close()
})
test.afterAll(() => product?.stop())
test.use({ locale: 'en' })
test.beforeEach(({ context }) => context.addCookies(signedIn))

const late = '我的快递怎么还没到'
const sorry = '让您久等了，真不好意思，我马上看。'
/** What the sample goes through for that question. */
const way = ['menu', 'understand', 'late-sorry', 'late-order']

test('a message lights its way block by block; an earlier one shows its own again, at once for who wants no motion', async ({
  page,
}) => {
  const heard = listen(page)
  await openTry(page)
  await expect(head(page), 'the opening is walked first').toHaveAttribute('data-id', 'menu')
  const lights = await watchLights(page)
  await ask(page, late)
  await expect.poll(lights.order).toEqual(way)
  expect(await lights.most(), 'one block after the other').toBe(1)
  await expect(head(page)).toHaveAttribute('data-id', 'late-order')

  await ask(page, 'XZ20250318')
  await expect(head(page)).toHaveAttribute('data-id', 'late-days')
  await lights.forget()
  await page.getByRole('button', { name: `${late} — show its way` }).click()
  await expect.poll(lights.order).toEqual(way)

  await page.emulateMedia({ reducedMotion: 'reduce' })
  await page.getByRole('button', { name: 'XZ20250318 — show its way' }).click()
  await expect(head(page)).toHaveAttribute('data-id', 'late-days')
  await lights.forget()
  await page.getByRole('button', { name: `${late} — show its way` }).click()
  // Where both ways meet it was lit before.
  const rest = way.filter((id) => id !== 'late-order')
  await expect.poll(async () => (await lights.order()).sort()).toEqual(rest.sort())
  expect(await lights.most(), 'all at once').toBe(rest.length)
  expect(heard).toEqual([])
})

test('a turn is walked step by step, by keys alone', async ({ page }) => {
  await openTry(page)
  const stepping = tool(page, 'Step by step')
  await stepping.focus()
  await page.keyboard.press('Enter')
  await expect(stepping).toHaveAttribute('aria-pressed', 'true')
  const input = page.getByPlaceholder('Ask as a customer would')
  await input.focus()
  await page.keyboard.type(late)
  await page.keyboard.press('Enter')
  const steps = page.getByRole('region', { name: 'Step by step' })
  await expect(steps).toContainText('1 of 4')
  await expect(steps).toContainText(`woken by “${late}”`)
  await expect(head(page)).toHaveAttribute('data-id', 'menu')
  await expect(steps.getByRole('button', { name: 'Next' })).toBeFocused()

  await page.keyboard.press('Enter')
  await expect(steps).toContainText('2 of 4')
  await expect(steps).toContainText('intent = 迟迟没到')
  await expect(steps).toContainText('迟迟没到')
  await expect(head(page)).toHaveAttribute('data-id', 'understand')
  await expect(page.locator('.bl-block--walked')).toHaveCount(2)

  await page.keyboard.press('Enter')
  await expect(steps).toContainText(sorry)
  await expect(head(page)).toHaveAttribute('data-id', 'late-sorry')
  await page.keyboard.press('Enter')
  await expect(steps).toContainText('waits or ends here')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Enter')
  await expect(head(page)).toHaveAttribute('data-id', 'late-sorry')
})

test('what the bot remembers is seen and changed; from any message it goes on again, beside the first attempt', async ({
  page,
}) => {
  await openTry(page)
  await ask(page, late)
  await ask(page, 'XZ20250318')
  await tool(page, 'Variables').click()
  const variables = page.getByRole('region', { name: 'Variables' })
  const row = (name: string) => variables.locator('dl > div', { hasText: name })
  await expect(row('order')).toContainText('XZ20250318')
  await expect(row('order')).toContainText('changed')
  await page.getByRole('button', { name: `${late} — show its way` }).click()
  await expect(variables).toContainText('After this message')
  await expect(row('order')).toContainText('empty')
  await page.getByRole('button', { name: `${late} — show its way` }).click()

  await row('daysLate').getByRole('button').click()
  const again = page.getByRole('form', { name: 'From here again' })
  await expect(again.getByLabel('daysLate')).toBeFocused()
  await again.getByLabel('order').fill('XZ20250399')
  expect(await axeViolations(page, { coloursOnly: false, butCanvas: true })).toEqual([])
  await again.getByRole('textbox', { name: 'Send again' }).fill('no idea')
  await again.getByRole('button', { name: 'Send again' }).click()

  const attempts = page.getByRole('toolbar', { name: 'Attempts' })
  await expect(attempts.getByRole('button', { name: 'Attempt 2' })).toHaveAttribute('aria-pressed', 'true')
  const chat = page.getByRole('list', { name: 'Chat', exact: true })
  await expect(chat).toContainText('no idea')
  await expect(chat).not.toContainText('XZ20250318 — ')
  await expect(row('order')).toContainText('XZ20250399')
  await expect(row('order')).toContainText('by you')

  await page.getByRole('button', { name: 'Compare with Attempt 1' }).click()
  const compared = page.getByRole('region', { name: 'Two attempts side by side' })
  await expect(compared).toContainText('2 turns before were the same.')
  await expect(compared).toContainText('other reply')
  await expect(compared.locator('dl')).toContainText('XZ20250318')
  await expect(compared.locator('dl')).toContainText('XZ20250399')

  await attempts.getByRole('button', { name: 'Attempt 1' }).click()
  await expect(page.getByRole('button', { name: 'XZ20250318 — show its way' })).toBeVisible()
  await page.reload()
  await expect(attempts.getByRole('button', { name: 'Attempt 1' })).toHaveAttribute('aria-pressed', 'true')
  await expect(page.getByRole('button', { name: 'XZ20250318 — show its way' })).toBeVisible()
})

test('another version and another language are chats of their own, and each is found where it was left', async ({
  page,
}) => {
  await openTry(page)
  await ask(page, late)
  await page.getByPlaceholder('Ask as a customer would').fill('half a quest')
  await page.getByLabel('Talk with').selectOption('v1 · live')
  await page.getByLabel('Language to start in').selectOption('en')
  await expect(page.getByRole('list', { name: 'Chat', exact: true })).toContainText('Little Boat Shop')
  await ask(page, 'where is XZ20250402 right now')
  await expect(page.getByRole('list', { name: 'Chat', exact: true })).toContainText('XZ20250402/tracking')

  // In one breath: neither choice is lost to the other.
  await page.getByLabel('Language to start in').evaluate((language) => {
    const choose = (select: Element | null, value: string) => {
      ;(select as HTMLSelectElement).value = value
      select?.dispatchEvent(new Event('change', { bubbles: true }))
    }
    choose(language, 'zh-CN')
    choose(document.querySelector('select[aria-label="Talk with"]'), '')
  })
  await expect(page.getByRole('button', { name: `${late} — show its way` })).toBeVisible()
  await expect(page.getByPlaceholder('Ask as a customer would')).toHaveValue('half a quest')
})

test('a kept chat passes until the bot is broken, shows where they part, and is accepted, marked, mended and brought back', async ({
  page,
}) => {
  const heard = listen(page)
  await openTry(page)
  await ask(page, late)
  await tool(page, 'Keep as a test').click()
  const keep = page.getByRole('dialog', { name: 'Keep this chat as a test' })
  await keep.getByLabel('Name').fill('A late parcel')
  await page.keyboard.press('Enter')
  await page.getByRole('button', { name: 'See the tests' }).click()
  await expect(page).toHaveURL(/\/tests$/)
  const row = page.locator('main ol > li', { hasText: 'A late parcel' })
  await row.getByRole('button', { name: 'Run “A late parcel”' }).click()
  await expect(row).toContainText('passes')

  await test.step('the bot is broken, and publishing says so', async () => {
    await page.getByRole('link', { name: 'Canvas' }).click()
    await say(page, '为晚到道歉', '久等了，请稍等。')
    await page.locator('header').getByRole('button', { name: 'Publish' }).click()
    const publish = page.getByRole('dialog', { name: 'Publish' })
    await expect(publish).toContainText('1 of 15 tests does not go as it should.', { timeout: 60_000 })
    await publish.getByRole('link', { name: 'See which' }).click()
  })

  const parted = row.getByRole('region', { name: 'First difference' })
  await test.step('the first difference stands side by side, for everybody', async () => {
    await expect(page.locator('main ol > li')).toHaveCount(1)
    await expect(parted).toContainText(`After “${late}”`)
    await expect(parted.locator('[data-side="expected"]')).toContainText(sorry)
    await expect(parted.locator('[data-side="said"]')).toContainText('久等了，请稍等。')
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme })
      await settled(page)
      expect(await axeViolations(page, { coloursOnly: colorScheme === 'dark', butCanvas: true })).toEqual([])
    }
    await page.setViewportSize({ width: 390, height: 844 })
    expect(await tooWide(page)).toBeLessThanOrEqual(0)
    await page.setViewportSize({ width: 1440, height: 900 })
  })

  await test.step('it opens in the simulator as far as they part', async () => {
    await row.getByRole('link', { name: 'Open in the simulator' }).click()
    await expect(page.getByRole('list', { name: 'Chat', exact: true })).toContainText('久等了，请稍等。')
    await page.goBack()
  })

  await test.step('the new reply is accepted, and taken back', async () => {
    await row.getByRole('button', { name: 'Accept the new reply' }).click()
    await expect(page.getByText('None fails.')).toBeVisible()
    await page.getByRole('button', { name: 'Undo' }).click()
    await expect(parted).toBeVisible()
  })

  await test.step('a reply in which anything may stand passes', async () => {
    await row.getByRole('button', { name: 'Edit' }).click()
    const edit = page.getByRole('dialog', { name: 'Edit the test' })
    await edit.getByLabel('Name').fill('A late parcel, whatever it says')
    const reply = edit.getByLabel('Reply 1 of turn 2')
    await expect(reply).toHaveValue(sorry)
    await reply.selectText()
    await reply.locator('xpath=..').getByRole('button', { name: 'Anything' }).click()
    await expect(reply).toHaveValue('[…]')
    await edit.getByRole('button', { name: 'Save and run' }).click()
    await page.getByRole('button', { name: /^All / }).click()
    await expect(row).toContainText('A late parcel, whatever it says')
    await expect(row).toContainText('passes')
  })

  await test.step('it is deleted, and comes back', async () => {
    await row.getByRole('button', { name: /^More for/ }).click()
    await page.getByRole('menuitem', { name: 'Delete' }).click()
    await expect(row).toHaveCount(0)
    await page.getByRole('button', { name: 'Undo' }).last().click()
    await expect(row).toContainText('passes')
  })
  expect(heard).toEqual([])
})

async function openTry(page: Page): Promise<void> {
  await page.goto(`${product.url}${bot}/canvas?side=try&language=zh-CN`)
  await expect(page.locator('.react-flow__edge')).not.toHaveCount(0)
  await expect(replies(page)).not.toHaveCount(0)
}

function replies(page: Page) {
  return page.getByRole('button', { name: /why this answer\?/ })
}
function tool(page: Page, name: string) {
  return page.getByRole('toolbar', { name: 'Ways to look at the chat' }).getByRole('button', { name })
}
function head(page: Page) {
  return page.locator('.react-flow__node:has(.bl-block--head)')
}

async function ask(page: Page, text: string): Promise<void> {
  const input = page.getByPlaceholder('Ask as a customer would')
  await expect(input).toBeEnabled()
  await expect(replies(page)).not.toHaveCount(0)
  const known = await replies(page).count()
  await input.fill(text)
  await input.press('Enter')
  await expect(replies(page)).not.toHaveCount(known)
}

/** Gives a block other words in Chinese, in the inspector. */
async function say(page: Page, block: string, words: string): Promise<void> {
  await expect(page.locator('.react-flow__edge')).not.toHaveCount(0)
  await page.keyboard.press('Control+k')
  await page.locator('[role="combobox"]').fill(block)
  await page.keyboard.press('Enter')
  await expect(page.locator('.react-flow__node.selected')).toContainText(block)
  await page.getByRole('tab', { name: 'Block', exact: true }).click()
  const panel = page.locator('.bl-inspector')
  await panel.getByRole('tab', { name: '中文' }).first().click()
  await panel.locator('textarea').first().fill(words)
  await expect(page.getByText(/saved/)).toBeVisible()
}

/** Writes down which blocks are lit, in their order, and how many at most at one time. */
async function watchLights(page: Page) {
  await page.evaluate(() => {
    const seen = { order: [] as string[], most: 0 }
    Object.assign(window, { lights: seen })
    const lit = () =>
      [...document.querySelectorAll('.bl-block--walked')].map(
        (block) => block.closest<HTMLElement>('.react-flow__node')?.dataset.id ?? '',
      )
    let before = new Set(lit())
    new MutationObserver(() => {
      const now = lit()
      const more = now.filter((id) => !before.has(id))
      before = new Set(now)
      seen.order.push(...more)
      seen.most = Math.max(seen.most, more.length)
    }).observe(document.querySelector('.react-flow__nodes') ?? document.body, {
      subtree: true,
      attributeFilter: ['class'],
    })
  })
  const read = () => page.evaluate(() => (window as unknown as { lights: { order: string[]; most: number } }).lights)
  return {
    order: async () => (await read()).order,
    most: async () => (await read()).most,
    forget: () =>
      page.evaluate(() => {
        Object.assign((window as unknown as { lights: object }).lights, { order: [], most: 0 })
      }),
  }
}

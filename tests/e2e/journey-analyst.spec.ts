import { type Browser, expect, type Page, test } from '@playwright/test'
import { type Product, startProduct } from '../drivers/product.ts'

/**
 * J1, the analyst's first five minutes, against what `npm start` prints: look at a published sample, ask it, see why, teach it a
 * question that it missed, run, connect, try, publish; the shop's page answers the new way and the chat that was open goes on.
 */
const gifts = [
  '可以包成礼物吗',
  '送人的，能不能帮忙包装一下',
  '有没有礼品盒',
  '想要礼物包装，要加钱吗',
  '帮我用礼盒装，谢谢',
  '能写贺卡放进去吗',
  '礼品包装怎么选',
  '送女朋友的，麻烦包好看点',
  'do you gift wrap?',
  'can you put it in a gift box with a card',
]
const question = '能帮我做礼品包装吗，送朋友的'
const answer = '可以的，下单时勾选“礼品包装”，我们免费为您包好并附贺卡。'

let product: Product
test.beforeAll(async () => {
  product = await startProduct({ env: { LANG: 'zh_CN.UTF-8' } })
})
test.afterAll(() => product?.stop())

test('J1: from the printed link to a better bot on the shop page', async ({ page, browser }) => {
  const errors: string[] = []
  page.on('pageerror', (error) => errors.push(error.message))

  await test.step('the link signs in and opens the sample, full of life', async () => {
    await page.goto(product.links.studio)
    await expect(page).toHaveURL(/\/bots\/bot_\w+\/canvas/)
    await expect(page.getByRole('heading', { name: '学习' })).toBeVisible()
    await expect(page.locator('.react-flow__edge')).not.toHaveCount(0)
    await expect(page.getByRole('complementary', { name: '上手五步' })).toContainText('0 / 5')
  })

  const again = await browser.newPage({ locale: 'zh-CN' })
  await again.goto(product.links.studio)
  await expect(again.getByText('小舟商城')).toHaveCount(0)
  await again.close()

  await test.step('she asks, the path lights up, and the reply says why', async () => {
    await page.getByRole('complementary', { name: '上手五步' }).getByRole('button', { name: '试聊' }).click()
    await ask(page, '我的快递怎么还没到')
    await expect(page.locator('.bl-block--walked')).not.toHaveCount(0)
    await page
      .getByRole('button', { name: /为什么这么答/ })
      .last()
      .click()
    const why = page.getByRole('region', { name: '为什么这么答？' })
    await expect(why).toContainText('迟迟没到')
    await expect(why).toContainText('%')
    const nearest = why.getByRole('heading', { name: '学过的最相近的问法' })
    await expect(nearest.locator('xpath=following-sibling::*[1]').getByRole('listitem')).toHaveCount(3)
  })

  const visitor = await openShop(browser)
  await say(visitor, question)
  const before = await lastReply(visitor)
  expect(before).not.toContain(answer)

  await test.step('ten new questions under a new label', async () => {
    await page.getByRole('complementary', { name: '上手五步' }).getByRole('button', { name: '补充' }).click()
    await page.getByLabel('粘贴问题').fill(gifts.join('\n'))
    await page.getByRole('button', { name: '下一步' }).click()
    await page.getByPlaceholder('选已有的，或写一个新的').fill('礼品包装')
    await page.getByRole('button', { name: /导入 10 行/ }).click()
    await expect(page.getByText('已添加 10 条')).toBeVisible()
  })

  await test.step('what must run again is amber and says why; the intent block grew a port', async () => {
    await page.getByRole('link', { name: '画布' }).click()
    await expect(page.locator('.bl-block[data-status]', { hasText: '上次运行后多了 10 条记录' })).not.toHaveCount(0)
    await flyTo(page, '听懂问题')
    const intent = page.locator('.react-flow__node', { has: page.getByText('听懂问题', { exact: true }) })
    await expect(intent.getByText('礼品包装')).toBeVisible()
    await expect(intent.getByText('新', { exact: true })).toBeVisible()
  })

  await test.step('running takes seconds, with progress that can be seen', async () => {
    await page.locator('header').getByRole('button', { name: /运行/ }).click()
    await expect(page.getByText('运行完成。')).toBeVisible({ timeout: 120_000 })
  })

  await test.step('she connects the new port to an answer', async () => {
    await flyTo(page, '听懂问题')
    const intent = page.locator('.react-flow__node', { has: page.getByText('听懂问题', { exact: true }) })
    const port = intent.locator('.react-flow__handle[aria-label="礼品包装"]')
    const from = await centre(port)
    await page.mouse.move(from.x, from.y)
    await page.mouse.down()
    await page.mouse.move(from.x + 60, from.y + 30, { steps: 5 })
    const free = await emptySpot(page)
    await page.mouse.move(free.x, free.y, { steps: 10 })
    await page.mouse.up()
    const quickAdd = page.getByRole('dialog', { name: '添加块' })
    await quickAdd.getByRole('combobox').fill('回复')
    await page.keyboard.press('Enter')
    const reply = page.getByRole('textbox', { name: /回复|说什么|内容/ }).first()
    await reply.fill(answer)
    await expect(page.getByText(/已保存/)).toBeVisible()
  })

  await test.step('the draft answers the new way', async () => {
    await page.locator('header').getByRole('button', { name: '试聊' }).click()
    await page.getByRole('button', { name: '重新开始' }).click()
    await ask(page, question)
    await expect(page.getByRole('list', { name: '对话' })).toContainText(answer)
  })

  await test.step('publishing shows whom it meets, and goes live', async () => {
    await page.locator('header').getByRole('button', { name: '发布' }).click()
    const dialog = page.getByRole('dialog', { name: '发布' })
    await expect(dialog).toContainText('有 1 个人正在聊，他们的会话怎么办？')
    await expect(dialog.getByRole('radio', { name: /^都留在各自的版本上/ })).toBeChecked()
    // The open chat was answered otherwise; that is what the new question was added for.
    await expect(dialog).toContainText('有 1 段的回复会变')
    await expect(dialog.getByRole('button', { name: '发布' })).toBeDisabled()
    await dialog.getByRole('checkbox', { name: '这些回复就是要改的' }).check()
    await dialog.getByRole('button', { name: '发布' }).click()
    await expect(page.getByText('v2 已上线。')).toBeVisible()
  })

  await test.step('a new visitor hears the new answer; the open chat goes on as before', async () => {
    const second = await openShop(browser)
    await say(second, question)
    await expect(second.locator('.bot .bubble').filter({ hasText: answer })).toBeVisible()
    await say(visitor, question)
    expect(await lastReply(visitor)).not.toContain(answer)
    await second.close()
  })

  await test.step('one click makes the former version current again, for those who come from now on', async () => {
    await page.getByRole('link', { name: '版本', exact: true }).click()
    const former = page.getByRole('listitem').filter({ hasText: /^v1/ })
    await former.getByRole('button', { name: '切换到此版本' }).click()
    await page.getByRole('dialog').getByRole('button', { name: '让 v1 上线' }).click()
    await expect(page.getByText('v1 已上线。')).toBeVisible()
    await expect(former.getByText('线上', { exact: true })).toBeVisible()
    const third = await openShop(browser)
    await say(third, question)
    expect(await lastReply(third)).not.toContain(answer)
    await third.close()
  })

  await visitor.close()
  expect(errors).toEqual([])
})

async function ask(page: Page, text: string): Promise<void> {
  const replies = page.getByRole('button', { name: /为什么这么答/ })
  const input = page.getByPlaceholder('像顾客那样问一句')
  await expect(input).toBeEnabled()
  await expect(replies).not.toHaveCount(0)
  const known = await replies.count()
  await input.fill(text)
  await input.press('Enter')
  await expect(replies).not.toHaveCount(known)
}

async function flyTo(page: Page, block: string): Promise<void> {
  await page.keyboard.press('Control+k')
  await page.getByPlaceholder('去哪里，或者做什么？').fill(block)
  await page.keyboard.press('Enter')
  await expect(page.locator('.react-flow__node.selected')).toContainText(block)
  // The flight is an animation of the view; it has ended when the block stands still.
  const at = page.locator('.react-flow__node.selected')
  await expect
    .poll(async () => {
      const a = await at.boundingBox()
      const b = await at.boundingBox()
      return a && b && a.x === b.x && a.y === b.y && a.width > 150
    })
    .toBe(true)
}

async function centre(locator: ReturnType<Page['locator']>): Promise<{ x: number; y: number }> {
  const box = await locator.boundingBox()
  if (!box) throw new Error('not on the screen')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** A place of the canvas with room around it where no block, wire or panel lies. */
async function emptySpot(page: Page): Promise<{ x: number; y: number }> {
  return page.evaluate(() => {
    const pane = document.querySelector('.react-flow__pane')
    if (!pane) throw new Error('no canvas')
    const { left, top, right, bottom } = pane.getBoundingClientRect()
    const isFree = (x: number, y: number) => document.elementFromPoint(x, y) === pane
    for (let x = right - 60; x > left + 60; x -= 20)
      for (let y = top + 60; y < bottom - 60; y += 20)
        if ([-20, 0, 20].every((dx) => [-20, 0, 20].every((dy) => isFree(x + dx, y + dy)))) return { x, y }
    throw new Error('no empty place on the canvas')
  })
}

async function openShop(browser: Browser): Promise<Page> {
  const context = await browser.newContext({ locale: 'zh-CN' })
  const page = await context.newPage()
  await page.goto(product.links.demo)
  await page.getByRole('button', { name: '打开聊天' }).click()
  await expect(page.locator('.bot .bubble').first()).toBeVisible()
  return page
}

async function say(page: Page, text: string): Promise<void> {
  const replies = page.locator('.bot .bubble:not(.dots)')
  const known = await replies.count()
  await page.getByPlaceholder('输入你的问题…').fill(text)
  await page.getByRole('button', { name: '发送', exact: true }).click()
  await expect(replies).not.toHaveCount(known)
  await expect(page.locator('.dots')).toHaveCount(0)
}

async function lastReply(page: Page): Promise<string> {
  return (await page.locator('.bot .bubble:not(.dots)').last().textContent()) ?? ''
}

import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import type { Product } from './product.ts'

type StudioLanguage = 'zh-CN' | 'en'
const ownNames: Record<StudioLanguage, string> = { 'zh-CN': '简体中文', en: 'English' }

/** Signs in by the printed link, which opens the canvas of the sample bot; returns that bot's id. */
export async function signIn(page: Page, { links }: Pick<Product, 'links'>): Promise<string> {
  await page.goto(links.studio)
  await page.waitForURL(/\/bots\/bot_\w+\/canvas/)
  return new URL(page.url()).pathname.split('/')[2] ?? ''
}

/** Switches the studio's language as a person does, from the settings on the page. */
export async function speak(page: Page, language: StudioLanguage): Promise<void> {
  await page.locator('button[aria-haspopup="menu"]', { hasText: /设置|Settings/ }).click()
  await page.getByRole('menuitemradio', { name: ownNames[language] }).click()
  await expect(page.locator('html')).toHaveAttribute('lang', language)
}

/** Everything on the page that nobody should hear of in the console; empty as long as nothing was said. */
export function listen(page: Page): string[] {
  const heard: string[] = []
  page.on('pageerror', (error) => heard.push(`page error: ${error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') heard.push(`console: ${message.text()} ${message.location().url}`)
  })
  return heard
}

/** Waits until no colour that can be seen is on its way to another; what is folded away stays on its way until it is opened. */
export async function settled(page: Page): Promise<void> {
  const moving = () =>
    page.evaluate(
      () =>
        new Promise<number>((resolve) =>
          requestAnimationFrame(() =>
            resolve(
              document.getAnimations().filter((one) => {
                const target = one.effect instanceof KeyframeEffect ? one.effect.target : null
                return one instanceof CSSTransition && target?.checkVisibility()
              }).length,
            ),
          ),
        ),
    )
  await expect.poll(moving).toBe(0)
}

/**
 * What breaks WCAG 2.2 AA on the page as it stands: the rule, how often, where first, and why. `coloursOnly` for a
 * second look at a page of which only the colours have changed, `butCanvas` where the blocks were looked at before: its
 * 87 blocks take most of the time.
 */
export async function axeViolations(
  page: Page,
  { coloursOnly, butCanvas }: { coloursOnly: boolean; butCanvas: boolean },
): Promise<string[]> {
  // No page of ours has a frame of another origin, which is what the other mode opens a second page for, at four times the time.
  const axe = new AxeBuilder({ page }).options({ resultTypes: ['violations'], preload: false }).setLegacyMode()
  if (butCanvas) axe.exclude('.react-flow__viewport')
  if (coloursOnly) axe.withRules(['color-contrast'])
  else axe.withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
  const { violations } = await axe.analyze()
  return violations.flatMap(({ id, nodes }) =>
    nodes
      .slice(0, 4)
      .map(
        (node) =>
          `${id} (${nodes.length}): ${node.target.join(' ')} | ${node.html.slice(0, 120)} | ${node.failureSummary?.split('\n')[1]?.trim()}`,
      ),
  )
}

/** Brings the dialog of the allowed sites to all that it can show: a site on the list, and what is wrong with another address. */
export async function fillAllowedSites(page: Page): Promise<void> {
  const dialog = page.locator('dialog[open]')
  const address = dialog.locator('form input')
  const sites = dialog.locator('li')
  await expect(address).toBeEnabled()
  if ((await sites.count()) === 0) {
    await address.fill('https://shop.example')
    await page.keyboard.press('Enter')
  }
  await expect(sites).toHaveCount(1)
  await address.fill('https://shop.example/cart')
  await page.keyboard.press('Enter')
  await expect(dialog.getByRole('alert')).toBeVisible()
}

/** Words on the page, names of controls included, that are a key where a text should be. */
export async function untranslated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const isKey = (text: string) => /^(?:[a-z]+:)?[a-z][a-z0-9-]*(?:\.[a-z0-9-]+)+$/.test(text.trim())
    const found = new Set<string>()
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = texts.nextNode(); node; node = texts.nextNode()) {
      const parent = node.parentElement
      if (!parent || parent.closest('script, style, code, textarea')) continue
      if (isKey(node.nodeValue ?? '')) found.add(node.nodeValue ?? '')
    }
    for (const element of document.querySelectorAll('[aria-label], [title], [placeholder]'))
      for (const name of ['aria-label', 'title', 'placeholder']) {
        const value = element.getAttribute(name)
        if (value && isKey(value) && !value.includes('example.com')) found.add(value)
      }
    return [...found]
  })
}

/** By how many pixels the page is wider than the window. */
export async function tooWide(page: Page): Promise<number> {
  return page.evaluate(() => {
    const page = document.scrollingElement ?? document.documentElement
    const main = document.querySelector('main') ?? page
    return Math.max(page.scrollWidth - innerWidth, main.scrollWidth - main.clientWidth)
  })
}

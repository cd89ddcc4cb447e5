import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, BrowserContext, Page } from '@playwright/test'
import { projectRoot } from '#runtime/project-root.ts'
import { startProduct } from '../drivers/product.ts'
import { settled } from '../drivers/studio-pages.ts'
import { changeAndRun, comparedViews, type Studio, type StudioView, studioViews } from '../drivers/studio-views.ts'
import { openBrowser } from './pages/browser.ts'

/**
 * `npm run screenshots`: every page and dialog of the studio under docs/screenshots, in both languages, light and dark, and the
 * ones that are read on a phone at 390 px. Each language has a product of its own, whose sample bot speaks it.
 */
const folder = join(projectRoot, 'docs', 'screenshots')
const onPhones = new Set([
  'home',
  'canvas',
  'canvas with simulator and why',
  'data',
  'report',
  'versions',
  'chats',
  'insights',
  'unanswered',
])
const languages = [
  { language: 'en', locale: 'en_GB.UTF-8' },
  { language: 'zh-CN', locale: 'zh_CN.UTF-8' },
] as const
const looks = [
  { colorScheme: 'light', width: 1440, height: 900 },
  { colorScheme: 'light', width: 390, height: 844 },
  { colorScheme: 'dark', width: 1440, height: 900 },
] as const

let converter: Page | undefined

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const browser = await openBrowser()
let bytes = 0
for (const { language, locale } of languages) {
  console.log(`${language}: starting Botloom, training the sample bot ...`)
  const product = await startProduct({ env: { LANG: locale }, deadline: 600_000 })
  try {
    const context = await browser.newContext({ locale: language })
    const page = await context.newPage()
    await page.goto(product.links.studio)
    await page.waitForURL(/\/bots\/bot_\w+\/canvas/)
    const studio = { url: product.url, bot: new URL(page.url()).pathname.split('/').slice(0, 3).join('/') }
    const signedIn = await context.storageState()
    await look(language, signedIn, studioViews, studio)
    await changeAndRun(page, studio)
    await context.close()
    await look(language, signedIn, comparedViews, studio)
  } finally {
    await product.stop()
  }
}
await browser.close()
console.log(`${(bytes / 1_000_000).toFixed(1)} MB in docs/screenshots`)

async function look(
  language: string,
  signedIn: Awaited<ReturnType<BrowserContext['storageState']>>,
  views: readonly StudioView[],
  studio: Studio,
): Promise<void> {
  for (const { colorScheme, width, height } of looks) {
    const context = await browser.newContext({
      storageState: signedIn,
      locale: language,
      colorScheme,
      viewport: { width, height },
      reducedMotion: 'reduce',
    })
    const page = await context.newPage()
    for (const { name, height: whole, open } of views) {
      if (width === 390 && !onPhones.has(name)) continue
      await page.setViewportSize({ width, height: whole ?? height })
      await open(page, studio)
      await settled(page)
      const file = [name.replace(/[ ,]+/g, '-'), language, colorScheme, width === 390 && 'phone'].filter(Boolean)
      const picture = await toWebp(browser, page, await page.screenshot())
      await writeFile(join(folder, `${file.join('.')}.webp`), picture)
      bytes += picture.length
    }
    await context.close()
  }
}

/** The browser itself writes WebP, a fifth of a PNG's size; no library is needed. */
async function toWebp(chromium: Browser, shown: Page, png: Buffer): Promise<Buffer> {
  converter ??= await chromium.newPage()
  const size = shown.viewportSize() ?? { width: 0, height: 0 }
  const encoded = await converter.evaluate(
    async ({ source, width, height }) => {
      const image = new Image()
      image.src = `data:image/png;base64,${source}`
      await image.decode()
      const canvas = Object.assign(document.createElement('canvas'), { width, height })
      canvas.getContext('2d')?.drawImage(image, 0, 0)
      return canvas.toDataURL('image/webp', 0.82).split(',')[1] ?? ''
    },
    { source: png.toString('base64'), ...size },
  )
  return Buffer.from(encoded, 'base64')
}

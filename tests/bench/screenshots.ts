import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from '@playwright/test'
import { projectRoot } from '#runtime/project-root.ts'
import { startProduct } from '../drivers/product.ts'
import { settled } from '../drivers/studio-pages.ts'
import { studioViews } from '../drivers/studio-views.ts'
import { openBrowser } from './pages/browser.ts'

/**
 * `npm run screenshots`: every page and dialog of the studio under docs/screenshots, in both languages, in English dark too,
 * and the ones that are read on a phone at 390 px. Each language has a product of its own, whose sample bot speaks it.
 */
const folder = join(projectRoot, 'docs', 'screenshots')
const onPhones = new Set(['home', 'canvas', 'canvas with simulator and why', 'data', 'report', 'versions'])
const languages = [
  { language: 'en', locale: 'en_GB.UTF-8', schemes: ['light', 'dark'] },
  { language: 'zh-CN', locale: 'zh_CN.UTF-8', schemes: ['light'] },
] as const

let converter: Page | undefined

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const browser = await openBrowser()
let bytes = 0
for (const { language, locale, schemes } of languages) {
  console.log(`${language}: starting Botloom, training the sample bot ...`)
  const product = await startProduct({ env: { LANG: locale }, deadline: 600_000 })
  try {
    const context = await browser.newContext({ locale: language })
    const page = await context.newPage()
    await page.goto(product.links.studio)
    await page.waitForURL(/\/bots\/bot_\w+\/canvas/)
    const bot = new URL(page.url()).pathname.split('/').slice(0, 3).join('/')
    const signedIn = await context.storageState()
    await context.close()
    for (const colorScheme of schemes)
      for (const width of colorScheme === 'light' ? [1440, 390] : [1440]) {
        const own = await browser.newContext({
          storageState: signedIn,
          locale: language,
          colorScheme,
          viewport: { width, height: width === 390 ? 844 : 900 },
          reducedMotion: 'reduce',
        })
        const view = await own.newPage()
        for (const { name, open } of studioViews) {
          if (width === 390 && !onPhones.has(name)) continue
          await open(view, { url: product.url, bot })
          await settled(view)
          const file = [name.replace(/[ ,]+/g, '-'), language, colorScheme, width === 390 && 'phone'].filter(Boolean)
          const picture = await toWebp(browser, view, await view.screenshot())
          await writeFile(join(folder, `${file.join('.')}.webp`), picture)
          bytes += picture.length
        }
        await own.close()
      }
  } finally {
    await product.stop()
  }
}
await browser.close()
console.log(`${(bytes / 1_000_000).toFixed(1)} MB in docs/screenshots`)

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

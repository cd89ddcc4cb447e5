import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Browser, Page } from '@playwright/test'
import { projectRoot } from '#runtime/project-root.ts'
import { type Product, startProduct } from '../drivers/product.ts'
import { type BenchLine, runBench } from './bench.ts'
import { median, openBrowser } from './pages/browser.ts'

const loads = 5
/** What `npm start` built and serves. */
const folder = join(projectRoot, 'dist', 'editor')
let product: Product | undefined
let browser: Browser | undefined

async function openStudio(log: (text: string) => void): Promise<{ product: Product; page: Page }> {
  log('starting Botloom, training the sample bot ...')
  product ??= await startProduct({ deadline: 600_000 })
  browser ??= await openBrowser()
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  const page = await context.newPage()
  await page.goto(product.links.studio)
  await page.locator('.react-flow__node').first().waitFor()
  return { product, page }
}

/** Scripts that a page loaded, KB gzip of what the build wrote. */
async function scriptKb(page: Page, url: string, until: string): Promise<number> {
  const names = new Set<string>()
  const heard = (request: { url(): string }): void => {
    const path = new URL(request.url()).pathname
    if (path.endsWith('.js')) names.add(path)
  }
  page.on('request', heard)
  await page.goto(url)
  await page.locator(until).first().waitFor()
  // The page's event stream never ends, so no browser calls it idle: it has loaded when a second brings no further script.
  for (let known = -1; known !== names.size; ) {
    known = names.size
    await page.waitForTimeout(1_000)
  }
  page.off('request', heard)
  const sizes = await Promise.all(
    [...names].map(async (name) => gzipSync(await readFile(join(folder, name.replace(/^\//, '')))).length),
  )
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000
}

const lines: BenchLine[] = [
  {
    figures: {
      firstLoadKb: { label: 'home, JavaScript, KB gzip', reference: '<= 200', digits: 0 },
      canvasKb: { label: "a bot's page with its canvas, JavaScript, KB gzip", reference: '<= 450', digits: 0 },
      interactiveSeconds: {
        label: `a bot's page until its blocks can be used, s, median of ${loads}`,
        reference: '< 2',
        digits: 2,
      },
    },
    async measure(log) {
      const studio = await openStudio(log)
      const { page } = studio
      const canvas = page.url()
      const firstLoadKb = await scriptKb(page, `${studio.product.url}/`, 'main a, main button')
      const canvasKb = await scriptKb(page, canvas, '.react-flow__node')
      const times: number[] = []
      for (let i = 0; i < loads; i++) {
        const start = performance.now()
        await page.goto(canvas, { waitUntil: 'commit' })
        await page.locator('.react-flow__node').first().waitFor()
        await page.keyboard.press('Control+k')
        await page.getByRole('combobox').waitFor()
        times.push((performance.now() - start) / 1_000)
        await page.keyboard.press('Escape')
      }
      await page.context().close()
      return { firstLoadKb, canvasKb, interactiveSeconds: median(times) }
    },
  },
]

await runBench('studio', lines).finally(async () => {
  await browser?.close()
  await product?.stop()
})

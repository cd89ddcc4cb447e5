import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import type { Page } from '@playwright/test'
import { projectRoot } from '#runtime/project-root.ts'
import type { BenchLine } from '../bench.ts'
import { median } from '../pages/browser.ts'
import { openStudio } from './open.ts'

const loads = 5
/** What `npm start` built and serves. */
const folder = join(projectRoot, 'dist', 'editor')

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

export const firstLoad: BenchLine = {
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
    const page = await studio.page()
    const firstLoadKb = await scriptKb(page, `${studio.product.url}/`, 'main a, main button')
    const canvasKb = await scriptKb(page, studio.sample, '.react-flow__node')
    const times: number[] = []
    for (let i = 0; i < loads; i++) {
      const start = performance.now()
      await page.goto(studio.sample, { waitUntil: 'commit' })
      await page.locator('.react-flow__node').first().waitFor()
      await page.keyboard.press('Control+k')
      await page.getByRole('combobox').waitFor()
      times.push((performance.now() - start) / 1_000)
      await page.keyboard.press('Escape')
    }
    await page.close()
    return { firstLoadKb, canvasKb, interactiveSeconds: median(times) }
  },
}

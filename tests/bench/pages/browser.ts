import { type Browser, chromium, type Page } from '@playwright/test'
import { findBrowser } from '../../../scripts/browser.mjs'
import { SkipLine } from '../bench.ts'

/** The system's Chromium, as the browser tests use it. Throws `SkipLine` where there is none. */
export async function openBrowser(): Promise<Browser> {
  const executablePath = findBrowser()
  if (!executablePath) throw new SkipLine('no Chromium here; set CHROMIUM=/path/to/it')
  return chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-quic', '--disable-background-networking', '--disable-component-update'],
  })
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2
}

/** Milliseconds that the page's thread has worked since `work` was called, whenever the returned function is asked. */
export async function work(page: Page): Promise<() => Promise<number>> {
  const devTools = await page.context().newCDPSession(page)
  await devTools.send('Performance.enable')
  const total = async () => {
    const { metrics } = await devTools.send('Performance.getMetrics')
    return 1_000 * (metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN)
  }
  const before = await total()
  return async () => (await total()) - before
}

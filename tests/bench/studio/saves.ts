import type { Page } from '@playwright/test'
import { largeGraph } from '../../drivers/large-graph.ts'
import type { BenchLine } from '../bench.ts'
import { median } from '../pages/browser.ts'
import { type OpenStudio, openStudio } from './open.ts'

const keystrokes = 30

/** Milliseconds from each keystroke in a block's text until the studio says that the server has just that document. */
async function typeAndWait(page: Page): Promise<number[]> {
  const text = page.locator('.bl-inspector textarea').first()
  await text.click()
  await page.evaluate(() => {
    const times: number[] = []
    Object.assign(window, { times })
    let pressed: number | null = null
    const state = document.querySelector('[role="status"][data-kind]')
    window.addEventListener(
      'keydown',
      () => {
        pressed = performance.now()
      },
      { capture: true },
    )
    let hadLeft = false
    new MutationObserver(() => {
      const kind = state?.getAttribute('data-kind')
      if (kind !== 'saved') hadLeft = true
      else if (hadLeft && pressed !== null) {
        times.push(performance.now() - pressed)
        pressed = null
        hadLeft = false
      }
    }).observe(document.body, { subtree: true, attributes: true, attributeFilter: ['data-kind'] })
  })
  for (let i = 1; i <= keystrokes; i++) {
    await page.keyboard.press('a')
    await page.waitForFunction((count) => (window as unknown as { times: number[] }).times.length >= count, i)
  }
  return page.evaluate(() => (window as unknown as { times: number[] }).times)
}

async function measure(studio: OpenStudio, address: string, block: string): Promise<number[]> {
  const page = await studio.page()
  await page.goto(`${address}?side=block&block=${block}`)
  await page.locator('[role="status"][data-kind="saved"]').waitFor()
  const times = await typeAndWait(page)
  await page.close()
  return times
}

export const saves: BenchLine = {
  figures: {
    saveMs: {
      label: 'from a keystroke to its acknowledged save, ms, median, 400 of them waited for the next key',
      reference: '',
      digits: 0,
    },
    saveP95Ms: { label: 'the same, 95th percentile', reference: '', digits: 0 },
    saveMs1000: { label: 'the same in a bot of 1,000 blocks, median', reference: '', digits: 0 },
  },
  async measure(log) {
    const studio = await openStudio(log)
    const times = await measure(studio, studio.sample, 'hello-friendly')
    const large = await measure(studio, await studio.bot(largeGraph(1000)), 'b2')
    const sorted = [...times].sort((a, b) => a - b)
    return {
      saveMs: median(times),
      saveP95Ms: sorted[Math.floor(sorted.length * 0.95)] ?? Number.NaN,
      saveMs1000: median(large),
    }
  },
}

import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { PlacedGraph } from '../../drivers/large-graph.ts'
import { makeBot } from '../../drivers/placed-bot.ts'
import { type Product, startProduct } from '../../drivers/product.ts'
import { openBrowser } from '../pages/browser.ts'

/** The product with somebody signed in, shared by all lines of the bench. */
export interface OpenStudio {
  product: Product
  browser: Browser
  context: BrowserContext
  /** Address of the sample bot's canvas. */
  sample: string
  /** A bot that holds just this graph; the address of its canvas. */
  bot(graph: PlacedGraph): Promise<string>
  page(): Promise<Page>
}

let opened: Promise<OpenStudio> | undefined

export function openStudio(log: (text: string) => void): Promise<OpenStudio> {
  opened ??= open(log)
  return opened
}

export async function closeStudio(): Promise<void> {
  const studio = await opened?.catch(() => undefined)
  await studio?.browser.close()
  await studio?.product.stop()
}

async function open(log: (text: string) => void): Promise<OpenStudio> {
  const browser = await openBrowser()
  log('starting Botloom, training the sample bot ...')
  const product = await startProduct({ deadline: 600_000 })
  const context = await browser.newContext({ locale: 'en', viewport: { width: 1440, height: 900 } })
  const first = await context.newPage()
  await first.goto(product.links.studio)
  await first.locator('.react-flow__node').first().waitFor()
  const sample = first.url()
  await first.close()

  return {
    product,
    browser,
    context,
    sample,
    bot: async (graph) => `${product.url}/bots/${await makeBot(context.request, product.url, graph)}/canvas`,
    async page() {
      const page = await context.newPage()
      // tsx marks functions with their names by this helper, those that are sent to a page too.
      await page.addInitScript('globalThis.__name = (made) => made')
      return page
    },
  }
}

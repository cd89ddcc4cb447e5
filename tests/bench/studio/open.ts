import type { Browser, BrowserContext, Page } from '@playwright/test'
import type { Me } from '#server/api/dto.ts'
import { additionOf, graphOf } from '../../drivers/chat.ts'
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
  bot(graph: BenchGraph): Promise<string>
  page(): Promise<Page>
}

export interface BenchGraph {
  /** Blocks and wires as `graphOf` of the tests' drivers takes them. */
  blocks: Parameters<typeof graphOf>[0]
  wires: string[]
  positions: Record<string, { x: number; y: number }>
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

  const { csrf } = (await (await context.request.get(`${product.url}/api/me`)).json()) as Me
  const post = async <T>(path: string, data: unknown): Promise<T> => {
    const headers = { 'x-botloom-csrf': csrf, origin: product.url }
    const answer = await context.request.post(`${product.url}/api${path}`, { data, headers })
    if (!answer.ok()) throw new Error(`${path}: ${answer.status()} ${await answer.text()}`)
    return (await answer.json()) as T
  }
  return {
    product,
    browser,
    context,
    sample,
    async bot({ blocks, wires, positions }) {
      const { id } = await post<{ id: string }>('/bots', { name: 'Bench', template: null })
      const draft = await context.request.get(`${product.url}/api/bots/${id}/draft`)
      const { document } = (await draft.json()) as { document: ReturnType<typeof graphOf> }
      const placed = (places: object) =>
        Object.fromEntries(Object.entries(places).map(([block, place]) => [`positions/${block}`, place]))
      const diff = {
        id: `dif_${id}`,
        added: { ...additionOf(graphOf(blocks, wires)), ...placed(positions) },
        removed: { ...additionOf(document), ...placed(document.view.positions) },
        updated: {},
      }
      await post(`/bots/${id}/draft/diffs`, { base: 0, diffs: [diff] })
      return `${product.url}/bots/${id}/canvas`
    },
    async page() {
      const page = await context.newPage()
      // tsx marks functions with their names by this helper, those that are sent to a page too.
      await page.addInitScript('globalThis.__name = (made) => made')
      return page
    },
  }
}

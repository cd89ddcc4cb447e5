import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'
import { projectRoot } from '#runtime/project-root.ts'
import { type BenchLine, runBench } from './bench.ts'
import { median, openBrowser } from './pages/browser.ts'

const loads = 7
const folder = await mkdtemp(join(tmpdir(), 'botloom-widget-'))
await build({
  root: projectRoot,
  configFile: join(projectRoot, 'vite.widget.config.ts'),
  logLevel: 'silent',
  build: { outDir: folder, emptyOutDir: true },
})
const files = (await readdir(folder)).filter((name) => name.endsWith('.js'))
const kb = async (names: string[]): Promise<number> => {
  const sizes = await Promise.all(names.map(async (name) => gzipSync(await readFile(join(folder, name))).length))
  return sizes.reduce((sum, size) => sum + size, 0) / 1_000
}

/** A plain page with nothing but the script tag, and the same page without it to compare. */
const pages: Record<string, string> = {
  '/with': '<script type="module" src="/widget.js" data-bot="little-boat-shop"></script>',
  '/without': '',
}

const lines: BenchLine[] = [
  {
    figures: {
      launcherKb: { label: 'launcher, KB gzip', reference: '<= 4 (Typebot 192, Botpress 229, n8n 444)', digits: 2 },
      panelKb: { label: 'panel, loaded by the first click, KB gzip', reference: '<= 30', digits: 1 },
    },
    async measure() {
      return {
        launcherKb: await kb(['widget.js']),
        panelKb: await kb(files.filter((name) => name !== 'widget.js')),
      }
    },
  },
  {
    figures: {
      longTasksBeforeClick: {
        label: `long tasks (> 50 ms) before the click, median of ${loads} loads, beyond the bare page's`,
        reference: '0',
        digits: 0,
      },
      requestsBeforeClick: { label: 'requests before the click', reference: '1', digits: 0 },
      foreignRequests: { label: 'requests to third parties, click included', reference: '0', digits: 0 },
    },
    async measure(log) {
      const server = createServer((request, response) => {
        const path = new URL(request.url ?? '/', 'http://localhost').pathname
        const page = pages[path]
        if (page !== undefined) {
          response.writeHead(200, { 'content-type': 'text/html' })
          response.end(`<!doctype html><html lang="en"><title>A page</title><h1>A page</h1>${page}`)
        } else if (files.includes(path.slice(1)))
          readFile(join(folder, path.slice(1))).then((bytes) => {
            response.writeHead(200, { 'content-type': 'text/javascript' })
            response.end(bytes)
          })
        else response.writeHead(404).end()
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const browser = await openBrowser()
      let foreign = 0
      let scripts = 0

      async function longTasks(path: string): Promise<number> {
        const context = await browser.newContext()
        const page = await context.newPage()
        let asked = 0
        page.on('request', (request) => {
          if (request.url().endsWith('.js')) asked += 1
          if (!request.url().startsWith(url)) foreign += 1
        })
        await page.addInitScript(() => {
          const seen: number[] = []
          Object.assign(window, { seen })
          new PerformanceObserver((list) => seen.push(...list.getEntries().map(({ duration }) => duration))).observe({
            type: 'longtask',
            buffered: true,
          })
        })
        await page.goto(`${url}${path}`, { waitUntil: 'networkidle' })
        if (path === '/with') await page.getByRole('button', { name: 'Open chat' }).waitFor()
        const tasks = await page.evaluate(() => (window as unknown as { seen: number[] }).seen.length)
        if (path === '/with') {
          scripts = asked
          await page.getByRole('button', { name: 'Open chat' }).click()
          await page.getByRole('dialog').waitFor()
        }
        await context.close()
        return tasks
      }

      try {
        const counts: Record<string, number[]> = { '/without': [], '/with': [] }
        for (let i = 0; i < loads; i++)
          for (const path of Object.keys(counts)) counts[path]!.push(await longTasks(path))
        log(`long tasks a load: with the widget ${counts['/with']}, the bare page ${counts['/without']}`)
        const beyond = median(counts['/with']!) - median(counts['/without']!)
        return { longTasksBeforeClick: Math.max(0, beyond), requestsBeforeClick: scripts, foreignRequests: foreign }
      } finally {
        await browser.close()
        server.close()
      }
    },
  },
]

await runBench('widget', lines).finally(() => rm(folder, { recursive: true, force: true }))

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Page } from '@playwright/test'
import react from '@vitejs/plugin-react'
import type { Viewport } from '@xyflow/react'
import { build, type PreviewServer, preview } from 'vite'
import { largeGraph, type PlacedGraph } from '../../drivers/large-graph.ts'
import type { BenchLine } from '../bench.ts'
import { median, work } from '../pages/browser.ts'
import type { BareGraph } from './bare-canvas/main.tsx'
import { type OpenStudio, openStudio } from './open.ts'

/** Places that the pointer is led to in one gesture, 16 ms apart; each gesture is done so often on both canvases, by turns. */
const moved = 150
const rounds = 2
const gestures = ['pan', 'drag'] as const
type Gesture = (typeof gestures)[number]
/** What a window of 1,440 px shows at the first look, and the whole graph. */
const looks = ['near', 'whole'] as const
type Look = (typeof looks)[number]

const bareFolder = join(import.meta.dirname, 'bare-canvas')

/** The canvas library alone, built as the studio is, on a port of its own. */
async function serveBare(): Promise<{ url: string; stop(): Promise<void> }> {
  const outDir = await mkdtemp(join(tmpdir(), 'botloom-bare-'))
  const common = { configFile: false as const, root: bareFolder, logLevel: 'silent' as const, plugins: [react()] }
  await build({ ...common, build: { outDir, emptyOutDir: true, target: 'es2022' } })
  const server: PreviewServer = await preview({ ...common, build: { outDir }, preview: { host: '127.0.0.1', port: 0 } })
  const address = server.httpServer.address()
  return {
    url: `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`,
    async stop() {
      await server.close()
      await rm(outDir, { recursive: true, force: true })
    },
  }
}

function bareGraph({ blocks, wires, positions }: PlacedGraph, viewport: Viewport): BareGraph {
  const sides = { sourcePosition: 'right', targetPosition: 'left' } as BareGraph['nodes'][number]
  return {
    viewport,
    nodes: Object.keys(blocks).map((id) => ({
      ...sides,
      id,
      position: positions[id] ?? { x: 0, y: 0 },
      data: { label: `${blocks[id]?.type} ${id}` },
    })),
    edges: wires.map((wire, index) => {
      const [from = '', target = ''] = wire.split(' -> ')
      return { id: `e${index}`, source: from.split('/')[0] ?? '', target }
    }),
  }
}

interface Moved {
  /** Milliseconds from frame to frame, as a person sees them: never less than the screen's own. */
  times: number[]
  /** Milliseconds that the page's thread worked for a frame, which the screen's rate does not hide. */
  work: number
}

/** The pointer moves: on empty ground, or with the block nearest to the middle. */
async function move(page: Page, gesture: Gesture): Promise<Moved> {
  const from = await page.evaluate((what) => {
    const pane = document.querySelector('.react-flow')?.getBoundingClientRect()
    if (!pane) throw new Error('no canvas')
    const middle = { x: pane.x + pane.width / 2, y: pane.y + pane.height / 2 }
    const isIt = (x: number, y: number) => {
      const hit = document.elementFromPoint(x, y)
      const block = hit?.closest('.react-flow__node')
      return what === 'drag'
        ? Boolean(block && !hit?.closest('button, .react-flow__handle'))
        : hit?.classList.contains('react-flow__pane')
    }
    for (let away = 0; away < 500; away += 3)
      for (let turn = 0; turn < 16; turn++) {
        const x = middle.x + away * Math.cos((turn * Math.PI) / 8)
        const y = middle.y + away * Math.sin((turn * Math.PI) / 8)
        if (isIt(x, y)) return { x, y }
      }
    throw new Error(`nowhere to ${what}`)
  }, gesture)
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  await page.mouse.move(from.x + 8, from.y + 4)
  const worked = await work(page)
  await page.evaluate(() => {
    const seen: number[] = []
    Object.assign(window, { seen })
    let last = performance.now()
    const next = (now: number) => {
      seen.push(now - last)
      last = now
      if ((window as unknown as { seen?: number[] }).seen === seen) requestAnimationFrame(next)
    }
    requestAnimationFrame(next)
  })
  // As a hand does: every 16 ms, whether the page keeps up or not.
  const moves: Promise<void>[] = []
  const start = performance.now()
  for (let i = 0; i < moved; i++) {
    const angle = (i / moved) * 4 * Math.PI
    moves.push(page.mouse.move(from.x + 120 * Math.sin(angle), from.y + 90 * Math.sin(angle / 2)))
    await setTimeout(Math.max(0, start + (i + 1) * 16 - performance.now()))
  }
  await Promise.all(moves)
  const times = await page.evaluate(() => {
    const { seen = [] } = window as unknown as { seen?: number[] }
    Object.assign(window, { seen: undefined })
    return seen
  })
  const all = await worked()
  await page.mouse.up()
  // The first frame began before the recording did.
  return { times: times.slice(1), work: all / times.length }
}

interface Figures {
  frame: number
  work: number
}

async function measure(studio: OpenStudio, bareUrl: string, count: number, log: (text: string) => void) {
  const graph = largeGraph(count)
  const address = await studio.bot(graph)
  const key = `botloom.view.${new URL(address).pathname.split('/')[2]}`
  const own = await studio.page()
  const bare = await studio.page()
  await own.goto(address)
  await own.locator('.react-flow__node').first().waitFor()
  const pane = await own.locator('.react-flow').boundingBox()
  if (!pane) throw new Error('the canvas has no size')
  const size = { width: Math.round(pane.width), height: Math.round(pane.height) }
  await bare.setViewportSize(size)
  const places = Object.values(graph.positions)
  const extent = {
    width: Math.max(...places.map(({ x }) => x)) + 320,
    height: Math.max(...places.map(({ y }) => y)) + 180,
  }
  const whole = Math.max(0.1, Math.min(size.width / extent.width, size.height / extent.height))
  const views: Record<Look, Viewport> = { near: { x: 40, y: 40, zoom: 0.7 }, whole: { x: 0, y: 0, zoom: whole } }

  let worst = { frame: 0, work: 0, slowest: 0 }
  for (const look of looks) {
    await own.evaluate(([name, view]) => sessionStorage.setItem(name, view), [
      key,
      JSON.stringify(views[look]),
    ] as const)
    await own.reload()
    await bare.addInitScript((sent) => Object.assign(window, { graph: sent }), bareGraph(graph, views[look]))
    await bare.goto(bareUrl)
    for (const page of [own, bare]) await page.locator('.react-flow__edge').first().waitFor({ state: 'attached' })
    await own.waitForTimeout(3_000)
    for (const gesture of gestures) {
      const ours: Moved[] = []
      const theirs: Moved[] = []
      for (let round = 0; round < rounds; round++) {
        await own.bringToFront()
        ours.push(await move(own, gesture))
        await bare.bringToFront()
        theirs.push(await move(bare, gesture))
      }
      const [a, b] = [ours, theirs].map((moved) => ({
        frame: median(moved.flatMap(({ times }) => times)),
        work: Math.min(...moved.map(({ work }) => work)),
      })) as [Figures, Figures]
      const words = ({ frame, work }: Figures) => `${frame.toFixed(1)} ms a frame, ${work.toFixed(1)} ms of work`
      log(`${count} blocks, ${gesture}, ${look}: ${words(a)}; the library alone ${words(b)}`)
      worst = {
        frame: Math.max(worst.frame, a.frame / b.frame),
        work: Math.max(worst.work, a.work / b.work),
        slowest: Math.max(worst.slowest, a.frame),
      }
    }
  }
  await own.close()
  await bare.close()
  return worst
}

function line(count: 100 | 300 | 1000): BenchLine {
  return {
    figures: {
      [`frameRatio${count}`]: {
        label: `${count} blocks panned and dragged, near and whole: median frame against the bare library's, the worst of four`,
        reference: '<= 1.3',
      },
      [`frameMs${count}`]: { label: 'median frame of the slowest of them, ms', reference: '', digits: 1 },
      [`frameWorkRatio${count}`]: {
        label: "work of the page's thread a frame against the bare library's, the worst",
        reference: '',
      },
    },
    async measure(log) {
      const studio = await openStudio(log)
      const bare = await serveBare()
      try {
        const { frame, work, slowest } = await measure(studio, bare.url, count, log)
        return { [`frameRatio${count}`]: frame, [`frameMs${count}`]: slowest, [`frameWorkRatio${count}`]: work }
      } finally {
        await bare.stop()
      }
    },
  }
}

export const frameLines: BenchLine[] = [line(100), line(300), line(1000)]

import { largeGraph } from '../../drivers/large-graph.ts'
import type { BenchLine } from '../bench.ts'
import { work } from '../pages/browser.ts'
import { openStudio } from './open.ts'

const steps = 1_000

/** A thousand steps of one person, by keys, and all of them taken back: the document must be the first one. */
export const undo: BenchLine = {
  figures: {
    undo1000Seconds: {
      label: `${steps} steps undone by as many presses of Ctrl+Z, 100 blocks, until the server has it, s`,
      reference: '',
      digits: 1,
    },
    undoWorkMs: { label: "work of the page's thread for one of them, ms", reference: '', digits: 1 },
  },
  async measure(log) {
    const studio = await openStudio(log)
    const address = await studio.bot(largeGraph(100))
    const draft = async () => {
      const answer = await studio.context.request.get(
        address.replace('/bots/', '/api/bots/').replace('canvas', 'draft'),
      )
      return JSON.stringify(((await answer.json()) as { document: unknown }).document)
    }
    const page = await studio.page()
    const saved = () => page.locator('[role="status"][data-kind="saved"]').waitFor()
    await page.goto(`${address}?side=block&block=b2`)
    await page.locator('.react-flow__node.selected').waitFor()
    await page.locator('.react-flow__node.selected').focus()
    await saved()
    const before = await draft()
    log(`${steps} steps ...`)
    // Another block each time: moves of one block in a row are one step.
    for (let i = 0; i < steps; i++) {
      await page.keyboard.press('ArrowDown')
      await page.keyboard.press('Tab')
    }
    await saved()
    if ((await draft()) === before) throw new Error('nothing was moved')

    const worked = await work(page)
    const start = performance.now()
    for (let i = 0; i < steps; i++) await page.keyboard.press('Control+z')
    const undoWorkMs = (await worked()) / steps
    await saved()
    const undo1000Seconds = (performance.now() - start) / 1_000
    if ((await draft()) !== before) throw new Error(`${steps} undos did not lead back`)
    await page.close()
    return { undo1000Seconds, undoWorkMs }
  },
}

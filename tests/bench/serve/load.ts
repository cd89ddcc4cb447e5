import { createModelServer } from '#runtime/worker/serve.ts'
import type { BenchLine, FigureInfo } from '../bench.ts'
import { benchModel, threads } from './model.ts'

/** People who ask at once, each again when answered, and how many questions they ask in all. */
const loads = [
  { people: 1, texts: 300 },
  { people: 8, texts: 1200 },
  { people: 32, texts: 3000 },
]

/** The serving process's own work, as its metrics tell it: from the arrival of a text to its answer, transport left out. */
export const load: BenchLine = {
  figures: Object.fromEntries(
    loads.flatMap(({ people }): [string, FigureInfo][] => [
      [`textsPerSecond${people}`, { label: `${people} at once, texts a second`, reference: '', digits: 0 }],
      [`p50Ms${people}`, { label: `${people} at once, p50, ms`, reference: '', digits: 1 }],
      [`p95Ms${people}`, { label: `${people} at once, p95, ms`, reference: '', digits: 1 }],
    ]),
  ),
  async measure(log) {
    const { artifacts, artifact, rows } = await benchModel(log)
    const figures: Record<string, number> = {}
    for (const { people, texts } of loads) {
      const server = createModelServer({ artifacts }, { threads })
      const model = { artifact, labels: [], threshold: 0.5, accuracy: null, precision: 'int8' as const }
      await server.keep([model])
      let next = 0
      const begun = performance.now()
      const person = async (): Promise<void> => {
        while (next < texts) await server.classify(model, [rows[next++ % rows.length]!.text])
      }
      await Promise.all(Array.from({ length: people }, person))
      figures[`textsPerSecond${people}`] = (texts / (performance.now() - begun)) * 1000
      const [served] = server.served()
      figures[`p50Ms${people}`] = served!.p50Ms
      figures[`p95Ms${people}`] = served!.p95Ms
      log(
        `${people} at once: ${served!.batchRows.toFixed(1)} texts a batch, waited ${served!.waitP50Ms.toFixed(1)} ms (p50)`,
      )
    }
    return figures
  },
}

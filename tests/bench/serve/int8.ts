import { createClassifier } from '#runtime/serving/classifier.ts'
import { describeProcessor } from '#runtime/serving/processor.ts'
import type { BenchLine } from '../bench.ts'
import { benchModel, median, threads } from './model.ts'

/** Rows between two changes of form: both are asked the same, one after the other, so that other load weighs on both. */
const portion = 64
/** Rows that are asked one by one as well. */
const single = 300

export const int8: BenchLine = {
  figures: {
    int8Speedup: { label: 'int8 against float32, texts in batches, times as fast', reference: '>= 2 with VNNI' },
    int8SpeedupSingle: { label: 'int8 against float32, one text at a time, times as fast', reference: '' },
    int8PointsLost: { label: 'int8, points of accuracy lost, BANKING77 test', reference: '<= 0.5' },
    int8MegabyteShare: { label: 'int8, memory of the model, share of float32', reference: '' },
  },
  async measure(log) {
    log(describeProcessor())
    const { folder, rows } = await benchModel(log)
    const [full, short] = [
      await createClassifier(folder, { threads }),
      await createClassifier(folder, { threads, precision: 'int8' }),
    ]
    const forms = [full, short].map((classifier) => ({ classifier, right: 0 }))
    const ask = async (count: number, size: number): Promise<number> => {
      const ratios: number[] = []
      for (let start = 0; start < count; start += size) {
        const asked = rows.slice(start, start + size)
        const texts = asked.map((row) => row.text)
        const ms: number[] = []
        for (const form of forms) {
          const begun = performance.now()
          const answers = await form.classifier.classify(texts)
          ms.push(performance.now() - begun)
          form.right += answers.filter(({ labels }, i) => labels[0]!.label === asked[i]!.label).length
        }
        ratios.push(ms[0]! / ms[1]!)
      }
      return median(ratios)
    }
    try {
      const int8Speedup = await ask(rows.length, portion)
      const [exact, small] = forms.map(({ right }) => right / rows.length) as [number, number]
      log(`accuracy ${exact.toFixed(4)} in float32, ${small.toFixed(4)} in int8`)
      const int8SpeedupSingle = await ask(single, 1)
      const int8MegabyteShare = short.bytes / full.bytes
      return { int8Speedup, int8SpeedupSingle, int8PointsLost: (exact - small) * 100, int8MegabyteShare }
    } finally {
      await full.dispose()
      await short.dispose()
    }
  },
}

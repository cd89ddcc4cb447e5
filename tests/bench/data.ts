import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { parseArgs } from 'node:util'
import { checkSet } from '#runtime/doctor/check-set.ts'
import { seededRandom } from '#runtime/training/seeded.ts'
import { type BenchLine, runBench, SkipLine } from './bench.ts'
import { cleanRows, type SourceRow } from './data/clean-rows.ts'
import { clusters } from './data/clusters.ts'
import { type Fault, plantFaults } from './data/plant-faults.ts'
import { scorePlanted } from './data/score.ts'
import { sharedFolder } from './run-intents.ts'

/** Without `--source FILE`: an English set and a Chinese one, whose rows are counted together. */
const defaults = ['clinc150_full', 'smp2017_ecdt']

const options = { source: { type: 'string' }, seed: { type: 'string', default: '1' } } as const
const { values } = parseArgs({ options, strict: false })
const seed = Number(values.seed)

function sources(): string[] {
  if (typeof values.source !== 'string') return defaults.map((name) => join(sharedFolder('data', name), 'train.jsonl'))
  if (!existsSync(values.source)) throw new SkipLine(`${values.source} is not here`)
  return [values.source]
}

const found: BenchLine = {
  figures: {
    doctorPrecision: {
      label: 'of rows named by the worst detector, share with the fault',
      reference: '>= 0.90',
      digits: 3,
    },
    doctorRecall: { label: 'of planted faults, share that the worst detector finds', reference: '>= 0.80', digits: 3 },
  },
  async measure(log) {
    const sums = new Map<Fault, { right: number; named: number; met: number; of: number }>()
    for (const source of sources()) {
      const set = plantFaults(cleanRows(await readFile(source, 'utf8')), seed)
      log(`${basename(dirname(source))}: ${set.rows.length} rows, seed ${seed}`)
      for (const { fault, right, wrong, met, of } of scorePlanted(set, await checkSet(set))) {
        const sum = sums.get(fault) ?? { right: 0, named: 0, met: 0, of: 0 }
        const named = right + wrong.length
        sums.set(fault, { right: sum.right + right, named: sum.named + named, met: sum.met + met, of: sum.of + of })
        log(`  ${lineOf(fault, { right, named, met, of })}`)
      }
    }
    if (values.source === undefined) for (const [fault, sum] of sums) log(lineOf(fault, sum))
    const all = [...sums.values()]
    return {
      doctorPrecision: Math.min(...all.map(({ right, named }) => share(right, named))),
      doctorRecall: Math.min(...all.map(({ met, of }) => share(met, of))),
    }
  },
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole)
const lineOf = (fault: string, { right, named, met, of }: { right: number; named: number; met: number; of: number }) =>
  `${fault.padEnd(20)} precision ${share(right, named).toFixed(3)} of ${named}, recall ${share(met, of).toFixed(3)} of ${of}`

const pace: BenchLine = {
  figures: {
    doctorSeconds100k: {
      label: 'seconds for all detectors on 100,000 rows',
      reference: '<= 60 on two cores',
      digits: 1,
    },
  },
  async measure(log) {
    const clean: SourceRow[] = []
    for (const source of sources()) clean.push(...cleanRows(await readFile(source, 'utf8')))
    const set = plantFaults(varied(clean, 98_000), seed)
    const rows = set.rows.slice(0, 100_000)
    log(`${rows.length} rows, ${set.labels.length} labels`)
    const from = performance.now()
    await checkSet({ rows, labels: set.labels }, (done) => log(`${Math.round(done * 100)} %`))
    return { doctorSeconds100k: (performance.now() - from) / 1_000 }
  },
}

/** As many rows as wanted: each again and again, with another number, order of its halves or a word of another row of its label. */
function varied(clean: readonly SourceRow[], wanted: number): SourceRow[] {
  const random = seededRandom(seed)
  const made: SourceRow[] = [...clean]
  for (let at = 0; made.length < wanted; at = (at + 1) % clean.length) {
    const { text, label } = clean[at]!
    const other = clean[(at + 1 + Math.floor(random() * 30)) % clean.length]!
    const half = Math.ceil(text.length / 2)
    const ways = [
      `${text} ${Math.floor(random() * 10_000)}`,
      `${text.slice(half)} ${text.slice(0, half)}`,
      `${text} ${other.text.slice(0, 12)}`,
    ]
    made.push({ text: ways[Math.floor(random() * ways.length)]!, label })
  }
  return made
}

await runBench('data', [found, pace, clusters], options)

import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { availableParallelism, cpus, totalmem } from 'node:os'
import { type ParseArgsConfig, parseArgs } from 'node:util'

/** How a figure is shown. `reference` is what others reach or what we ask of ourselves, in words. */
export interface FigureInfo {
  label: string
  reference: string
  /** Digits after the point in the table. Default 2. */
  digits?: number
}

/** Figures that are measured together. `--only KEY` runs the lines that have the key. */
export interface BenchLine {
  figures: Record<string, FigureInfo>
  /** Progress goes to `log`. Throw `SkipLine` where something that the line needs is absent. */
  measure(log: (text: string) => void): Promise<Record<string, number>>
}

/** Why a line could not be measured here. */
export class SkipLine extends Error {}

interface StoredFigure {
  value: number
  at: string
}

const machine = () => ({
  cpu: cpus()[0]?.model.trim() ?? 'unknown',
  cores: availableParallelism(),
  memoryGiB: Math.round(totalmem() / 2 ** 30),
  node: process.version,
  platform: `${process.platform}-${process.arch}`,
})

async function store(bench: string, figures: Record<string, number>): Promise<void> {
  const folder = new URL('../../.cache/bench/', import.meta.url)
  const file = new URL(`${bench}.json`, folder)
  await mkdir(folder, { recursive: true })
  const former = await readFile(file, 'utf8').then(
    (text): { figures: Record<string, StoredFigure> } => JSON.parse(text),
    () => ({ figures: {} }),
  )
  const at = new Date().toISOString()
  const added = Object.fromEntries(Object.entries(figures).map(([key, value]) => [key, { value, at }]))
  const all = { bench, machine: machine(), figures: { ...former.figures, ...added } }
  await writeFile(file, `${JSON.stringify(all, null, 2)}\n`)
}

function table(lines: readonly BenchLine[], figures: Record<string, number>): string {
  const infos = Object.assign({}, ...lines.map((line) => line.figures)) as Record<string, FigureInfo>
  const rows = Object.entries(figures).map(([key, value]) => {
    const { label, reference, digits = 2 } = infos[key]!
    return [label, value.toFixed(digits), reference, key]
  })
  const all = [['what', 'measured', 'reference', 'key'], ...rows]
  const widths = all[0]!.map((_, column) => Math.max(...all.map((row) => row[column]!.length)))
  return all.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n')
}

/**
 * Runs a benchmark's lines in order and prints a table, or with `--json` one line
 * `{"bench", "figures", "machine"}` and nothing else on standard output. `--only KEY` runs one line. Each figure is also added to
 * `.cache/bench/<name>.json`. `own` are the options that the benchmark reads itself. Errors: an unknown key; what a line throws.
 */
export async function runBench(
  name: string,
  lines: readonly BenchLine[],
  own: ParseArgsConfig['options'] = {},
): Promise<void> {
  const { values } = parseArgs({ options: { ...own, json: { type: 'boolean' }, only: { type: 'string' } } as const })
  const log = (text: string): void => void process.stderr.write(`${text}\n`)
  const wanted = lines.filter((line) => values.only === undefined || values.only in line.figures)
  if (wanted.length === 0) {
    const keys = lines.flatMap((line) => Object.keys(line.figures)).join(', ')
    throw new Error(`${values.only} is no figure of bench:${name}; it has ${keys}`)
  }
  const figures: Record<string, number> = {}
  for (const line of wanted) {
    try {
      const measured = await line.measure(log)
      Object.assign(figures, measured)
      await store(name, measured)
    } catch (error) {
      if (!(error instanceof SkipLine)) throw error
      log(`skipped ${Object.keys(line.figures).join(', ')}: ${error.message}`)
    }
  }
  if (values.json) process.stdout.write(`${JSON.stringify({ bench: name, figures, machine: machine() })}\n`)
  else process.stdout.write(`${table(wanted, figures)}\n`)
}

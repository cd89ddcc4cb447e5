import { readFile } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { cleanRows } from './data/clean-rows.ts'
import { plantFaults } from './data/plant-faults.ts'

/**
 * Prints a set with known faults, a row a line: `npx tsx tests/bench/plant.ts --source rows.jsonl [--seed 1]`. What was planted in a row
 * stands in its `planted`. The source is JSON Lines of `text` and `intent`.
 */
const { values } = parseArgs({ options: { source: { type: 'string' }, seed: { type: 'string', default: '1' } } })
if (!values.source) throw new Error('say which rows to plant in: --source FILE')
const { rows, labels, planted } = plantFaults(cleanRows(await readFile(values.source, 'utf8')), Number(values.seed))
const names = new Map(labels.map(({ id, name }) => [id, name]))
for (const { id, text, label } of rows) {
  const faults = [...planted].flatMap(([fault, touched]) => (touched.has(id) ? [fault] : []))
  const line = { text, intent: names.get(label ?? ''), ...(faults.length > 0 ? { planted: faults } : {}) }
  process.stdout.write(`${JSON.stringify(line)}\n`)
}

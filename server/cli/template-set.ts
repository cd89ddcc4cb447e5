import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { BotloomError, type DatasetRow, type LabelRef } from '#kit'

const manifest = z.object({
  sets: z.array(z.object({ id: z.string(), rows: z.string(), outOfScope: z.string().optional() })),
})
const line = z.object({ text: z.string(), intent: z.string().optional(), language: z.string().optional() })

/** As the studio names them when it makes a bot of the template: the graph's wires begin at these. */
const labelId = (intent: string): string => `lbl_${intent}`

/** The rows of a set that a template's graph names, read from the bundle that the graph lies in. Throws `file-missing`. */
export async function templateSet(folder: string, id: string): Promise<{ rows: DatasetRow[]; labels: LabelRef[] }> {
  const text = await readFile(join(folder, 'manifest.json'), 'utf8').catch(() => {
    throw new BotloomError('file-missing', { file: `${id} (manifest.json)` })
  })
  const set = manifest.parse(JSON.parse(text)).sets.find((known) => known.id === id)
  if (!set) throw new BotloomError('file-missing', { file: id })
  const labels = new Map<string, LabelRef>()
  const rows: DatasetRow[] = []
  for (const [file, outOfScope] of [
    [set.rows, false],
    [set.outOfScope, true],
  ] as const) {
    if (!file) continue
    const lines = (await readFile(join(folder, file), 'utf8')).split('\n').filter((raw) => raw.trim() !== '')
    for (const [i, raw] of lines.entries()) {
      const { text: words, intent, language } = line.parse(JSON.parse(raw))
      if (intent && !labels.has(intent)) labels.set(intent, { id: labelId(intent), name: intent })
      rows.push({
        id: `${file}:${i + 1}`,
        text: words,
        language,
        ...(outOfScope ? { outOfScope } : { label: labelId(intent ?? '') }),
      })
    }
  }
  return { rows, labels: [...labels.values()] }
}

import { BotloomError } from '#kit'
import { detectLanguage } from '#runtime/language/detect-language.ts'
import type { ImportAnswer, ImportRequest, RecordsPreview } from '#server/api/dto.ts'
import { breath, rowsInABreath } from './breath.ts'
import type { FileStore } from './file-store.ts'
import { setApart, withEntities } from './parse-records.ts'
import { readRecords } from './read-records.ts'
import type { ParsedRecords, ReadAs } from './records.ts'
import { type IncomingRow, maxRowLength, type SetStore } from './set-store.ts'

const sampleRows = 20
const brokenShown = 200

/** What was understood of an upload, before anything is imported. Throws as `parseRecords`. */
export async function previewFile(
  files: FileStore,
  workspace: string,
  id: string,
  as: ReadAs = {},
): Promise<RecordsPreview> {
  const { name, bytes } = await files.read(workspace, id)
  const read = await readRecords(bytes, name, as)
  const parsed = read.guess.text === null ? read : usable(read, read.guess.text, read.guess.pair)
  return {
    file: id,
    name,
    bytes: bytes.length,
    format: parsed.format,
    encoding: parsed.encoding,
    heading: parsed.heading,
    parts: parsed.parts ?? [],
    part: parsed.part ?? null,
    contents: parsed.contents ?? { found: [], leftOut: [] },
    constant: constantColumns(parsed),
    columns: parsed.columns,
    rows: parsed.records.length,
    sample: parsed.records.slice(0, sampleRows).map((record) => record.values),
    guess: parsed.guess,
    brokenRows: parsed.broken.length,
    broken: parsed.broken.slice(0, brokenShown),
  }
}

/** Brings an upload's rows into a set. Broken rows stay in the upload and are counted; the rest becomes one revision. */
export async function importFile(
  deps: { files: FileStore; sets: SetStore },
  workspace: string,
  set: string,
  request: ImportRequest,
  languages: readonly string[],
  by: string | null,
): Promise<ImportAnswer> {
  const { name, bytes } = await deps.files.read(workspace, request.file)
  const read = await readRecords(bytes, name, request)
  const parsed = usable(read, request.textColumn, request.pairColumn ?? null)
  const columns = parsed.columns.join(', ')
  const pairColumn = request.pairColumn ?? null
  for (const column of [request.textColumn, pairColumn, request.labelColumn])
    if (column !== null && !parsed.columns.includes(column))
      throw new BotloomError('data-column', { file: name, column, columns })
  const rows: IncomingRow[] = []
  for (const { values, entities } of parsed.records) {
    const text = values[request.textColumn]?.trim() ?? ''
    if (text === '') continue
    const pair = pairColumn === null ? '' : (values[pairColumn]?.trim() ?? '')
    const own = request.labelColumn === null ? '' : (values[request.labelColumn]?.trim() ?? '')
    const language = parsed.guess.language ? values[parsed.guess.language]?.trim() : undefined
    rows.push({
      text,
      ...(pair === '' ? {} : { pair }),
      label: own || request.label?.trim() || null,
      language: language || (await detectLanguage(text, languages)),
      outOfScope: request.outOfScope,
      entities,
    })
    if (rows.length % rowsInABreath === 0) await breath()
  }
  const answer = await deps.sets.importRows(workspace, set, rows, `${request.file} ${name}`, by)
  return { ...answer, broken: parsed.broken.length }
}

/** Columns that say the same in each of several rows: none of them tells topics apart. */
function constantColumns({ columns, records }: ParsedRecords): string[] {
  const [first] = records
  if (!first || records.length < 2) return []
  return columns.filter((column) => {
    const value = first.values[column]?.trim() ?? ''
    return value !== '' && records.every((record) => record.values[column]?.trim() === value)
  })
}

/** One endless row, or one of which the entities do not fit, must not keep the others out. */
function usable(parsed: ParsedRecords, column: string, pairColumn: string | null) {
  const isLong = (text: string) => text.trim().length > maxRowLength
  const first = setApart(parsed, 'too-long', isLong, column)
  const short = pairColumn === null ? first : setApart(first, 'too-long', isLong, pairColumn)
  return { ...short, ...withEntities(short, column) }
}

import { BotloomError } from '#kit'
import { detectLanguage } from '#runtime/language/detect-language.ts'
import type { ColumnChoice, ImportAnswer, ImportRequest, RecordsPreview, RecordsView } from '#server/api/dto.ts'
import { breath, rowsInABreath } from './breath.ts'
import type { FileStore } from './file-store.ts'
import { setApart, withEntities } from './parse-records.ts'
import { readRecords } from './read-records.ts'
import type { BrokenRow, ParsedRecords, ReadAs } from './records.ts'
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
  return { file: id, bytes: bytes.length, ...viewRecords(await readRecords(bytes, name, as), name) }
}

/** What a person is shown of records that were read. */
export function viewRecords(read: ParsedRecords, name: string): RecordsView {
  const parsed = read.guess.text === null ? read : usable(read, read.guess.text, read.guess.pair)
  return {
    name,
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
  const { rows, broken } = await toIncomingRows(await readRecords(bytes, name, request), name, request, languages)
  const answer = await deps.sets.importRows(workspace, set, rows, `${request.file} ${name}`, by)
  return { ...answer, broken: broken.length }
}

/** Records to rows of a set, by what a person said each column is; those that do not fit are set apart. Throws `data-column`. */
export async function toIncomingRows(
  read: ParsedRecords,
  name: string,
  choice: ColumnChoice,
  languages: readonly string[],
): Promise<{ rows: IncomingRow[]; broken: BrokenRow[] }> {
  const { textColumn, pairColumn = null, labelColumn } = choice
  for (const column of [textColumn, pairColumn, labelColumn])
    if (column !== null && !read.columns.includes(column))
      throw new BotloomError('data-column', { file: name, column, columns: read.columns.join(', ') })
  const parsed = usable(read, textColumn, pairColumn)
  const rows: IncomingRow[] = []
  for (const { values, entities } of parsed.records) {
    const text = values[textColumn]?.trim() ?? ''
    if (text === '') continue
    const pair = pairColumn === null ? '' : (values[pairColumn]?.trim() ?? '')
    const own = labelColumn === null ? '' : (values[labelColumn]?.trim() ?? '')
    const language = parsed.guess.language ? values[parsed.guess.language]?.trim() : undefined
    rows.push({
      text,
      ...(pair === '' ? {} : { pair }),
      label: own || choice.label?.trim() || null,
      language: language || (await detectLanguage(text, languages)),
      outOfScope: choice.outOfScope,
      entities,
    })
    if (rows.length % rowsInABreath === 0) await breath()
  }
  return { rows, broken: parsed.broken }
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

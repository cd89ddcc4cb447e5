import { BotloomError } from '#kit'
import type { ParsedRecords, ReadAs } from '../records.ts'
import { toLargeTable } from '../to-table.ts'
import type { Archive } from './archive.ts'
import { readSheet } from './read-sheet.ts'
import { readWorkbook } from './read-workbook.ts'
import { toSheetTable } from './to-sheet-table.ts'

/**
 * One sheet of an Excel workbook: the one that a person named, else the first in sight with rows. Throws `data-part` for a sheet that
 * is not there, and as `openArchive`.
 */
export async function readXlsx(archive: Archive, as: ReadAs): Promise<Omit<ParsedRecords, 'guess'>> {
  const workbook = await readWorkbook(archive)
  const parts = workbook.sheets.map(({ name, hidden }) => ({ name, hidden }))
  const wanted = workbook.sheets.filter((sheet) => (as.part === undefined ? !sheet.hidden : sheet.name === as.part))
  if (as.part !== undefined && wanted.length === 0)
    throw new BotloomError('data-part', { file: archive.file, part: as.part })
  for (const { name, path } of wanted) {
    const sheet = await readSheet(archive, workbook, path)
    if (sheet.rows.length === 0) continue
    const { rows, titles } = await toSheetTable(sheet)
    return {
      format: 'xlsx',
      encoding: null,
      parts,
      part: name,
      ...(await toLargeTable(rows, archive.file, as.heading)),
      contents: {
        found: [],
        leftOut: [
          { what: 'title-rows' as const, count: titles },
          { what: 'error-cells' as const, count: sheet.errors },
        ].filter(({ count }) => count > 0),
      },
    }
  }
  throw new BotloomError('data-empty', { file: archive.file })
}

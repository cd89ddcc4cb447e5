import { makeZip } from './make-zip.ts'

/** A cell as it stands in a sheet: a text (shared), a number, or XML for whatever else there is. */
export type Cell = string | number | boolean | null | { xml: (reference: string) => string }
export interface MadeSheet {
  name: string
  rows: Cell[][]
  state?: 'hidden' | 'veryHidden'
  /** `A1:B1` */
  merges?: string[]
}

/** Styles by their index: 0 plain, 1 a date (14), 2 a date and time, 3 a time that may be longer than a day, 4 a Chinese date. */
const styles = `<?xml version="1.0"?><styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="3"><numFmt numFmtId="164" formatCode="yyyy\\-mm\\-dd\\ hh:mm:ss"/><numFmt numFmtId="165" formatCode="[h]:mm:ss"/><numFmt numFmtId="166" formatCode="yyyy&quot;年&quot;m&quot;月&quot;d&quot;日&quot;"/></numFmts><cellStyleXfs count="1"><xf numFmtId="14"/></cellStyleXfs><cellXfs count="5"><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/><xf numFmtId="166"/></cellXfs></styleSheet>`

/** A cell that shows a number in one of the styles above. */
export const dated = (value: number, style: number): Cell => ({
  xml: (reference) => `<c r="${reference}" s="${style}"><v>${value}</v></c>`,
})

/** An Excel workbook with the parts that Excel writes. `parts` come beside them or instead of them. */
export function makeWorkbook(
  sheets: readonly MadeSheet[],
  options: { from1904?: boolean; parts?: Record<string, string | Uint8Array> } = {},
): Buffer {
  const strings = new Map<string, number>()
  const xml = sheets.map((sheet) => sheetXml(sheet, strings))
  const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main'
  const relation = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
  const related = 'http://schemas.openxmlformats.org/package/2006/relationships'
  return makeZip({
    '[Content_Types].xml': '<Types/>',
    '_rels/.rels': `<Relationships xmlns="${related}"><Relationship Id="r" Type="${relation}/officeDocument" Target="xl/workbook.xml"/></Relationships>`,
    'xl/workbook.xml': `<workbook xmlns="${main}" xmlns:r="${relation}"><workbookPr${options.from1904 ? ' date1904="1"' : ''}/><sheets>${sheets.map(({ name, state }, i) => `<sheet name="${escaped(name)}" sheetId="${i + 1}"${state ? ` state="${state}"` : ''} r:id="rId${i + 1}"/>`).join('')}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `<Relationships xmlns="${related}">${sheets.map((_, i) => `<Relationship Id="rId${i + 1}" Type="${relation}/worksheet" Target="worksheets/sheet${i + 1}.xml"/>`).join('')}<Relationship Id="s" Type="${relation}/styles" Target="styles.xml"/><Relationship Id="t" Type="${relation}/sharedStrings" Target="/xl/sharedStrings.xml"/></Relationships>`,
    'xl/styles.xml': styles,
    'xl/sharedStrings.xml': `<sst xmlns="${main}">${[...strings.keys()].map((text) => `<si><t xml:space="preserve">${escaped(text)}</t></si>`).join('')}</sst>`,
    ...Object.fromEntries(xml.map((content, i) => [`xl/worksheets/sheet${i + 1}.xml`, content])),
    ...options.parts,
  })
}

function sheetXml({ rows, merges = [] }: MadeSheet, strings: Map<string, number>): string {
  const lines = rows.map(
    (row, i) =>
      `<row r="${i + 1}">${row.map((cell, column) => cellXml(cell, `${letters(column)}${i + 1}`, strings)).join('')}</row>`,
  )
  const merged =
    merges.length === 0 ? '' : `<mergeCells>${merges.map((ref) => `<mergeCell ref="${ref}"/>`).join('')}</mergeCells>`
  return `<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${lines.join('')}</sheetData>${merged}</worksheet>`
}

function cellXml(cell: Cell, reference: string, strings: Map<string, number>): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return `<c r="${reference}"><v>${cell}</v></c>`
  if (typeof cell === 'boolean') return `<c r="${reference}" t="b"><v>${cell ? 1 : 0}</v></c>`
  if (typeof cell === 'object') return cell.xml(reference)
  if (!strings.has(cell)) strings.set(cell, strings.size)
  return `<c r="${reference}" t="s"><v>${strings.get(cell)}</v></c>`
}

function letters(column: number): string {
  const own = String.fromCharCode(65 + (column % 26))
  return column < 26 ? own : letters(Math.floor(column / 26) - 1) + own
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')

import { BotloomError } from '#kit'
import type { Archive } from './archive.ts'
import { toText } from './excel-values.ts'
import { mostCharacters, unescaped, type Workbook } from './read-workbook.ts'
import { walkXml } from './walk-xml.ts'

export interface Merge {
  top: number
  left: number
  bottom: number
  right: number
}
/** Rows and columns count from 1 and 0. Cells at the end of a row that are empty are not there. */
export interface Sheet {
  rows: { line: number; cells: string[] }[]
  merges: Merge[]
  /** Cells that say #N/A and the like instead of a value. */
  errors: number
}

/** No sheet of Excel is larger. */
const widest = 16_384
const mostMerges = 100_000

/** Throws as `openArchive`, and `data-too-much`. */
export async function readSheet(archive: Archive, workbook: Workbook, path: string): Promise<Sheet> {
  const sheet: Sheet = { rows: [], merges: [], errors: 0 }
  const pieces = archive.stream(path)
  if (!pieces) return sheet
  let line = 0
  let column = -1
  let cells: string[] = []
  let type = ''
  let style = 0
  let value = ''
  let reading = false
  let phonetic = 0
  let characters = 0

  function endCell(): void {
    const text = textOf(workbook, type, style, value)
    if (type === 'e') sheet.errors += 1
    if (text === '' || column >= widest) return
    while (cells.length < column) cells.push('')
    cells[column] = text
    if (type !== 's') characters += text.length
    // Each cell costs its place as well.
    characters += 8
    if (characters > mostCharacters) throw new BotloomError('data-too-much', { file: archive.file })
  }

  await walkXml(pieces, {
    open: (name, attributes) => {
      if (name === 'c') {
        column = attributes.r ? columnOf(attributes.r) : column + 1
        type = attributes.t ?? 'n'
        style = Number(attributes.s ?? -1)
        value = ''
      } else if (name === 'row') {
        line = Number(attributes.r) || line + 1
        column = -1
        cells = []
      } else if (name === 'rPh') phonetic += 1
      else if (name === 'mergeCell' && sheet.merges.length < mostMerges) sheet.merges.push(...mergeOf(attributes.ref))
      reading = name === 'v' || (name === 't' && type === 'inlineStr' && phonetic === 0)
    },
    close: (name) => {
      reading = false
      if (name === 'c') endCell()
      else if (name === 'row' && cells.length > 0) sheet.rows.push({ line, cells })
      else if (name === 'rPh') phonetic -= 1
    },
    text: (part) => {
      if (reading) value += part
    },
  })
  return sheet
}

function textOf({ strings, kinds, from1904 }: Workbook, type: string, style: number, value: string): string {
  switch (type) {
    case 's':
      return strings[Number(value)] ?? ''
    case 'b':
      return value === '' ? '' : String(value === '1' || value === 'true')
    case 'e':
      return ''
    case 'n':
      return toText(value, kinds[style] ?? 'number', from1904)
    case 'd':
      return value.replace(/T00:00:00(?:\.0+)?Z?$/u, '')
    default:
      return unescaped(value)
  }
}

/** `AB12` is in column 27, counted from 0. */
function columnOf(reference: string): number {
  let column = 0
  for (const character of reference.toUpperCase()) {
    const digit = character.charCodeAt(0) - 64
    if (digit < 1 || digit > 26 || column > widest) break
    column = column * 26 + digit
  }
  return column - 1
}

function mergeOf(reference = ''): Merge[] {
  const found = /^([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})$/u.exec(reference)
  if (!found) return []
  const [, left = '', top, right = '', bottom] = found
  return [{ top: Number(top), left: columnOf(left), bottom: Number(bottom), right: columnOf(right) }]
}

import { BotloomError } from '#kit'
import type { RecordsPart } from '../records.ts'
import type { Archive } from './archive.ts'
import { kindOfFormat, type NumberKind } from './excel-values.ts'
import { walkXml } from './walk-xml.ts'

/** What is common to the sheets of a workbook (ECMA-376, SpreadsheetML). */
export interface Workbook {
  sheets: (RecordsPart & { path: string })[]
  from1904: boolean
  strings: string[]
  /** How numbers are read, by the index of a cell's style. */
  kinds: NumberKind[]
}

/** Characters that the words of a workbook may have; far more than 100 MB of one hold. */
export const mostCharacters = 256 * 2 ** 20

const mainPart = 'xl/workbook.xml'

/** Throws as `openArchive`, and `data-too-much`. */
export async function readWorkbook(archive: Archive): Promise<Workbook> {
  const main = (await relations(archive, '')).find(({ type }) => type === 'officeDocument')?.path ?? mainPart
  const related = await relations(archive, main)
  const paths = new Map(related.map(({ id, path }) => [id, path]))
  const sheets: Workbook['sheets'] = []
  let from1904 = false
  await walkPart(archive, main, {
    open: (name, attributes) => {
      if (name === 'workbookPr') from1904 = /^(?:1|true)$/u.test(attributes.date1904 ?? '')
      if (name !== 'sheet') return
      const id = Object.entries(attributes).find(([key]) => key.endsWith(':id'))?.[1] ?? ''
      const path = paths.get(id)
      if (path === undefined) return
      sheets.push({ name: attributes.name ?? path, hidden: (attributes.state ?? 'visible') !== 'visible', path })
    },
  })
  const partOf = (type: string) => related.find((one) => one.type === type)?.path
  return {
    sheets,
    from1904,
    strings: await readStrings(archive, partOf('sharedStrings')),
    kinds: await readKinds(archive, partOf('styles')),
  }
}

/** Where the relations of a part lead to: `xl/_rels/workbook.xml.rels` for `xl/workbook.xml`. */
async function relations(archive: Archive, part: string): Promise<{ id: string; type: string; path: string }[]> {
  const folder = part.slice(0, part.lastIndexOf('/') + 1)
  const found: { id: string; type: string; path: string }[] = []
  await walkPart(archive, `${folder}_rels/${part.slice(folder.length)}.rels`, {
    open: (name, { Id = '', Type = '', Target = '' }) => {
      if (name !== 'Relationship') return
      const path = pathOf(Target, folder)
      if (path !== null) found.push({ id: Id, type: Type.slice(Type.lastIndexOf('/') + 1), path })
    },
  })
  return found
}

/** Where a relation leads to from a folder of the archive; null where it is no address. */
function pathOf(target: string, folder: string): string | null {
  try {
    return decodeURI(new URL(target, `zip:///${folder}`).pathname.slice(1))
  } catch {
    return null
  }
}

async function readStrings(archive: Archive, path: string | undefined): Promise<string[]> {
  const strings: string[] = []
  if (path === undefined) return strings
  let words = ''
  let inText = false
  let phonetic = 0
  let characters = 0
  await walkPart(archive, path, {
    open: (name) => {
      if (name === 'si') words = ''
      // How it is spoken, written above it: not a part of the text.
      else if (name === 'rPh') phonetic += 1
      inText = name === 't' && phonetic === 0
    },
    close: (name) => {
      if (name === 't') inText = false
      else if (name === 'rPh') phonetic -= 1
      else if (name === 'si') {
        strings.push(unescaped(words))
        characters += words.length + 8
        if (characters > mostCharacters) throw new BotloomError('data-too-much', { file: archive.file })
      }
    },
    text: (part) => {
      if (inText) words += part
    },
  })
  return strings
}

async function readKinds(archive: Archive, path: string | undefined): Promise<NumberKind[]> {
  const codes = new Map<number, string>()
  const kinds: NumberKind[] = []
  let inCells = false
  if (path === undefined) return kinds
  await walkPart(archive, path, {
    open: (name, attributes) => {
      if (name === 'numFmt') codes.set(Number(attributes.numFmtId), attributes.formatCode ?? '')
      else if (name === 'cellXfs') inCells = true
      else if (name === 'xf' && inCells) {
        const id = Number(attributes.numFmtId ?? 0)
        kinds.push(kindOfFormat(id, codes.get(id)))
      }
    },
    close: (name) => {
      if (name === 'cellXfs') inCells = false
    },
  })
  return kinds
}

/** Characters that XML cannot hold stand as `_x000D_` (ECMA-376 part 1, 22.9.2.19). */
export function unescaped(text: string): string {
  return text.includes('_x')
    ? text.replace(/_x([\da-f]{4})_/giu, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    : text
}

async function walkPart(archive: Archive, path: string, visitor: Parameters<typeof walkXml>[1]): Promise<void> {
  const pieces = archive.stream(path)
  if (pieces) await walkXml(pieces, visitor)
}

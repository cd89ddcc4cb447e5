import { BotloomError } from '#kit'
import { type Decoded, decodeText } from '#runtime/language/decode-text.ts'
import { type Archive, openArchive } from './formats/archive.ts'
import { nothingLabelled, toParsed } from './formats/labelled.ts'
import { isCx, isEssentials, readCx, readCxJson, readEssentials } from './formats/read-dialogflow.ts'
import { isDataSet, readDataSet, readParquetRecords } from './formats/read-hugging-face.ts'
import { isParquet } from './formats/read-parquet.ts'
import { isRasaYaml, readRasa } from './formats/read-rasa.ts'
import { readRasaJson } from './formats/read-rasa-json.ts'
import { readXlsx } from './formats/read-xlsx.ts'
import { parseText, setApart, withGuess } from './parse-records.ts'
import type { ParsedRecords, ReadAs } from './records.ts'

type Read = Omit<ParsedRecords, 'guess'>

/**
 * Untrusted bytes of any file that records come in, told apart by what is in them. Throws as `parseText`, `openArchive` and the
 * readers of each form, and `data-old-excel`, `data-other-workbook`, `data-encrypted` or `data-zip-contents` for what is not read.
 */
export async function readRecords(given: Uint8Array, file: string, as: ReadAs = {}): Promise<ParsedRecords> {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  if (startsWith(bytes, 0x50, 0x4b, 0x03, 0x04) || startsWith(bytes, 0x50, 0x4b, 0x05, 0x06))
    return withGuess(await readArchive(openArchive(bytes, file), as), file)
  if (startsWith(bytes, 0xd0, 0xcf, 0x11, 0xe0)) throw oldFile(bytes, file)
  if (isParquet(bytes)) return withGuess(await readParquetRecords(bytes, file), file)
  const decoded = decodeText(bytes, file, as.encoding)
  if (/\.xls[xm]?$/iu.test(file) && page.test(decoded.text))
    throw new BotloomError('data-other-workbook', { file, kind: 'HTML' })
  const labelled = readLabelled(decoded, file)
  return labelled ? withGuess(labelled, file) : parseText(decoded, file, as)
}

/** Many a shop's software writes a page, or the XML of Excel 2003, and calls it .xls. */
const page = /^\uFEFF?\s*<(?:!doctype|html|head|meta|table|\?xml)/iu

async function readArchive(archive: Archive, as: ReadAs): Promise<Read> {
  const { names, file } = archive
  const has = (ending: RegExp) => names.some((name) => ending.test(name))
  if (has(/^xl\/workbook\.bin$/u)) throw new BotloomError('data-other-workbook', { file, kind: '.xlsb' })
  if (has(/^xl\/worksheets\//u)) return readXlsx(archive, as)
  if (archive.bytes('mimetype')?.toString('latin1').includes('opendocument.spreadsheet'))
    throw new BotloomError('data-other-workbook', { file, kind: '.ods' })
  if (has(/^Index\/.*\.iwa$/u)) throw new BotloomError('data-other-workbook', { file, kind: '.numbers' })
  if (isCx(archive)) return readCx(archive)
  if (isEssentials(archive)) return readEssentials(archive)
  const rasa = readRasaFolder(archive)
  if (rasa) return rasa
  if (isDataSet(archive)) return readDataSet(archive, as)
  throw new BotloomError('data-zip-contents', { file, names: names.slice(0, 5).join(', ').slice(0, 200) || '-' })
}

/** A project of Rasa: examples may be spread over several files, beside stories and rules. */
function readRasaFolder(archive: Archive): Read | null {
  const into = nothingLabelled()
  let found = false
  for (const name of archive.names) {
    if (!/\.ya?ml$/iu.test(name)) continue
    const { text } = decodeText(archive.bytes(name) ?? Buffer.alloc(0), `${archive.file}: ${name}`)
    if (!/^nlu:/mu.test(text)) continue
    readRasa(text, `${archive.file}: ${name}`, into)
    found = true
  }
  return found ? toParsed(into, 'rasa') : null
}

/** Text that is of a tool for bots. Null for a plain table or list. */
function readLabelled(decoded: Decoded, file: string): Read | null {
  const { text, encoding, damaged } = decoded
  const apart = (read: Read): Read => ({
    ...(damaged ? setApart(read, 'encoding', (value) => value.includes('\uFFFD')) : read),
    encoding,
  })
  const content = text.replace(/^\uFEFF/u, '')
  if (isRasaYaml(content, file)) return apart(toParsed(readRasa(content, file), 'rasa'))
  // What names none of these is spared a second reading.
  if (!content.trimStart().startsWith('{') || !/"(?:rasa_nlu_data|trainingPhrases)"/u.test(content)) return null
  let value: unknown
  try {
    value = JSON.parse(content)
  } catch {
    return null
  }
  const read = readRasaJson(value) ?? readCxJson(value)
  return read && apart(read)
}

/** Before 2007 Excel wrote an OLE container; so it does today for a workbook with a password. */
function oldFile(bytes: Buffer, file: string): BotloomError {
  return bytes.includes(Buffer.from('EncryptedPackage', 'utf16le'))
    ? new BotloomError('data-encrypted', { file })
    : new BotloomError('data-old-excel', { file })
}

const startsWith = (bytes: Uint8Array, ...first: number[]): boolean => first.every((byte, at) => bytes[at] === byte)

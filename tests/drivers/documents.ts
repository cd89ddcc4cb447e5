import { deflateRawSync } from 'node:zlib'
import { PDFDocument, StandardFonts } from 'pdf-lib'

/** A PDF with a page for each list of lines; a line that begins with `# ` is a heading. */
export async function pdfOf(pages: readonly (readonly string[])[], title?: string): Promise<Uint8Array> {
  const pdf = await PDFDocument.create()
  if (title) pdf.setTitle(title)
  const font = await pdf.embedFont(StandardFonts.Helvetica)
  for (const lines of pages) {
    const page = pdf.addPage([595, 842])
    let y = 780
    for (const line of lines) {
      const heading = line.startsWith('# ')
      page.drawText(heading ? line.slice(2) : line, { x: 60, y, size: heading ? 20 : 11, font })
      y -= heading ? 34 : line === '' ? 12 : 15
    }
  }
  return pdf.save()
}

/** A zip of these files, deflated. */
export function zipOf(files: Readonly<Record<string, string | Uint8Array>>): Buffer {
  const parts: Buffer[] = []
  const index: Buffer[] = []
  let at = 0
  for (const [name, content] of Object.entries(files)) {
    const bytes = Buffer.from(content as string)
    const packed = deflateRawSync(bytes)
    const about = Buffer.alloc(26)
    about.writeUInt16LE(20, 0)
    about.writeUInt16LE(0x0800, 2)
    about.writeUInt16LE(8, 4)
    about.writeUInt32LE(packed.length, 14)
    about.writeUInt32LE(bytes.length, 18)
    about.writeUInt16LE(Buffer.byteLength(name), 22)
    const head = Buffer.concat([Buffer.from('PK\x03\x04'), about, Buffer.from(name)])
    const rest = Buffer.alloc(14)
    rest.writeUInt32LE(at, 10)
    index.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.from([20, 0]), about, rest, Buffer.from(name)]))
    parts.push(head, packed)
    at += head.length + packed.length
  }
  const table = Buffer.concat(index)
  const end = Buffer.alloc(18)
  end.writeUInt16LE(index.length, 4)
  end.writeUInt16LE(index.length, 6)
  end.writeUInt32LE(table.length, 8)
  end.writeUInt32LE(at, 12)
  return Buffer.concat([...parts, table, Buffer.from('PK\x05\x06'), end])
}

const paragraph = (text: string, style?: string): string =>
  `<w:p>${style ? `<w:pPr><w:pStyle w:val="${style}"/></w:pPr>` : ''}<w:r><w:t xml:space="preserve">${text}</w:t></w:r></w:p>`
const table = (rows: readonly (readonly string[])[]): string =>
  `<w:tbl>${rows
    .map((row) => `<w:tr>${row.map((cell) => `<w:tc>${paragraph(cell)}</w:tc>`).join('')}</w:tr>`)
    .join('')}</w:tbl>`

/** A Word document; a text that begins with `# ` is a heading, a list of lists is a table. */
export function docxOf(content: readonly (string | readonly (readonly string[])[])[]): Buffer {
  const body = content
    .map((one) => {
      if (typeof one !== 'string') return table(one)
      return one.startsWith('# ') ? paragraph(one.slice(2), 'a1') : paragraph(one)
    })
    .join('')
  const names = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
  return zipOf({
    'word/document.xml': `<?xml version="1.0"?><w:document ${names}><w:body>${body}</w:body></w:document>`,
    'word/styles.xml': `<w:styles ${names}><w:style w:styleId="a1"><w:name w:val="heading 1"/></w:style></w:styles>`,
  })
}

import { PDFDocument, StandardFonts } from 'pdf-lib'
import { describe, expect, test } from 'vitest'
import { docxOf, pdfOf, zipOf } from '../../../tests/drivers/documents.ts'
import { longestUnfolded, readDocument } from './read-document.ts'
import { sentencesOf } from './sentences.ts'

const bytes = (text: string): Uint8Array => Buffer.from(text)
const read = async (content: Uint8Array, name: string) => {
  const { title, blocks } = await readDocument(Buffer.from(content), name)
  return {
    title,
    blocks: blocks.map(({ kind, text, page }) => [kind, text, ...(page === undefined ? [] : [page])].join(' | ')),
  }
}
const refused = (content: Uint8Array, name: string) =>
  readDocument(content, name).then(
    () => 'read',
    (error: { code: string }) => error.code,
  )

describe('each kind of document is read with its headings, its tables as rows and without what is not its text', () => {
  test('plain text, in paragraphs', async () => {
    expect(await read(bytes('第一章 退货\n七天内可退。\n\n运费由我们出。'), 'terms.txt')).toEqual({
      title: '第一章 退货',
      blocks: ['heading | 第一章 退货', 'text | 七天内可退。', 'text | 运费由我们出。'],
    })
  })

  test('plain text in GB18030 and UTF-16, as Windows writes it in China', async () => {
    const gb = Buffer.from([0xc6, 0xdf, 0xcc, 0xec, 0xc4, 0xda, 0xbf, 0xc9, 0xcd, 0xcb])
    expect((await read(gb, 'a.txt')).blocks).toEqual(['text | 七天内可退'])
    expect((await read(Buffer.from('\ufeff七天内可退', 'utf16le'), 'b.txt')).blocks).toEqual(['text | 七天内可退'])
  })

  test('Markdown', async () => {
    const source =
      '---\ntitle: Terms\n---\n# Returns\nWithin **14 days**, see [here](https://x.example).\n\n| Land | Price |\n|---|---|\n| DE | 5 € |\n| FR | 7 € |\n\n- keep the *label*\n'
    expect(await read(bytes(source), 'a.md')).toEqual({
      title: 'Terms',
      blocks: [
        'heading | Returns',
        'text | Within 14 days, see here.',
        'row | Land: DE; Price: 5 €',
        'row | Land: FR; Price: 7 €',
        'text | keep the label',
      ],
    })
  })

  test('a web page, without its scripts, styles and ways about', async () => {
    const page = `<html><head><title>Help</title><style>p{}</style><link rel="canonical" href="https://shop.example/help"></head>
      <body><nav>Home</nav><h2>Returns &amp; refunds</h2><p>Within <b>14</b> days.<script>alert(1)</script></p><p hidden>secret</p>
      <table><tr><th>Land</th><th>Price</th></tr><tr><td>DE</td><td>5 €</td></tr></table><footer>Imprint</footer></body></html>`
    const found = await readDocument(bytes(page), 'a.html')
    expect(found.url).toBe('https://shop.example/help')
    expect(found.title).toBe('Help')
    expect(found.blocks.map(({ text }) => text)).toEqual([
      'Returns & refunds',
      'Within 14 days.',
      'Land: DE; Price: 5 €',
    ])
  })

  test('a web page in the encoding that it names', async () => {
    const page = Buffer.concat([bytes('<meta charset="gbk"><p>'), Buffer.from([0xcd, 0xcb, 0xbf, 0xee]), bytes('</p>')])
    expect((await read(page, 'a.html')).blocks).toEqual(['text | 退款'])
  })

  test('a Word document', async () => {
    const word = docxOf([
      '# 退货',
      '七天内可退 &amp; 包邮。',
      [
        ['地区', '运费'],
        ['北京', '5 元'],
      ],
    ])
    expect(await read(word, '条款.docx')).toEqual({
      title: '退货',
      blocks: ['heading | 退货', 'text | 七天内可退 & 包邮。', 'row | 地区: 北京; 运费: 5 元'],
    })
  })

  test('a PDF, with its pages, without what stands at the foot of each', async () => {
    const foot = (page: number) => ['', `Shop terms, page ${page} of 3`]
    const pdf = await pdfOf(
      [
        ['# Returns', 'You may return goods within', '14 days of delivery.', ...foot(1)],
        ['# Shipping', 'Parcels arrive in two days.', ...foot(2)],
        ['# Warranty', 'Two years on everything.', ...foot(3)],
      ],
      'Terms of the shop',
    )
    expect(await read(pdf, 'terms.pdf')).toEqual({
      title: 'Terms of the shop',
      blocks: [
        'heading | Returns | 1',
        'text | You may return goods within 14 days of delivery. | 1',
        'heading | Shipping | 2',
        'text | Parcels arrive in two days. | 2',
        'heading | Warranty | 3',
        'text | Two years on everything. | 3',
      ],
    })
  })
})

test('chapters that each begin a page are headings, not what is printed on each page', async () => {
  const pdf = await pdfOf(
    ['Boats sail.', 'Trains run on rails.', 'Planes fly high.', 'Cars need roads.'].map((words, i) => [
      `# Chapter ${i + 1}`,
      words,
    ]),
  )
  const { blocks } = await readDocument(pdf, 'book.pdf')
  expect(blocks.filter(({ kind }) => kind === 'heading').map(({ text }) => text)).toEqual([
    'Chapter 1',
    'Chapter 2',
    'Chapter 3',
    'Chapter 4',
  ])
})

describe('what cannot be read says why', () => {
  test('a file without words, or without bytes', async () => {
    expect(await refused(bytes(''), 'a.txt')).toBe('document-empty')
    expect(await refused(bytes(' \n --- \n'), 'a.md')).toBe('document-empty')
  })

  test('a scanned PDF', async () => {
    expect(await refused(await pdfOf([[], []]), 'scan.pdf')).toBe('document-scanned')
  })

  test('a PDF with a password', async () => {
    const pdf = await PDFDocument.create()
    pdf.addPage().drawText('x', { font: await pdf.embedFont(StandardFonts.Helvetica) })
    const plain = Buffer.from(await pdf.save({ useObjectStreams: false })).toString('latin1')
    const key = '<28bf4e5e4e758a4164004e56fffa01082e2e00b6d0683e802f0ca9fe6453697a>'
    const encrypt = `/Encrypt << /Filter /Standard /V 1 /R 2 /O ${key} /U ${key} /P -44 >>`
    const locked = plain.replace(/trailer\s*<</u, `trailer\n<<\n/ID [${key} ${key}]\n${encrypt}`)
    expect(await refused(Buffer.from(locked, 'latin1'), 'a.pdf')).toBe('document-encrypted')
  })

  test('a broken PDF, a broken Word document, and a program called one', async () => {
    expect(await refused(bytes('%PDF-1.7 nothing of it'), 'a.pdf')).toBe('document-broken')
    expect(await refused(docxOf(['text']).subarray(0, 120), 'a.docx')).toBe('document-broken')
    expect(await refused(zipOf({ 'other.xml': 'x' }), 'a.docx')).toBe('document-broken')
    expect(await refused(zipOf({ 'a.txt': 'x' }), 'a.zip')).toBe('document-kind')
    expect(await refused(bytes('MZ'), 'a.exe')).toBe('document-kind')
  })

  test('a Word document of the old kind, and one with a password', async () => {
    const ole = Buffer.concat([Buffer.from([0xd0, 0xcf, 0x11, 0xe0]), Buffer.alloc(600)])
    expect(await refused(ole, 'a.doc')).toBe('document-old-word')
    expect(await refused(Buffer.concat([ole, Buffer.from('EncryptedPackage', 'utf16le')]), 'a.docx')).toBe(
      'document-encrypted',
    )
  })

  test('a Word document that unfolds to more than anybody writes', async () => {
    const bomb = zipOf({ 'word/document.xml': Buffer.alloc(longestUnfolded + 1, 0x20) })
    expect(bomb.length).toBeLessThan(200_000)
    expect(await refused(bomb, 'bomb.docx')).toBe('document-too-large')
  })
})

test('sentences end where people end them, in both languages', () => {
  const text = 'Dr. Li works from 9.30 a.m. to 5. Call No. 7! 七天内可退。“可以吗？”他问。e.g. this one'
  const cut = sentencesOf(text).map(([start, end]) => text.slice(start, end))
  expect(cut).toContain('七天内可退。')
  expect(cut).toContain('Call No. 7!')
  expect(cut.join(' ').replace(/\s/g, '')).toBe(text.replace(/\s/g, ''))
})

/**
 * Several files as one zip (PKWARE APPNOTE 6.3, stored), since an upload is one file: the tables of a data set and its card belong
 * together. Bytes are only looked at for their checksum; the zip refers to the files themselves.
 */
export async function packFiles(files: readonly File[]): Promise<File> {
  const parts: BlobPart[] = []
  const index: BlobPart[] = []
  let at = 0
  let indexed = 0
  for (const file of files) {
    const name = new TextEncoder().encode(file.webkitRelativePath || file.name)
    const sum = crc32(new Uint8Array(await file.arrayBuffer()))
    // Version 2.0, name in UTF-8, stored, no date, then checksum, both sizes and the length of the name.
    const common = (view: DataView, from: number) => {
      view.setUint16(from, 20, true)
      view.setUint16(from + 2, 0x800, true)
      view.setUint32(from + 10, sum, true)
      view.setUint32(from + 14, file.size, true)
      view.setUint32(from + 18, file.size, true)
      view.setUint16(from + 22, name.length, true)
    }
    const head = new DataView(new ArrayBuffer(30))
    head.setUint32(0, 0x04034b50, true)
    common(head, 4)
    const entry = new DataView(new ArrayBuffer(46))
    entry.setUint32(0, 0x02014b50, true)
    entry.setUint16(4, 20, true)
    common(entry, 6)
    entry.setUint32(42, at, true)
    parts.push(head.buffer, name, file)
    index.push(entry.buffer, name)
    at += 30 + name.length + file.size
    indexed += 46 + name.length
  }
  const end = new DataView(new ArrayBuffer(22))
  end.setUint32(0, 0x06054b50, true)
  end.setUint16(8, files.length, true)
  end.setUint16(10, files.length, true)
  end.setUint32(12, indexed, true)
  end.setUint32(16, at, true)
  return new File([...parts, ...index, end.buffer], `${files[0]?.name ?? 'files'} +${files.length - 1}.zip`)
}

const table = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte
  for (let bit = 0; bit < 8; bit++) sum = sum & 1 ? (sum >>> 1) ^ 0xedb88320 : sum >>> 1
  return sum
})

function crc32(bytes: Uint8Array): number {
  let sum = 0xffffffff
  for (const byte of bytes) sum = (sum >>> 8) ^ table[(sum ^ byte) & 0xff]!
  return ~sum >>> 0
}

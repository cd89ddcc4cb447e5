import { type AsyncBuffer, parquetMetadataAsync, parquetReadObjects } from 'hyparquet'
import { BotloomError } from '#kit'
import { refuseWide } from '../to-table.ts'

/** A few bytes of run lengths can claim any number of rows. */
const mostRows = 2_000_000
const largest = 2 ** 30
const mostValues = 50_000_000
const rowsAtOnce = 10_000

export const isParquet = (bytes: Uint8Array): boolean =>
  bytes.length > 12 && Buffer.from(bytes.subarray(0, 4)).toString('latin1') === 'PAR1'

export interface ParquetTable {
  rows: { line: number; item: Record<string, unknown>; raw: string }[]
  /** What the Hugging Face library wrote beside the schema; undefined where another one wrote the file. */
  features: unknown
}

/** The rows of an Apache Parquet file, whole numbers as text. Throws `data-parquet`, `data-wide` and `data-too-much`. */
export async function readParquet(bytes: Buffer, file: string): Promise<ParquetTable> {
  const source: AsyncBuffer = {
    byteLength: bytes.length,
    // A copy: the library wants a buffer of its own.
    slice: (from, to) => new Uint8Array(bytes.subarray(from, to)).buffer,
  }
  try {
    const metadata = await parquetMetadataAsync(source)
    const size = metadata.row_groups.reduce((sum, group) => sum + Number(group.total_byte_size), 0)
    const count = Number(metadata.num_rows)
    refuseWide(metadata.schema.length, file)
    if (count > mostRows || count * metadata.schema.length > mostValues || size > largest)
      throw new BotloomError('data-too-much', { file })
    const rows: ParquetTable['rows'] = []
    for (let from = 0; from < count; from += rowsAtOnce) {
      const read = await parquetReadObjects({
        file: source,
        metadata,
        rowStart: from,
        rowEnd: Math.min(count, from + rowsAtOnce),
      })
      for (const item of read) rows.push({ line: rows.length + 1, item: plain(item), raw: '' })
    }
    const said = metadata.key_value_metadata?.find(({ key }) => key === 'huggingface')?.value
    return { rows, features: said === undefined ? undefined : featuresOf(said) }
  } catch (error) {
    if (error instanceof BotloomError) throw error
    throw new BotloomError('data-parquet', { file, detail: (error as Error).message.slice(0, 200) }, { cause: error })
  }
}

/** Pictures and sounds are bytes, which are no column of text. */
function plain(item: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(item).map(([key, value]) => [
      key,
      value instanceof Uint8Array
        ? null
        : value instanceof Date
          ? value.toISOString()
          : Array.isArray(value)
            ? value.map((one) => (typeof one === 'bigint' ? Number(one) : one))
            : value,
    ]),
  )
}

function featuresOf(json: string): unknown {
  try {
    const value = JSON.parse(json) as { info?: { features?: unknown } } | null
    return value?.info?.features
  } catch {
    return undefined
  }
}

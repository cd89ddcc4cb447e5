/** How a number of a cell is to be read. */
export type NumberKind = 'number' | 'date' | 'duration'

/** Built-in formats that show a date or a time (ECMA-376 part 1, 18.8.30), those of Chinese, Japanese and Korean Excel included. */
const builtInDates = [
  [14, 22],
  [27, 36],
  [45, 47],
  [50, 58],
] as const

export function kindOfFormat(id: number, code: string | undefined): NumberKind {
  if (code === undefined) return builtInDates.some(([from, to]) => id >= from && id <= to) ? 'date' : 'number'
  // Only the first section, for positive numbers, without quoted words, escaped characters and padding.
  const bare = (code.split(';', 1)[0] ?? '').replace(/"[^"]*"|\\.|_.|\*./gu, '')
  if (/\[(?:h+|m+|s+)\]/iu.test(bare)) return 'duration'
  return /[ymdhs年月日时分秒]/iu.test(bare.replace(/\[[^\]]*\]|general|e[+-]/giu, '')) ? 'date' : 'number'
}

const dayMs = 86_400_000

/** A cell's number as text: as people write numbers, a date as ISO 8601. `from1904`: days count from 1904, as old Macs did. */
export function toText(raw: string, kind: NumberKind, from1904: boolean): string {
  const value = Number(raw)
  if (raw.trim() === '' || !Number.isFinite(value)) return raw
  if (kind === 'duration') return clock(Math.round(value * 86_400))
  return kind === 'date' && value >= 0 && value < 2_958_466 ? toDate(value, from1904) : String(value)
}

function toDate(value: number, from1904: boolean): string {
  let days = Math.floor(value)
  const seconds = Math.round((value - days) * 86_400)
  // A time without a day, as a column of opening hours has it.
  if (days === 0 && seconds > 0 && !from1904) return clock(seconds)
  // Excel took over from Lotus 1-2-3 that 1900 had a 29 February: the days before it lie one earlier.
  if (!from1904 && days < 60) days += 1
  const at = new Date((from1904 ? Date.UTC(1904, 0, 1) : Date.UTC(1899, 11, 30)) + days * dayMs + seconds * 1_000)
  const iso = at.toISOString().slice(0, 19)
  return iso.endsWith('T00:00:00') ? iso.slice(0, 10) : iso
}

function clock(seconds: number): string {
  const two = (n: number): string => String(n).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`
}

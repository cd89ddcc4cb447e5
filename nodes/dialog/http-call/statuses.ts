/** Ranges of HTTP statuses as a person writes them: `404`, `404, 410`, `4xx`, `500-503`. Nothing where a piece is none of these. */
export function parseStatuses(text: string): [number, number][] {
  const ranges: [number, number][] = []
  for (const piece of text.split(/[,，、\s]+/).filter(Boolean)) {
    const family = piece.match(/^([1-5])xx$/i)?.[1]
    const [, from, to = from] = piece.match(/^([1-5]\d\d)(?:[-–~]([1-5]\d\d))?$/) ?? []
    if (family) ranges.push([Number(family) * 100, Number(family) * 100 + 99])
    else if (from) ranges.push([Number(from), Number(to)])
    else return []
  }
  return ranges
}

export function holdsStatus(text: string, status: number): boolean {
  return parseStatuses(text).some(([from, to]) => status >= from && status <= to)
}

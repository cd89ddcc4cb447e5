/** Where a Chinese street address is sure: the kind of a street or an estate, its number, and what follows inside of it. */
const streetNumber =
  /(?:路|街|大道|巷|弄|胡同|村|里|园|区|庄|苑|大厦|广场)(?:\d{1,5}|[一二三四五六七八九十百]{1,5})(?:号楼|号院|号|弄|栋|幢|座)(?:[ ,，]?[\da-z一二三四五六七八九十]{1,5}(?:号楼|号|栋|幢|单元|座|室|楼|层)){0,4}/gi
/** Words that lead to an address and are no part of it. */
const leading = /(?:寄到|送到|发到|寄往|发往|送往|地址是|地址为|地址|住在|位于|我住|家在|搬到|到|在|是)/g
/** Characters of one stretch before the number that may be province, city, district and street. */
const mostBefore = 32

const english =
  /(?<![\w-])\d{1,5}[A-Za-z]?(?: (?:[NSEW]\.?|[A-Z]?[a-z]{1,20}|\d{1,3}(?:st|nd|rd|th))){1,3} (?:street|avenue|boulevard|blvd|road|lane|ave|rd|st|Drive|Way|Place|Court|Square|Terrace|Dr|Ct|Ln|Street|Avenue|Boulevard|Blvd|Road|Lane|Ave|Rd|St)\b\.?(?:,? (?:apt|apartment|suite|unit|flat|Apt|Apartment|Suite|Unit|Flat|#) ?[\w-]{1,6})?/g

/** Street addresses: Chinese ones by street and house number with the places before them, English ones by number and kind of street. */
export function addressesIn(folded: string): [start: number, end: number][] {
  const found: [number, number][] = []
  for (const { 0: part, index } of folded.matchAll(streetNumber)) {
    const before = /[\p{Script=Han}\da-z]*$/iu.exec(folded.slice(Math.max(0, index - mostBefore), index))![0]
    const cue = [...before.matchAll(leading)].at(-1)
    const start = index - before.length + (cue ? cue.index + cue[0].length : 0)
    // A street has a name: "这条路3号" alone leads nowhere, and neither does a number after nothing.
    if (index - start >= 1 && !/(?:这|那|哪|条|个)$/.test(folded.slice(start, index)))
      found.push([start, index + part.length])
  }
  for (const { 0: part, index } of folded.matchAll(english)) found.push([index, index + part.length])
  return found
}

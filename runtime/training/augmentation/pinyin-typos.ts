import { pinyin } from 'pinyin-pro'
import { countOf, oneOf } from './words.ts'

/** Share of the typos that sound exactly alike; the rest sounds nearly so. */
const alikeShare = 0.7

interface Sounds {
  /** Common characters by pinyin without tone. */
  alike: ReadonlyMap<string, readonly string[]>
  /** The same by what speakers of many regions do not tell apart. */
  near: ReadonlyMap<string, readonly string[]>
}

let sounds: Sounds | undefined

/** zh, ch, sh as z, c, s; n as l in front; ang, eng, ing as an, en, in. */
function nearKey(sound: string): string {
  return sound
    .replace(/^([zcs])h/, '$1')
    .replace(/^n(?=[aeiouvü])/, 'l')
    .replace(/([aei])ng$/, '$1n')
}

/** The 3,755 characters of level 1 of GB 2312, those in everyday use. */
function commonCharacters(): string[] {
  const decoder = new TextDecoder('gb18030')
  const found: string[] = []
  for (let row = 0xb0; row <= 0xd7; row++) {
    for (let cell = 0xa1; cell <= 0xfe; cell++) {
      const one = decoder.decode(Uint8Array.of(row, cell))
      if (/^\p{Script=Han}$/u.test(one)) found.push(one)
    }
  }
  return found
}

const soundsOf = (text: string): string[] => pinyin(text, { toneType: 'none', type: 'array' })

function table(): Sounds {
  if (sounds) return sounds
  const alike = new Map<string, string[]>()
  const near = new Map<string, string[]>()
  const put = (map: Map<string, string[]>, key: string, one: string): void => {
    const list = map.get(key)
    if (list) list.push(one)
    else map.set(key, [one])
  }
  for (const one of commonCharacters()) {
    const [sound] = soundsOf(one)
    if (!sound) continue
    put(alike, sound, one)
    put(near, nearKey(sound), one)
  }
  sounds = { alike, near }
  return sounds
}

/**
 * Writes a share of the Chinese characters, at least one, with another common character that sounds alike or nearly so, as who types
 * pinyin does. Null where no character has such a one.
 */
export function mistypePinyin(text: string, share: number, random: () => number): string | null {
  const { alike, near } = table()
  const places: { at: number; own: string; alike: string[]; near: string[] }[] = []
  for (const { 0: run, index } of text.matchAll(/\p{Script=Han}+/gu)) {
    const heard = soundsOf(run)
    let at = index
    for (const [i, own] of [...run].entries()) {
      const sound = heard[i] ?? ''
      const same = (alike.get(sound) ?? []).filter((other) => other !== own)
      const other = (near.get(nearKey(sound)) ?? []).filter((one) => one !== own && !same.includes(one))
      if (same.length + other.length > 0) places.push({ at, own, alike: same, near: other })
      at += own.length
    }
  }
  if (places.length === 0) return null
  const wrong = new Set<(typeof places)[number]>()
  const count = Math.min(places.length, countOf(share, places.length))
  while (wrong.size < count) wrong.add(oneOf(places, random)!)
  let changed = ''
  let done = 0
  for (const place of places) {
    if (!wrong.has(place)) continue
    const { at, own } = place
    const from = place.near.length === 0 || (place.alike.length > 0 && random() < alikeShare) ? place.alike : place.near
    changed += text.slice(done, at) + oneOf(from, random)!
    done = at + own.length
  }
  return changed + text.slice(done)
}

import { countOf, oneOf } from './words.ts'

/** The letters around each one on a QWERTY keyboard. */
const around: Readonly<Record<string, string>> = {
  q: 'wa',
  w: 'qeas',
  e: 'wrsd',
  r: 'etdf',
  t: 'ryfg',
  y: 'tugh',
  u: 'yihj',
  i: 'uojk',
  o: 'ipkl',
  p: 'ol',
  a: 'qwsz',
  s: 'awedzx',
  d: 'serfxc',
  f: 'drtgcv',
  g: 'ftyhvb',
  h: 'gyujbn',
  j: 'huiknm',
  k: 'jiolm',
  l: 'kop',
  z: 'asx',
  x: 'zsdc',
  c: 'xdfv',
  v: 'cfgb',
  b: 'vghn',
  n: 'bhjm',
  m: 'njk',
}

/** Words shorter than this are other words with one letter wrong. */
const shortestWord = 4

/** Mistypes a share of the letters a to z, at least one: the key beside it, twice, or not at all. Null where there is no word of four letters. */
export function mistypeLetters(text: string, share: number, random: () => number): string | null {
  const places = [...text.matchAll(/[a-z]+/gi)]
    .filter(([word]) => word.length >= shortestWord)
    // The first letter of a word is rarely wrong.
    .flatMap(({ 0: word, index }) => Array.from({ length: word.length - 1 }, (_, i) => index + 1 + i))
  if (places.length === 0) return null
  const letters = [...text.split('')]
  const wrong = new Set<number>()
  const count = Math.min(places.length, countOf(share, places.length))
  while (wrong.size < count) wrong.add(oneOf(places, random)!)
  for (const at of wrong) {
    const own = letters[at]!
    const kind = Math.floor(random() * 3)
    if (kind === 0) letters[at] = likeCase(own, oneOf([...around[own.toLowerCase()]!], random)!)
    else letters[at] = kind === 1 ? own + own : ''
  }
  return letters.join('')
}

const likeCase = (like: string, letter: string): string => (like === like.toLowerCase() ? letter : letter.toUpperCase())

/** How often each sequence of so many characters occurs. */
type Counts = Map<string, number>

const longest = 6
/** Recall counts twice as much as precision. */
const beta = 2

/**
 * chrF2 of written texts against the wanted ones, 0..1: the F-score over sequences of 1 to 6 characters without white space, counted over
 * all texts together (Popović 2015; beta 2 and the mean over lengths as in sacreBLEU, Post 2018). It needs no words, so that it means the
 * same in Chinese and in English.
 */
export function chrF(pairs: readonly { written: string; wanted: string }[]): number {
  let [precision, recall, orders] = [0, 0, 0]
  for (let length = 1; length <= longest; length++) {
    let [found, written, wanted] = [0, 0, 0]
    for (const pair of pairs) {
      const [own, given] = [sequences(pair.written, length), sequences(pair.wanted, length)]
      for (const [sequence, count] of own) found += Math.min(count, given.get(sequence) ?? 0)
      written += total(own)
      wanted += total(given)
    }
    if (written === 0 || wanted === 0) continue
    precision += found / written
    recall += found / wanted
    orders++
  }
  if (precision + recall === 0) return 0
  const [p, r] = [precision / orders, recall / orders]
  return ((1 + beta ** 2) * p * r) / (beta ** 2 * p + r)
}

function sequences(text: string, length: number): Counts {
  const characters = [...text.replace(/\s+/gu, '')]
  const counts: Counts = new Map()
  for (let at = 0; at + length <= characters.length; at++) {
    const sequence = characters.slice(at, at + length).join('')
    counts.set(sequence, (counts.get(sequence) ?? 0) + 1)
  }
  return counts
}

const total = (counts: Counts): number => [...counts.values()].reduce((sum, count) => sum + count, 0)

import { dealFolds } from '#runtime/training/folds.ts'
import { createWordVote } from '#runtime/training/word-vote.ts'
import type { DoctorSet, Finding, FoundCase } from './finding.ts'
import { rowKey } from './row-key.ts'

const folds = 5
/** Fewer rows a label do not show what it is about. */
const fewestRows = 5
/**
 * How much surer it must be of the other label than it usually is of a right one, in logarithms of how many times likelier: what is nearly
 * as likely is a matter of taste. Measured on planted mistakes (`npm run bench:data`).
 */
const surely = 1.4
/**
 * The share of a label's threshold that another label must reach. The vote's shares are sharper than its knowledge: the whole threshold would
 * pass over one mistake in ten that the lead is sure of.
 */
const reached = 0.5
/** More rows make it no surer, and take time. */
const mostLearned = 20_000

/**
 * Rows whose label is probably wrong, by confident learning (Northcutt, Jiang & Chuang 2021, JAIR 70, section 3): each row is judged by a
 * model that has not seen it; a label's threshold is the mean share that its own rows give it; a row counts for the likeliest label of
 * those whose threshold it reaches (by half: `reached`), and where that is not its own it is off the diagonal of the confident joint. The
 * model is the vote of characters and words that training uses beside the encoder. `onShare` hears how far it is.
 */
export async function findDoubtfulLabels(set: DoctorSet, onShare: (share: number) => Promise<void>): Promise<Finding> {
  const sizes = new Map<string, number>()
  for (const { label } of set.rows) if (label !== undefined) sizes.set(label, (sizes.get(label) ?? 0) + 1)
  const labels = [...sizes].flatMap(([label, size]) => (size >= fewestRows ? [label] : []))
  const numbers = new Map(labels.map((label, i) => [label, i]))
  const rows = set.rows.flatMap((row) => {
    const label = row.label === undefined ? undefined : numbers.get(row.label)
    return label === undefined ? [] : [{ row, label }]
  })
  const finding: Finding = { kind: 'doubtful-labels', cases: [], ways: ['suggested', 'remove'] }
  if (labels.length < 2) return finding
  const count = labels.length

  // The same words stay in one fold: a copy with the same wrong label would vouch for it.
  const fold = dealFolds(
    rows.map(({ row, label }) => ({ label, group: rowKey(row) })),
    folds,
    1,
  )
  const texts = rows.map(({ row: { text, pair } }) => (pair === undefined ? text : `${text}\n${pair}`))
  const best: Float32Array[] = rows.map(() => new Float32Array(0))
  const sums = new Float64Array(count)
  const judged = new Float64Array(count)
  for (let out = 0; out < folds; out++) {
    const others = [...rows.keys()].filter((i) => fold[i] !== out)
    const every = Math.max(1, others.length / mostLearned)
    const learned = others.filter((_, at) => Math.floor(at / every) !== Math.floor((at - 1) / every))
    const vote = createWordVote(
      learned.map((i) => texts[i]!),
      learned.map((i) => rows[i]!.label),
      count,
    )
    await onShare((out + 0.5) / folds)
    for (const i of rows.keys()) {
      if (fold[i] !== out) continue
      const shares = vote.of(texts[i]!)
      const own = rows[i]!.label
      sums[own]! += shares[own]!
      judged[own]!++
      best[i] = likeliest(shares, own)
      if (i % 2_000 === 0) await onShare((out + 0.5 + i / rows.length / 2) / folds)
    }
  }
  const threshold = sums.map((sum, label) => sum / Math.max(1, judged[label]!))
  // By how much it prefers the right label where it is right.
  const margins = best.flatMap((shares, i) => (shares[1] === rows[i]!.label ? [Math.log(shares[2]! / shares[4]!)] : []))
  const usual = margins.sort((a, b) => a - b)[margins.length >> 1] ?? 0
  const cases: (FoundCase & { lead: number })[] = []
  for (const [i, { row, label }] of rows.entries()) {
    const shares = best[i]!
    let said = -1
    let saidShare = 0
    for (let at = 1; at < shares.length; at += 2)
      if (shares[at + 1]! >= reached * threshold[shares[at]!]! && shares[at + 1]! > saidShare)
        [said, saidShare] = [shares[at]!, shares[at + 1]!]
    const ownShare = shares[0]!
    if (ownShare >= threshold[label]! && ownShare >= saidShare) continue
    const lead = Math.log(saidShare / Math.max(ownShare, least))
    if (said < 0 || said === label || lead < surely * usual) continue
    cases.push({ row: row.id, fix: { do: 'label', label: labels[said]! }, lead })
  }
  // The surest first: who looks at ten of them should see the ten worst.
  finding.cases = cases.sort((a, b) => b.lead - a.lead).map(({ row, fix }) => ({ row, fix }))
  return finding
}

/** A share below this is none. */
const least = 1e-9

/** Share of the own label, then the two likeliest labels with theirs: a whole row of shares for each row would not fit in memory. */
function likeliest(shares: Float64Array, own: number): Float32Array {
  let [first, second] = [0, 1]
  if (shares[1]! > shares[0]!) [first, second] = [1, 0]
  for (let label = 2; label < shares.length; label++)
    if (shares[label]! > shares[first]!) [first, second] = [label, first]
    else if (shares[label]! > shares[second]!) second = label
  return Float32Array.from([shares[own]!, first, shares[first]!, second, Math.max(shares[second]!, least)])
}

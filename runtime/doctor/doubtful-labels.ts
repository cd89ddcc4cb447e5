import { dealFolds } from '#runtime/training/folds.ts'
import { createWordVote } from '#runtime/training/word-vote.ts'
import type { DoctorSet, Finding } from './finding.ts'
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
/**
 * The share of the rows that are shown which must be mistakes by the estimate of `surelyWrong`. The estimate is low: at this value more than nine
 * in ten of what is shown was planted (`npm run bench:data`), and of a clean set next to nothing is shown.
 */
const wantedShare = 0.68
/** More rows make it no surer, and take time. */
const mostLearned = 20_000

/**
 * Rows whose label is probably wrong, by confident learning (Northcutt, Jiang & Chuang 2021, JAIR 70, section 3): each row is judged by a
 * model that has not seen it; a label's threshold is the mean share that its own rows give it; a row counts for the likeliest label of
 * those whose threshold it reaches (by half: `reached`), and where that is not its own it is off the diagonal of the confident joint. The
 * model is the vote of characters and words that training uses beside the encoder. How many of the doubtful rows are shown depends on how
 * many of them can be mistakes (`surelyWrong`): a weak model of few rows doubts much that is right. `onShare` hears how far it is.
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
  /** A label that the row has not: what if it had it? Spread evenly, the same in each check. */
  const otherThan = (label: number, i: number): number => (label + 1 + (i % (count - 1))) % count

  // The same words stay in one fold: a copy with the same wrong label would vouch for it.
  const fold = dealFolds(
    rows.map(({ row, label }) => ({ label, group: rowKey(row) })),
    folds,
    1,
  )
  const texts = rows.map(({ row: { text, pair } }) => (pair === undefined ? text : `${text}\n${pair}`))
  const verdicts: Verdict[] = []
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
      verdicts[i] = { own: shares[own]!, other: shares[otherThan(own, i)]!, ...likeliest(shares) }
      if (i % 2_000 === 0) await onShare((out + 0.5 + i / rows.length / 2) / folds)
    }
  }
  const thresholds = sums.map((sum, label) => sum / Math.max(1, judged[label]!))
  // By how much it prefers the right label where it is right.
  const margins = verdicts.flatMap(({ first, firstShare, secondShare }, i) =>
    first === rows[i]!.label ? [Math.log(firstShare / secondShare)] : [],
  )
  const usual = margins.sort((a, b) => a - b)[margins.length >> 1] ?? 0
  const doubt = (verdict: Verdict, given: number, share: number) =>
    doubtOf(verdict, { given, share }, thresholds, surely * usual)

  const cases = rows.flatMap(({ row, label }, i) => {
    const doubted = doubt(verdicts[i]!, label, verdicts[i]!.own)
    return doubted
      ? [{ row: row.id, fix: { do: 'label' as const, label: labels[doubted.said]! }, lead: doubted.lead }]
      : []
  })
  // The surest first: who looks at ten of them should see the ten worst.
  cases.sort((a, b) => b.lead - a.lead)
  const mistakes = rows.flatMap(({ label }, i) => {
    const doubted = doubt(verdicts[i]!, otherThan(label, i), verdicts[i]!.other)
    return doubted?.said === label ? [doubted.lead] : []
  })
  const shown = surelyWrong(
    cases.map(({ lead }) => lead),
    mistakes,
  )
  finding.cases = cases.slice(0, shown).map(({ row, fix }) => ({ row, fix }))
  return finding
}

/** What the model thinks of a row: the share of its label, of another one, and the two likeliest. All shares of each row would not fit in memory. */
interface Verdict {
  own: number
  other: number
  first: number
  firstShare: number
  second: number
  secondShare: number
}

/** A share below this is none. */
const least = 1e-9

/** The label that a row should have rather than the one that it was given, and by how much; null where the given one may stand. */
function doubtOf(
  { first, firstShare, second, secondShare }: Verdict,
  { given, share }: { given: number; share: number },
  thresholds: Float64Array,
  enough: number,
): { said: number; lead: number } | null {
  const reaches = (label: number, its: number): boolean => its >= reached * thresholds[label]!
  const [said, saidShare] = reaches(first, firstShare)
    ? [first, firstShare]
    : reaches(second, secondShare)
      ? [second, secondShare]
      : [-1, 0]
  if (said < 0 || said === given) return null
  if (share >= thresholds[given]! && share >= saidShare) return null
  const lead = Math.log(saidShare / Math.max(share, least))
  return lead >= enough ? { said, lead } : null
}

/**
 * How many of the doubtful rows, the surest first, are to be shown. `mistakes` are the leads that rows would have with a wrong label on
 * purpose: they tell which share of real mistakes reaches a lead. Above their median lead hardly anything is doubted
 * in error, so what is doubted there tells how many mistakes there are in all (an estimate of the proportion of a mixture from its tail:
 * Blanchard, Lee & Scott 2010, JMLR 11). Rows are shown down to where that many mistakes no longer make up
 * the wanted share of them.
 */
function surelyWrong(leads: readonly number[], mistakes: number[]): number {
  mistakes.sort((a, b) => b - a)
  const half = Math.max(1, mistakes.length >> 1)
  const median = mistakes[mistakes.length >> 1]
  if (median === undefined) return 0
  const sure = leads.filter((lead) => lead >= median).length
  let shown = sure
  let reaching = 0
  for (const [i, lead] of leads.entries()) {
    while (reaching < mistakes.length && mistakes[reaching]! >= lead) reaching++
    const wrong = (sure * reaching) / half
    if (wrong >= wantedShare * (i + 1)) shown = Math.max(shown, i + 1)
  }
  return shown
}

/** The two likeliest labels of a row and their shares. */
function likeliest(shares: Float64Array): Pick<Verdict, 'first' | 'firstShare' | 'second' | 'secondShare'> {
  let [first, second] = shares[1]! > shares[0]! ? [1, 0] : [0, 1]
  for (let label = 2; label < shares.length; label++)
    if (shares[label]! > shares[first]!) [first, second] = [label, first]
    else if (shares[label]! > shares[second]!) second = label
  return { first, firstShare: shares[first]!, second, secondShare: Math.max(shares[second]!, least) }
}

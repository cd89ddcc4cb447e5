/** What came of the conversations of one version: how many there were, and how many of them the bot saw through by itself. */
export interface ArmOutcome {
  conversations: number
  contained: number
}
export interface ArmComparison {
  /** `too-early`: fewer than `leastPerArm` conversations of one of them; `open`: the difference may be chance. */
  verdict: 'too-early' | 'open' | 'a-better' | 'b-better'
  /** Probability 0..1 that B really sees more conversations through than A. */
  probability: number
}

/** Below so many conversations of a version nothing is said: a handful of odd ones would decide. */
export const leastPerArm = 50
const sure = 0.95

/**
 * Whether B sees a larger share of conversations through than A. Bayesian, with a uniform prior on either share: both posteriors are
 * beta distributions, and P(B > A) has a closed form (E. Miller, "Formulas for Bayesian A/B Testing", 2014,
 * https://www.evanmiller.org/bayesian-ab-testing.html). It says what a person asks ("how likely is B the better one?"), which a
 * p-value does not, and a look at it before the end costs less: what it says is conditional on what was seen, not on when one looked.
 */
export function compareArms(a: ArmOutcome, b: ArmOutcome): ArmComparison {
  const probability = chanceOfBetter(a, b)
  if (Math.min(a.conversations, b.conversations) < leastPerArm) return { verdict: 'too-early', probability }
  if (probability >= sure) return { verdict: 'b-better', probability }
  if (probability <= 1 - sure) return { verdict: 'a-better', probability }
  return { verdict: 'open', probability }
}

function chanceOfBetter(a: ArmOutcome, b: ArmOutcome): number {
  const alphaA = a.contained + 1
  const betaA = a.conversations - a.contained + 1
  const alphaB = b.contained + 1
  const betaB = b.conversations - b.contained + 1
  let sum = 0
  for (let i = 0; i < alphaB; i++)
    sum += Math.exp(
      logBeta(alphaA + i, betaB + betaA) - Math.log(betaB + i) - logBeta(1 + i, betaB) - logBeta(alphaA, betaA),
    )
  return Math.min(1, Math.max(0, sum))
}

const logBeta = (x: number, y: number): number => logGamma(x) + logGamma(y) - logGamma(x + y)

/** Of numbers from 1 on: Stirling's series where it holds to 1e-10, and down from there by Γ(x + 1) = x Γ(x). */
function logGamma(x: number): number {
  let shift = 0
  let z = x
  for (; z < 10; z++) shift += Math.log(z)
  const inverse = 1 / (z * z)
  const series = (1 / 12 - inverse * (1 / 360 - inverse * (1 / 1260 - inverse / 1680))) / z
  return (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + series - shift
}

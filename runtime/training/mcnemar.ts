/**
 * Whether two models that took the same test differ by more than chance: McNemar's exact test (McNemar 1947, Psychometrika 12; in its
 * exact, binomial form as in Fagerland, Lydersen and Laake 2013, BMC Medical Research Methodology 13:91, section 2). Only rows that one
 * of them alone has right count: were both as good, each such row would be a fair coin, so that of n = b + c rows
 * p = min(1, 2 · Σ_{i=0}^{min(b, c)} C(n, i) / 2^n). 1 where they never differ.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const n = onlyFirst + onlySecond
  let logTerm = -n * Math.LN2
  let sum = 0
  for (let i = 0; i <= Math.min(onlyFirst, onlySecond); i++) {
    sum += Math.exp(logTerm)
    // C(n, i + 1) = C(n, i) · (n - i) / (i + 1), in logarithms, which no n overflows.
    logTerm += Math.log((n - i) / (i + 1))
  }
  return Math.min(1, 2 * sum)
}

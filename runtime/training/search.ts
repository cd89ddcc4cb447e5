import { minutesOfTraining } from './choose-method.ts'

/** What a trial differs by; what is null is as the block has it, and decided by the amount of data. */
export interface TrialSetting {
  method: 'head' | 'setfit' | 'partial' | 'lora' | 'full'
  layers: number | null
  learningRate: number | null
  epochs: number | null
}

export interface PlannedTrial {
  /** Equal for equal settings. */
  id: string
  setting: TrialSetting
  /** Seconds after which it is given up; null: none. */
  limit: number | null
}

/** A trial that ended: how its model did on rows held out, or null where it gave none. */
export interface JudgedTrial {
  setting: TrialSetting
  seconds: number
  heldOut: { accuracy: number; loss: number; rows: number } | null
  /** Rounds that were planned for it. */
  epochs: number
}

/** Trials around the best method: two learning rates, two numbers of rounds. */
const refinements = 4
/** Share of the time left that a round plans with: estimates err. */
const safeShare = 0.8
/** Seconds around a training: a process begins, opens the language model and writes its own. */
const startSeconds = 5
/** Cost of a step with adapters against one of the whole encoder, by processor time (docs/training.md). */
const adapterCost = 2 / 3
/** Rows a label below which pairs are tried too: many pairs come of few rows (Tunstall et al. 2022, section 4: 8 and 64 a label). */
const fewRows = 16
/** As the form of the block has it. */
const mostEpochs = 50

export interface FirstQuestion {
  epochs: number
  /** Trainings that are averaged where the whole encoder or its upper layers learn. */
  members: number
  /** Training rows, and labels among them. */
  rows: number
  labels: number
  /** Layers as they are applied. */
  layers: number
  sharesLayers: boolean
  /** Seconds in which each row goes through the encoder once. */
  forwardSeconds: number
  /** The time that all trials may take together. */
  seconds: number
}

/**
 * The first round: the head alone, always and without a limit, so that there is a model in the end; beside it as many other methods as
 * should be done in time, the most thorough first.
 */
export function methodTrials(question: FirstQuestion): PlannedTrial[] {
  const { epochs, members, rows, labels, layers, sharesLayers, forwardSeconds, seconds } = question
  const cost = (share: number): number => 60 * minutesOfTraining(forwardSeconds, epochs, share)
  const half = Math.floor(layers / 2)
  const of = (method: TrialSetting['method'], share: number, own: number | null = null): Estimated => ({
    setting: { method, layers: own, learningRate: null, epochs: null },
    seconds: startSeconds + cost(share),
  })
  const head = of('head', 0)
  const tuning = [
    of('full', members),
    ...(rows < fewRows * labels ? [of('setfit', 1)] : []),
    of('lora', adapterCost),
    ...(sharesLayers || half < 1 ? [] : [of('partial', (members * half) / layers, half)]),
  ]
  const left = seconds - head.seconds
  return [{ id: 'head', setting: head.setting, limit: null }, ...limited(fitting(tuning, left * safeShare), left)]
}

/**
 * The next round: around the best method that trains the encoder, first half and twice its learning rate, then half and twice as many
 * rounds; a round in which nothing fits into the time left is passed over. Empty when the search is over.
 */
export function refiningTrials(ended: readonly JudgedTrial[], learningRate: number, seconds: number): PlannedTrial[] {
  const left = seconds - ended.reduce((sum, trial) => sum + trial.seconds, 0)
  const best = bestTrial(ended.filter((trial) => trial.setting.method !== 'head'))
  if (!best || left <= 0) return []
  const tried = (what: 'learningRate' | 'epochs'): boolean => ended.some((trial) => trial.setting[what] !== null)
  const variant = (change: Partial<TrialSetting>, times = 1): Estimated => ({
    setting: { ...best.setting, ...change },
    seconds: Math.max(1, best.seconds * times),
  })
  const rates = (): Estimated[] => [learningRate / 2, learningRate * 2].map((rate) => variant({ learningRate: rate }))
  const lengths = (): Estimated[] =>
    [Math.max(1, Math.round(best.epochs / 2)), Math.min(best.epochs * 2, mostEpochs)]
      .filter((epochs) => epochs !== best.epochs)
      .map((epochs) => variant({ epochs }, epochs / best.epochs))
  if (!tried('learningRate') && !tried('epochs')) {
    const trials = fitting(rates(), left * safeShare)
    if (trials.length > 0) return limited(trials, left)
  }
  return tried('epochs') ? [] : limited(fitting(lengths(), left * safeShare), left)
}

/** How many trials there may be at most, `ended` and `planned` among them. */
export function mostTrials(ended: readonly JudgedTrial[], planned: readonly PlannedTrial[]): number {
  const so = [...ended, ...planned].map((trial) => trial.setting)
  if (so.some((setting) => setting.epochs !== null)) return so.length
  const tuning = so.some((setting) => setting.method !== 'head')
  const rates = so.some((setting) => setting.learningRate !== null)
  return so.length + (tuning ? (rates ? refinements / 2 : refinements) : 0)
}

/**
 * The best on held-out rows: of those whose accuracy is within one standard error of the highest (Breiman et al. 1984, section 3.4.3) the
 * one with the least loss, which tells more where accuracies differ by chance; of equal ones the earlier. Undefined where all failed.
 */
export function bestTrial<T extends JudgedTrial>(ended: readonly T[]): T | undefined {
  const judged = ended.flatMap((trial) => (trial.heldOut ? [{ trial, ...trial.heldOut }] : []))
  const top = judged.reduce((high, { accuracy }) => Math.max(high, accuracy), 0)
  const close = judged.filter(
    ({ accuracy, rows }) => accuracy >= top - Math.sqrt((top * (1 - top)) / Math.max(1, rows)),
  )
  return close.toSorted((a, b) => a.loss - b.loss)[0]?.trial
}

interface Estimated {
  setting: TrialSetting
  seconds: number
}

/** As many as fit, in their order. */
function fitting(trials: readonly Estimated[], seconds: number): Estimated[] {
  let left = seconds
  return trials.filter((trial) => {
    if (trial.seconds > left) return false
    left -= trial.seconds
    return true
  })
}

/** All the time that is left is dealt out by what each should take, so that together they cannot take more. */
function limited(trials: readonly Estimated[], left: number): PlannedTrial[] {
  const sum = trials.reduce((all, { seconds }) => all + seconds, 0)
  return trials.map(({ setting, seconds }) => ({ id: idOf(setting), setting, limit: (left * seconds) / sum }))
}

function idOf({ method, layers, learningRate, epochs }: TrialSetting): string {
  const parts = [
    method,
    layers !== null && `layers-${layers}`,
    learningRate !== null && `rate-${learningRate}`,
    epochs !== null && `rounds-${epochs}`,
  ]
  return parts.filter((part) => part !== false).join('.')
}

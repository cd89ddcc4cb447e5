import type { HostTensors } from '#runtime/tensor/executor.ts'
import { type Course, type CourseOptions, pickUp, runEpochs } from './course.ts'
import type { Judged } from './training-keeper.ts'
import type { TuningLoop } from './tuning-loop.ts'
import { meanWeights } from './weights-mean.ts'

/** What one member, or the mean of several, has learned. */
export interface Learned {
  /** The weights that held-out rows judged, while they were unseen. */
  judged: Judged
  /** The weights of the end. */
  weights: HostTensors
}

export interface MembersOptions {
  /** Trainings that are averaged; 1: there is one, and nothing to average. */
  count: number
  seed: number
  course: CourseOptions
  /** Rows that are computed at once where memory is known to be short. */
  rowsAtOnce: number
  /** What held-out rows say of the weights of now, or of others. */
  judge(epoch: number, weights?: HostTensors): Promise<Judged>
  /** Epochs after which they are not asked. */
  skips(epoch: number, course: Course): boolean
  /** The weights of a member that is done. */
  weightsOf(course: Course): Promise<HostTensors>
}

export interface Members extends Learned {
  /** Epochs that the first member was through, and the last one that it began. */
  finished: number
  entered: number
  averaged: number
  notes: Course['notes']
  /** Seconds that earlier attempts took. */
  seconds: number
}

/** Seeds lie apart, so that the members of two trainings with seeds side by side have nothing in common. */
const seedStep = 7919

/**
 * Trains several times from one start, each time in another order and with other dropout, and averages the weights (Wortsman et al. 2022,
 * model soups: fine-tunings of one start lie in one valley, and their mean answers about as well as all of them together). Where
 * held-out rows say otherwise, for they lose more by the mean than by its members on average, the best member is taken. Who wants to
 * end after the first member gets the mean of those that are whole.
 */
export async function trainMembers(tuning: TuningLoop, options: MembersOptions): Promise<Members> {
  const { count, seed, course: given, judge, skips, weightsOf } = options
  const fresh = count > 1 ? await tuning.state() : null
  const notes: Course['notes'] = []
  const judgedMean = meanWeights()
  const lastMean = meanWeights()
  let best: Learned | undefined
  let first: { finished: number; entered: number } | undefined
  let seconds = 0
  let losses = 0
  let averaged = 0
  for (let lap = 0; lap < count; lap++) {
    if (lap > 0) {
      if (given.finish?.aborted) break
      await tuning.restore(fresh!, seed + lap * seedStep)
    }
    const own = { ...given, key: lap === 0 ? given.key : `${given.key}-${lap}`, lap: { number: lap, of: count } }
    const course = await pickUp(tuning, own)
    if (lap === 0 && options.rowsAtOnce < course.rowsAtOnce)
      course.note({ code: 'memory-ran-out', params: { rows: options.rowsAtOnce } })
    const entered = await runEpochs(tuning, course, own, judge, (epoch) => skips(epoch, course))
    notes.push(...course.notes)
    seconds += course.seconds
    if (lap > 0 && given.finish?.aborted && course.finished < given.epochs && course.idle < given.patience) break
    if (lap < count - 1 && course.finished === entered) await course.keep('member')
    first ??= { finished: course.finished, entered }
    const learned = { judged: course.best!, weights: await weightsOf(course) }
    averaged++
    losses += learned.judged.loss
    // One alone is its own mean, and with validation the judged weights are the last ones: a copy would cost as much memory as the encoder.
    if (count > 1) judgedMean.add(learned.judged.weights)
    if (count > 1 && learned.weights !== learned.judged.weights) lastMean.add(learned.weights)
    if (!best || learned.judged.loss < best.judged.loss) best = learned
  }
  const whole = { ...first!, averaged, notes, seconds }
  if (averaged < count && !notes.some(({ code }) => code === 'training-ended-early')) {
    const told = { code: 'fewer-averaged', params: { averaged, count } } as const
    given.note?.(told)
    notes.push(told)
  }
  if (averaged === 1) return { ...whole, ...best! }
  const judged = await judge(best!.judged.epoch, judgedMean.weights())
  return judged.loss <= losses / averaged
    ? { ...whole, judged, weights: lastMean.count > 0 ? lastMean.weights() : judged.weights }
    : { ...whole, ...best!, averaged: 1 }
}

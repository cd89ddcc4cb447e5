import type { Progress, RunNote } from '#kit'
import type { Executor } from '#runtime/tensor/executor.ts'
import type { Judged, Standing, TrainingKeeper } from './training-keeper.ts'
import type { TuningLoop } from './tuning-loop.ts'

/** How a training in epochs is followed, and what stops and keeps it. */
export interface CourseHooks {
  /** Keeps what was learned so far, so that another attempt goes on with it. `forget` is the caller's. */
  keeper?: TrainingKeeper
  note?: (note: RunNote) => void
  onProgress?: (progress: Progress) => void
  signal?: AbortSignal
  /** Once aborted, training ends, though not before its first epoch is whole, and keeps the best so far. */
  finish?: AbortSignal
}

export interface CourseOptions extends CourseHooks {
  epochs: number
  /** Ends after so many epochs that held-out rows like no better than one before. */
  patience: number
  batchSize: number
  /** Two trainings of one key are the same from the first step to the last, where they run on the same executor. */
  key: string
  executor: Pick<Executor, 'name' | 'device'>
  /** Share of the whole that is done when the epochs begin. */
  begins: number
  /** Which of several trainings from one start this is; those after the first are of use only when they are whole. */
  lap?: { number: number; of: number }
}

/** Where there is one training alone. */
const onlyLap: NonNullable<CourseOptions['lap']> = { number: 0, of: 1 }

/** Share of the whole that is done when the epochs end. */
export const epochsEnd = 0.95

/** A training between its epochs, with the ways to tell and to keep it. */
export interface Course extends Omit<Standing, 'tuning' | 'notes' | 'ranOn'> {
  notes: RunNote[]
  note(note: RunNote): void
  /** Rows that were computed at once when an attempt before was cut off, or a whole batch. */
  rowsAtOnce: number
  /** Keeps the state of now where it is time to, and always at the end of one of several. */
  keep(after: 'epoch' | 'steps' | 'member'): Promise<void>
}

/**
 * Where the training begins: with what an interrupted attempt of the very same one left, on whatever it ran, or at the first epoch.
 */
export async function pickUp(tuning: TuningLoop, options: CourseOptions): Promise<Course> {
  const { keeper, epochs, executor } = options
  const ranOn = { name: executor.name, device: executor.device }
  const begun = performance.now()
  const notes: RunNote[] = []
  const note = (told: RunNote): void => {
    notes.push(told)
    options.note?.(told)
  }
  const unusable = (): void => note({ code: 'kept-training-unusable', params: {} })
  const kept = (await keeper?.open(options.key, unusable)) ?? null
  const {
    tuning: left,
    notes: told,
    ranOn: before,
    ...standing
  } = kept ?? {
    tuning: null,
    notes: [],
    ranOn,
    finished: 0,
    best: null,
    lowest: Number.POSITIVE_INFINITY,
    idle: 0,
    seconds: 0,
  }
  if (left) {
    await tuning.restore(left)
    notes.push(...told)
    const params = { epoch: Math.min(epochs, left.epoch), epochs }
    const { number, of } = options.lap ?? onlyLap
    const moved = before.name !== ranOn.name
    // That one of several is done already is no news.
    if (number === of - 1 || standing.finished < epochs)
      note(
        moved
          ? { code: 'training-moved', params: { ...params, from: before.device, to: ranOn.device } }
          : { code: 'training-picked-up', params },
      )
  }
  let refused = false
  const course: Course = {
    ...standing,
    notes,
    note,
    rowsAtOnce: left?.rowsAtOnce ?? options.batchSize,
    async keep(after) {
      if (!keeper || (after !== 'member' && !keeper.due(after))) return
      const { finished, best, lowest, idle } = course
      const seconds = standing.seconds + (performance.now() - begun) / 1000
      const done = await keeper.keep({
        tuning: await tuning.state(),
        ranOn,
        finished,
        best,
        lowest,
        idle,
        seconds,
        notes,
      })
      if (!done && !refused) note({ code: 'training-not-kept', params: {} })
      refused = !done
    },
  }
  return course
}

/**
 * Trains from epoch to epoch until the last one, until patience is at its end, or until a person wants what there is. `judge` asks
 * held-out rows after an epoch, unless it `skips` that one; without it nothing is judged. Returns the last epoch that was begun.
 */
export async function runEpochs(
  tuning: TuningLoop,
  course: Course,
  options: CourseOptions,
  judge: ((epoch: number) => Promise<Judged>) | null,
  skips: (epoch: number) => boolean = () => false,
): Promise<number> {
  const { epochs, patience, finish, lap = onlyLap } = options
  const isSpare = lap.number > 0
  /** A person wants what there is, and there is something. */
  const leave = (): boolean => finish?.aborted === true && (isSpare || course.finished > 0)
  const train = watchEpochs(tuning, course, options, leave)
  let entered = course.finished
  while (course.finished < epochs && course.idle < patience && !leave()) {
    entered = course.finished + 1
    await train(entered)
    if (tuning.next > entered) course.finished = entered
    if (judge && !skips(entered)) consider(course, await judge(entered))
    if (course.finished === entered) await course.keep('epoch')
  }
  if (!isSpare && leave() && course.finished < epochs && course.idle < patience) {
    course.note({ code: 'training-ended-early', params: { epoch: course.finished, epochs } })
    if (judge && !course.best) consider(course, await judge(course.finished))
  }
  return entered
}

/** Trains epochs and tells of each step, with what held-out rows last said. */
function watchEpochs(
  tuning: TuningLoop,
  course: Course,
  { executor: { device }, begins, epochs, signal, onProgress, lap = onlyLap }: CourseOptions,
  leave: () => boolean,
) {
  const begun = performance.now()
  let before: number | undefined
  return (number: number): Promise<number> =>
    tuning.epoch(number, {
      signal,
      leave,
      note: course.note,
      onPause: () => course.keep('steps'),
      onStep({ step, steps, epoch, loss }) {
        before ??= step - 1
        const elapsed = (performance.now() - begun) / 1000
        const whole = { step: lap.number * steps + step, steps: lap.of * steps, epoch: lap.number * epochs + epoch }
        onProgress?.({
          phase: 'training',
          share: begins + ((epochsEnd - begins) * whole.step) / whole.steps,
          ...whole,
          loss,
          validationAccuracy: course.best?.right,
          validationLoss: course.best?.loss,
          secondsLeft: (elapsed / Math.max(1, step - before)) * (whole.steps - whole.step),
          device,
          keepable: lap.number > 0 || course.finished > 0,
        })
      },
    })
}

/** Takes these weights for the best where held-out rows like them better. */
function consider(course: Course, now: Judged): void {
  const { best, lowest } = course
  course.idle = !best || now.merit > best.merit || now.loss < lowest ? 0 : course.idle + 1
  course.lowest = Math.min(lowest, now.loss)
  if (!best || now.merit > best.merit || (now.merit === best.merit && now.loss < best.loss)) course.best = now
}

import type { Logger } from 'pino'
import {
  BotloomError,
  type Classification,
  type Classifier,
  type EndedTrial,
  type FoundAnswers,
  type FoundPassages,
  isErrorCode,
  type PinnedRef,
  type Progress,
  type Retriever,
  type RunNote,
  type RunnerAnswer,
} from '#kit'
import type { FromCompute, ServedModel, StagedUpload, ToCompute, WriteOptions } from '#runtime/worker/protocol.ts'
import { type ComputeOptions, type ComputeProcess, forkCompute } from './compute-process.ts'
import { memoryKills } from './memory-kills.ts'

export interface ComputeJob {
  id: string
  block: string
  config: Record<string, unknown>
  inputs: Record<string, unknown>
  shrink: number
  avoid: readonly string[]
  trials: EndedTrial[]
  /** The uploads that its config names, by their ids. */
  uploads: Record<string, StagedUpload>
}

/** An answer that a model wrote. */
export interface Written {
  text: string
  tokens: number
  /** The model ended it by itself; else it was cut off. */
  ended: boolean
}

export interface Compute extends Classifier, Retriever {
  /**
   * Lets the model of an artifact answer a question. `onText` hears the answer so far, a few times a second; after the death of a serving
   * process it begins anew. Rejects with the signal's reason once nobody waits for it any more.
   */
  write(
    artifact: string,
    question: string,
    options: WriteOptions,
    told?: { signal?: AbortSignal; onText?: (text: string) => void },
  ): Promise<Written>
  /** The `count` answers that the model of an artifact finds nearest to each question. */
  find(artifact: string, questions: readonly string[], count: number): Promise<FoundAnswers[]>
  /** Runs one block in a process of its own. Rejects with `BotloomError`, also when the process dies or falls silent. */
  runJob(
    job: ComputeJob,
    told: { progress(progress: Progress): void; note(note: RunNote): void },
    signals: { signal: AbortSignal; finish: AbortSignal },
  ): Promise<RunnerAnswer>
  /** Starts the serving process ahead of its first request; it loads beside what the server does meanwhile. */
  prepare(): void
  /** What the serving process holds and how fast it answers, at most a second old; nothing while none is up. */
  served(): readonly ServedModel[]
  /** Loads models before a visitor waits for them. */
  warm(models: readonly PinnedRef[]): Promise<void>
  stop(): Promise<void>
}

const silenceLimit = 60_000
/** A request that saw this many serving processes die is what kills them. */
const mostTries = 3
/** Milliseconds: a serving process that ends sooner would end again. */
const shortestLife = 1_000

type Question = Extract<ToCompute, { type: 'classify' | 'find' | 'retrieve' | 'write' }>
type Answer = Extract<FromCompute, { type: 'classified' | 'found' | 'retrieved' | 'written' | 'write.grew' }>

/** A question to the serving process, which is put to another one if that ends. */
interface Asked {
  question: Question
  tries: number
  /** Whether this settles it. */
  answered(answer: Answer): boolean
  reject(error: unknown): void
}

/** The server's compute: one serving process that is always up again, and one training process a job. */
export function createCompute(options: ComputeOptions & { log: Logger }): Compute {
  const { log } = options
  const asked = new Map<number, Asked>()
  const training = new Set<ComputeProcess>()
  let kept: PinnedRef[] = []
  let next = 1
  let stopped = false
  let serving: ComputeProcess | null = null
  let served: readonly ServedModel[] = []

  function serve(): ComputeProcess {
    if (serving) return serving
    const begun = Date.now()
    const mine = forkCompute('serve', options, hear)
    serving = mine
    log.info({ pid: mine.pid }, 'serving process started')
    if (kept.length > 0) mine.send({ type: 'models.keep', models: kept })
    void mine.ended.then((reason) => {
      if (serving === mine) serving = null
      served = []
      if (stopped) return
      log.warn({ reason, asked: asked.size }, 'serving process ended; another one takes over')
      for (const [request, waiting] of [...asked]) {
        if (waiting.tries + 1 >= mostTries) {
          refuse(request, new BotloomError('classifier-unavailable'))
          continue
        }
        waiting.tries++
        serve().send(waiting.question)
      }
      // Visitors should not wait for the models to load; a process that cannot even start is tried when somebody asks.
      if (Date.now() - begun > shortestLife && kept.length > 0) serve()
    })
    return mine
  }

  function refuse(request: number, error: unknown): void {
    const waiting = asked.get(request)
    asked.delete(request)
    waiting?.reject(error)
  }

  /** The number of a new request; `answered` and `reject` hear what comes of it. */
  function ask(question: (request: number) => Question, ways: Pick<Asked, 'answered' | 'reject'>): number {
    const request = next++
    const own = question(request)
    asked.set(request, { question: own, tries: 0, ...ways })
    serve().send(own)
    return request
  }

  function hear(message: FromCompute): void {
    switch (message.type) {
      case 'classified':
      case 'found':
      case 'retrieved':
      case 'written':
      case 'write.grew':
        if (asked.get(message.request)?.answered(message)) asked.delete(message.request)
        return
      case 'classify.failed':
      case 'find.failed':
      case 'retrieve.failed':
      case 'write.failed':
        refuse(message.request, toError(message))
        return
      case 'models.served':
        served = message.models
    }
  }

  const watchdog = setInterval(() => {
    // ONNX Runtime blocks a process for a moment, never for a minute.
    if (serving && asked.size > 0 && serving.silence() > silenceLimit) serving.kill()
  }, 5000)
  watchdog.unref()

  return {
    classify: (model, texts) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new BotloomError('classifier-unavailable'))
        ask((request) => ({ type: 'classify', request, model, texts: [...texts] }), {
          answered(answer) {
            if (answer.type !== 'classified') return false
            // The process is ours and sends what `Classification` says.
            resolve(answer.answers as Classification[])
            return true
          },
          reject,
        })
      }),

    find: (artifact, questions, count) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new BotloomError('classifier-unavailable'))
        ask((request) => ({ type: 'find', request, artifact, questions: [...questions], count }), {
          answered(answer) {
            if (answer.type !== 'found') return false
            // The process is ours and sends what `FoundAnswers` says.
            resolve(answer.found as FoundAnswers[])
            return true
          },
          reject,
        })
      }),

    retrieve: (knowledge, question) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new BotloomError('classifier-unavailable'))
        ask((request) => ({ type: 'retrieve', request, knowledge, question: { ...question } }), {
          answered(answer) {
            if (answer.type !== 'retrieved') return false
            // The process is ours and sends what `FoundPassages` says.
            resolve(answer.found as FoundPassages)
            return true
          },
          reject,
        })
      }),

    write: (artifact, question, options, { signal, onText } = {}) =>
      new Promise((resolve, reject) => {
        if (stopped) return reject(new BotloomError('classifier-unavailable'))
        if (signal?.aborted) return reject(signal.reason)
        const leave = (): void => {
          serving?.send({ type: 'write.cancel', request })
          refuse(request, signal!.reason)
        }
        const request = ask((number) => ({ type: 'write', request: number, artifact, question, options }), {
          answered(answer) {
            if (answer.type === 'write.grew') onText?.(answer.text)
            if (answer.type !== 'written') return false
            const { text, tokens, ended } = answer
            signal?.removeEventListener('abort', leave)
            resolve({ text, tokens, ended })
            return true
          },
          reject(error) {
            signal?.removeEventListener('abort', leave)
            reject(error)
          },
        })
        signal?.addEventListener('abort', leave, { once: true })
      }),

    prepare: () => void serve(),

    served: () => served,

    async warm(models) {
      kept = [...models]
      const process = serve()
      process.send({ type: 'models.keep', models: kept })
      await process.ready.catch(() => {})
    },

    async runJob(job, told, { signal, finish }) {
      signal.throwIfAborted()
      const killsBefore = memoryKills()
      return new Promise((resolve, reject) => {
        let device: DeviceParams | null = null
        const worker = forkCompute('train', options, (message) => {
          if (message.type === 'job.progressed') told.progress(message.progress as unknown as Progress)
          if (message.type === 'job.noted') {
            if (message.note.code === 'computing-on') device = message.note.params
            told.note(message.note)
          }
          if (message.type === 'job.settled') over(() => resolve({ outputs: message.outputs }))
          if (message.type === 'job.branched') over(() => resolve({ plan: message.plan }))
          if (message.type === 'job.failed') over(() => reject(toError(message)))
        })
        training.add(worker)
        log.info({ pid: worker.pid, job: job.id, block: job.block }, 'training process started')
        const cancel = (): void => {
          worker.send({ type: 'job.cancel', job: job.id })
          // A runner looks at its signal between chunks; one that does not is ended.
          setTimeout(() => worker.kill(), 5000).unref()
        }
        const end = (): void => worker.send({ type: 'job.finish', job: job.id })
        const watch = setInterval(() => {
          if (worker.silence() < silenceLimit) return
          const seconds = silenceLimit / 1000
          over(() => reject(deviceFailure(device, `${seconds} s`) ?? new BotloomError('compute-silent', { seconds })))
        }, 5000)
        watch.unref()
        const over = (act: () => void): void => {
          clearInterval(watch)
          signal.removeEventListener('abort', cancel)
          finish.removeEventListener('abort', end)
          training.delete(worker)
          act()
          worker.kill()
        }
        signal.addEventListener('abort', cancel)
        finish.addEventListener('abort', end)
        worker.ready.then(
          () => {
            worker.send({
              type: 'job.start',
              job: job.id,
              block: job.block,
              config: job.config,
              inputs: job.inputs,
              shrink: job.shrink,
              avoid: [...job.avoid],
              trials: job.trials,
              uploads: job.uploads,
            })
            if (finish.aborted) end()
          },
          () => {},
        )
        void worker.ended.then(async (reason) => {
          const died = await deathOf(reason, await killsBefore, device)
          over(() => reject(signal.aborted ? new BotloomError('run-cancelled') : died))
        })
      })
    },

    async stop() {
      stopped = true
      clearInterval(watchdog)
      const processes = [...training, ...(serving ? [serving] : [])]
      for (const process of processes) process.kill()
      await Promise.all(processes.map((process) => process.ended))
      for (const request of [...asked.keys()]) refuse(request, new BotloomError('classifier-unavailable'))
    },
  }
}

/**
 * What the end of a process is laid at. A driver takes the process with it: then it is the card's. A smaller try is worth it where
 * memory ran out, not where somebody killed the process and the kernel says that it did not.
 */
async function deathOf(reason: string, killsBefore: number | null, device: DeviceParams | null): Promise<BotloomError> {
  if (reason !== 'SIGKILL') return deviceFailure(device, reason) ?? new BotloomError('compute-died', { reason })
  const kills = await memoryKills()
  return new BotloomError(kills !== null && kills === killsBefore ? 'compute-killed' : 'compute-died', { reason })
}

type DeviceParams = Record<string, string | number>

/** Null where it computed on the CPU, or on nothing yet. */
function deviceFailure(device: DeviceParams | null, detail: string): BotloomError | null {
  if (!device || device.name === 'cpu') return null
  return new BotloomError('device-failed', { device: device.name ?? '', label: device.device ?? '', detail })
}

function toError(failure: { code: string; params: Record<string, string | number> }): BotloomError {
  return isErrorCode(failure.code)
    ? new BotloomError(failure.code, failure.params)
    : new BotloomError('unexpected', { detail: failure.code })
}

/**
 * The compute process: `serve` answers for deployed models and lives as long as the server; `train` runs one job and is then
 * let go. It has no database and no secrets. ONNX Runtime blocks the event loop while it computes, so nothing else lives here.
 */
import { constants, cpus, setPriority } from 'node:os'
import { BotloomError, isErrorCode, toFailure } from '#kit'
import { runJob } from './job.ts'
import { type ComputeFolders, type FromCompute, protocolVersion, type ToCompute, toCompute } from './protocol.ts'
import { createModelServer } from './serve.ts'

/** Milliseconds between two words of a growing answer: as fast as an eye reads. */
const growthEvery = 50

const mode = process.argv[2] === 'serve' ? 'serve' : 'train'
const folders = JSON.parse(process.env.BOTLOOM_COMPUTE ?? '{}') as ComputeFolders
/** Training leaves one core to the conversations, unless it was told that there are none. */
const threads =
  mode === 'train' ? Number(process.argv[3]) || Math.max(1, cpus().length - 1) : Math.max(1, Math.min(2, cpus().length))

const send = (message: FromCompute): void => {
  if (process.connected) process.send?.(message)
}
const fail = (error: unknown): { code: string; params: Record<string, string | number> } => {
  const { code, params } = toFailure(error)
  return { code, params }
}

if (mode === 'train') {
  try {
    setPriority(constants.priority.PRIORITY_BELOW_NORMAL)
  } catch {
    // Some systems forbid it; training then only competes harder.
  }
}

const models = createModelServer(folders, { threads })
/** Answers that grow, by request. */
const answers = new Map<number, AbortController>()
const jobs = new Map<string, { stop: AbortController; finish: AbortController }>()

process.on('message', (raw) => {
  const parsed = toCompute.safeParse(raw)
  if (!parsed.success) return
  void handle(parsed.data)
})
// The server is gone: what is computed now reaches nobody, and the next server starts its own processes.
process.on('disconnect', () => process.exit(0))
// It may have gone while this process was still loading, before anybody listened.
if (!process.connected) process.exit(0)

async function handle(message: ToCompute): Promise<void> {
  switch (message.type) {
    case 'job.start': {
      const stop = new AbortController()
      const finish = new AbortController()
      jobs.set(message.job, { stop, finish })
      try {
        const answer = await runJob(message, {
          folders,
          threads,
          signal: stop.signal,
          finish: finish.signal,
          progress: (progress) => send({ type: 'job.progressed', job: message.job, progress: { ...progress } }),
          note: (note) => send({ type: 'job.noted', job: message.job, note }),
        })
        const { job } = message
        send('outputs' in answer ? { type: 'job.settled', job, ...answer } : { type: 'job.branched', job, ...answer })
      } catch (error) {
        const failure = stop.signal.aborted ? fail(new BotloomError('run-cancelled')) : fail(error)
        if (!isErrorCode(failure.code) || failure.code === 'unexpected') console.error(error)
        send({ type: 'job.failed', job: message.job, ...failure })
      } finally {
        jobs.delete(message.job)
      }
      return
    }
    case 'job.cancel':
      jobs.get(message.job)?.stop.abort()
      return
    case 'job.finish':
      jobs.get(message.job)?.finish.abort()
      return
    case 'models.keep':
      await models.keep(message.models)
      return
    case 'classify':
      try {
        send({
          type: 'classified',
          request: message.request,
          answers: await models.classify(message.model, message.texts),
        })
      } catch (error) {
        send({ type: 'classify.failed', request: message.request, ...fail(error) })
      }
      return
    case 'find': {
      const { request, artifact, questions, count } = message
      try {
        send({ type: 'found', request, found: await models.find(artifact, questions, count) })
      } catch (error) {
        send({ type: 'find.failed', request, ...fail(error) })
      }
      return
    }
    case 'retrieve': {
      const { request, knowledge, question } = message
      try {
        send({ type: 'retrieved', request, found: await models.retrieve(knowledge, question) })
      } catch (error) {
        send({ type: 'retrieve.failed', request, ...fail(error) })
      }
      return
    }
    case 'write': {
      const { request, artifact, question, options } = message
      const stop = new AbortController()
      answers.set(request, stop)
      const grew = atMostEvery(growthEvery, (text: string) => send({ type: 'write.grew', request, text }))
      try {
        const written = await models.write(artifact, question, { ...options, signal: stop.signal, onText: grew })
        send({ type: 'written', request, ...written })
      } catch (error) {
        if (!stop.signal.aborted) send({ type: 'write.failed', request, ...fail(error) })
      } finally {
        answers.delete(request)
      }
      return
    }
    case 'write.cancel':
      answers.get(message.request)?.abort()
  }
}

/** Passes one value on in so many milliseconds; the last one of all comes by another way. */
function atMostEvery<T>(milliseconds: number, act: (value: T) => void): (value: T) => void {
  let last = Number.NEGATIVE_INFINITY
  return (value) => {
    const now = performance.now()
    if (now - last < milliseconds) return
    last = now
    act(value)
  }
}

/** What was last told of the models, to say nothing twice. */
let told = '[]'
// A chunk of training lasts at most half a second, so a beat a second tells a busy process from a dead one.
setInterval(() => {
  send({ type: 'heartbeat' })
  const served = models.served()
  const now = JSON.stringify(served)
  if (now === told) return
  told = now
  send({ type: 'models.served', models: served })
}, 1000)
send({ type: 'ready', version: protocolVersion, device: `CPU, ${threads} ${threads === 1 ? 'thread' : 'threads'}` })

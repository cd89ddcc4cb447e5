import { groupByLength } from './length-groups.ts'

export interface BatcherOptions<I> {
  /** Most rows of one batch. */
  maxRows?: number
  /** Most padded tokens of one batch: short enough to let other requests in. */
  maxTokens?: number
  /** Longest time in milliseconds that a request waits for company while nothing runs. */
  maxWaitMs?: number
  /** Padded tokens of an input; without it all inputs are alike. */
  lengthOf?: (input: I) => number
}

/** Collects single requests into batches. Each caller gets the result of its own input. */
export interface Batcher<I, O> {
  submit(input: I): Promise<O>
}

interface Waiting<I, O> {
  input: I
  length: number
  resolve: (output: O) => void
  reject: (error: unknown) => void
}

/** Of the requests that wait, so many of the oldest are looked at for a batch. */
const considered = 128

/**
 * Runs `work` over batches, one at a time. The oldest request is always in the next batch, with those of the others that cost
 * least beside it (`groupByLength`), so that nobody is passed over for long. A request waits for company only while nothing
 * runs, and not longer than `maxWaitMs`; what arrives during a batch goes on at once after it. An error of a batch is the error
 * of each of its callers, of no other.
 */
export function createBatcher<I, O>(
  work: (inputs: readonly I[]) => Promise<readonly O[]>,
  { maxRows = 32, maxTokens = 1024, maxWaitMs = 2, lengthOf = () => 1 }: BatcherOptions<I> = {},
): Batcher<I, O> {
  let queue: Waiting<I, O>[] = []
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined

  const start = (): void => {
    clearTimeout(timer)
    timer = undefined
    running ??= drain().finally(() => {
      running = undefined
    })
  }

  /** Takes the oldest request and its company out of the queue. */
  function next(): Waiting<I, O>[] {
    const oldest = queue.slice(0, considered)
    const groups = groupByLength(
      oldest.map((item) => item.length),
      { maxRows, maxTokens },
    )
    const chosen = new Set(groups.find((group) => group.includes(0)))
    queue = queue.filter((_, place) => !chosen.has(place))
    return oldest.filter((_, place) => chosen.has(place))
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = next()
      try {
        const outputs = await work(batch.map((item) => item.input))
        if (outputs.length !== batch.length) throw new Error(`${batch.length} inputs gave ${outputs.length} outputs`)
        for (const [i, item] of batch.entries()) item.resolve(outputs[i]!)
      } catch (error) {
        for (const item of batch) item.reject(error)
      }
    }
  }

  return {
    submit(input) {
      const answer = new Promise<O>((resolve, reject) =>
        queue.push({ input, length: lengthOf(input), resolve, reject }),
      )
      if (!running) {
        if (queue.length >= maxRows) start()
        else timer ??= setTimeout(start, maxWaitMs)
      }
      return answer
    },
  }
}

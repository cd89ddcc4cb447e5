export interface BatcherOptions {
  /** Most rows of one batch. */
  maxRows?: number
  /** Longest time in milliseconds that a request waits for company. */
  maxWaitMs?: number
}

/** Collects single requests into batches. Each caller gets the result of its own input. */
export interface Batcher<I, O> {
  submit(input: I): Promise<O>
  /** Waits for what is under way; later calls of `submit` are refused. */
  close(): Promise<void>
}

interface Waiting<I, O> {
  input: I
  resolve: (output: O) => void
  reject: (error: unknown) => void
}

/**
 * Runs `work` over batches, one at a time. A request waits at most `maxWaitMs` while nothing runs; what arrives during a
 * batch goes into the next one at once. An error of a batch is the error of each of its callers, of no other.
 */
export function createBatcher<I, O>(
  work: (inputs: readonly I[]) => Promise<readonly O[]>,
  { maxRows = 32, maxWaitMs = 2 }: BatcherOptions = {},
): Batcher<I, O> {
  const queue: Waiting<I, O>[] = []
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> | undefined
  let closed = false

  const start = (): void => {
    clearTimeout(timer)
    timer = undefined
    running ??= drain().finally(() => {
      running = undefined
    })
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.splice(0, maxRows)
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
      if (closed) return Promise.reject(new Error('this batcher is closed'))
      const answer = new Promise<O>((resolve, reject) => queue.push({ input, resolve, reject }))
      if (!running) {
        if (queue.length >= maxRows) start()
        else timer ??= setTimeout(start, maxWaitMs)
      }
      return answer
    },
    async close() {
      closed = true
      if (queue.length > 0 && !running) start()
      await running
    },
  }
}

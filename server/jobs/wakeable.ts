/**
 * Works off what `claim` gives, at most `atOnce` at a time, whenever it is woken and until nothing is left. `claim` is asked again after each
 * piece of work, since one may have waited for another.
 */
export function createWakeable<T>(
  atOnce: number,
  claim: (most: number) => Promise<T[]>,
  work: (one: T) => Promise<void>,
  failed: (error: unknown) => void,
) {
  const running = new Set<Promise<void>>()
  let looking: Promise<void> | null = null
  let wanted = false
  let stopped = false

  async function look(): Promise<void> {
    while (wanted && !stopped) {
      wanted = false
      while (!stopped && running.size < atOnce) {
        const claimed = await claim(atOnce - running.size)
        if (claimed.length === 0) break
        for (const one of claimed) run(one)
      }
    }
  }

  function run(one: T): void {
    const done = work(one)
      .catch(failed)
      .finally(() => {
        running.delete(done)
        wake()
      })
    running.add(done)
  }

  function wake(): void {
    if (stopped) return
    wanted = true
    looking ??= look()
      .catch(failed)
      .finally(() => {
        looking = null
        // Woken between the last look and here.
        if (wanted) wake()
      })
  }

  return {
    wake,
    async settled(): Promise<void> {
      while (looking || running.size > 0) await Promise.all([looking, ...running])
    },
    /** Lets what runs finish. */
    async close(): Promise<void> {
      stopped = true
      await looking
      await Promise.all(running)
    },
  }
}

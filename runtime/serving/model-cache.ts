/** Values by key, of which as many are kept as the memory allows. */
export interface ModelCache<V> {
  /**
   * Gives the value, loaded if need be, to `work`; it is not released before that is done. Rejects with the reason why it
   * cannot be loaded (the next call tries again), or as `work` does.
   */
  use<T>(key: string, work: (value: V) => Promise<T>): Promise<T>
  /** Loads these in order, as far as they find room, and lets them go after all others. Never rejects. */
  keep(keys: readonly string[]): Promise<void>
  /** What is loaded now, used longest ago first. */
  loaded(): { key: string; value: V; bytes: number }[]
}

export interface ModelCacheOptions<V> {
  /** Bytes that all values together should not exceed; a single larger one is kept alone. */
  budget: number
  load(key: string): Promise<V>
  bytesOf(value: V): number
  /** Called once for each value that was let go, when nobody uses it any more. */
  release(value: V): Promise<void>
}

interface Entry<V> {
  loading: Promise<V>
  ready?: { value: V; bytes: number }
  users: number
  gone: boolean
}

/** Keeps the values used last, by the memory that they take rather than by their number. */
export function createModelCache<V>({ budget, load, bytesOf, release }: ModelCacheOptions<V>): ModelCache<V> {
  /** Used longest ago first. */
  const entries = new Map<string, Entry<V>>()
  let kept = new Set<string>()

  const total = (): number => [...entries.values()].reduce((sum, { ready }) => sum + (ready?.bytes ?? 0), 0)

  function find(key: string): Entry<V> {
    const entry = entries.get(key) ?? begin(key)
    entries.delete(key)
    entries.set(key, entry)
    return entry
  }

  function begin(key: string): Entry<V> {
    const entry: Entry<V> = {
      users: 0,
      gone: false,
      loading: load(key).then(
        (value) => {
          entry.ready = { value, bytes: bytesOf(value) }
          makeRoom(key)
          return value
        },
        (error: unknown) => {
          entries.delete(key)
          throw error
        },
      ),
    }
    return entry
  }

  function makeRoom(newest: string): void {
    const others = [...entries.keys()].filter((key) => key !== newest && entries.get(key)!.ready)
    for (const key of [...others.filter((key) => !kept.has(key)), ...others.filter((key) => kept.has(key))]) {
      if (total() <= budget) return
      const entry = entries.get(key)!
      entries.delete(key)
      entry.gone = true
      if (entry.users === 0) void release(entry.ready!.value)
    }
  }

  return {
    async use(key, work) {
      const entry = find(key)
      entry.users++
      try {
        return await work(await entry.loading)
      } finally {
        entry.users--
        if (entry.gone && entry.users === 0) void release(entry.ready!.value)
      }
    },
    async keep(keys) {
      kept = new Set(keys)
      for (const key of kept) {
        const entry = find(key)
        await entry.loading.catch(() => {})
        // The next one will be about as large; loading it only to let another go helps nobody.
        if (total() + (entry.ready?.bytes ?? 0) > budget) return
      }
    },
    loaded: () => [...entries].flatMap(([key, { ready }]) => (ready ? [{ key, ...ready }] : [])),
  }
}

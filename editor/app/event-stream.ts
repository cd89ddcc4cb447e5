/**
 * Reads server-sent events with `fetch`, so that headers can be sent and a broken connection resumes with `Last-Event-ID`.
 * Calls `onEvent` in order; waits 0.5 s to 10 s between attempts and never gives up until `signal` aborts.
 */
export async function readEventStream(options: {
  url: string
  signal: AbortSignal
  token?: string
  onEvent: (data: string, id: string | null) => void
  onState?: (state: 'open' | 'lost' | 'refused') => void
}): Promise<void> {
  let lastId: string | null = null
  let pause = 500
  while (!options.signal.aborted) {
    try {
      const headers = new Headers({ accept: 'text/event-stream' })
      if (options.token) headers.set('authorization', `Bearer ${options.token}`)
      if (lastId !== null) headers.set('last-event-id', lastId)
      const response = await fetch(options.url, { headers, signal: options.signal, cache: 'no-store' })
      if (response.status >= 400 && response.status < 500 && response.status !== 429) {
        options.onState?.('refused')
        return
      }
      if (!response.ok || !response.body) throw new Error(`stream answered ${response.status}`)
      options.onState?.('open')
      for await (const event of parseEvents(response.body)) {
        pause = 500
        if (event.id !== null) lastId = event.id
        if (event.data !== '') options.onEvent(event.data, event.id)
      }
    } catch {
      if (options.signal.aborted) return
    }
    options.onState?.('lost')
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, pause)
      options.signal.addEventListener('abort', () => {
        clearTimeout(timer)
        resolve()
      })
    })
    pause = Math.min(pause * 2, 10_000)
  }
}

/** The event stream format of the HTML standard, section 9.2.6: fields `data` and `id`, an empty line ends an event. */
export async function* parseEvents(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<{ data: string; id: string | null }> {
  const reader = body.pipeThrough(new TextDecoderStream() as TransformStream<Uint8Array, string>).getReader()
  let rest = ''
  let data: string[] = []
  let id: string | null = null
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return
      rest += value
      const lines = rest.split(/\r\n|\n|\r(?!$)/)
      rest = lines.pop() ?? ''
      for (const line of lines) {
        if (line === '') {
          if (data.length > 0 || id !== null) yield { data: data.join('\n'), id }
          data = []
          id = null
          continue
        }
        const colon = line.indexOf(':')
        if (colon === 0) continue
        const field = colon < 0 ? line : line.slice(0, colon)
        const content = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '')
        if (field === 'data') data.push(content)
        else if (field === 'id') id = content
      }
    }
  } finally {
    reader.releaseLock()
  }
}

/** Yields the `data` of each server-sent event (WHATWG HTML 9.2.6); comments and other fields are passed over. */
export async function* readEvents(response: Response): AsyncGenerator<string> {
  if (!response.ok || !response.body) return
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader()
  let buffer = ''
  try {
    for (;;) {
      const { value, done } = await reader.read()
      if (done) return
      buffer += value.replaceAll('\r\n', '\n')
      for (let end = buffer.indexOf('\n\n'); end >= 0; end = buffer.indexOf('\n\n')) {
        const data = buffer
          .slice(0, end)
          .split('\n')
          .filter((line) => line.startsWith('data:'))
          .map((line) => line.slice(5).trimStart())
          .join('\n')
        buffer = buffer.slice(end + 2)
        if (data) yield data
      }
    }
  } finally {
    reader.cancel().catch(() => {})
  }
}

import { BotloomError } from '#kit'

const wrong = () => new BotloomError('invalid-request', { issue: 'no-file' })
const blankLine = Buffer.from('\r\n\r\n')
/** A part's headers are a name and a type; nobody needs more. */
const longestHeaders = 8_192

/**
 * The first file of a `multipart/form-data` body (RFC 7578) as a stream, so that no upload is held in memory.
 * Throws `invalid-request` for anything else.
 */
export async function firstFile(
  contentType: string | undefined,
  body: ReadableStream<Uint8Array> | null,
): Promise<{ name: string; content: ReadableStream<Uint8Array> }> {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]{1,70})"?/i.exec(contentType ?? '')?.[1]
  if (!boundary || !body) throw wrong()
  const reader = body.getReader()
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The body's first boundary has no line break before it; with one, all of them look alike.
  let waiting: Buffer = Buffer.from('\r\n')
  const more = async (): Promise<boolean> => {
    const { done, value } = await reader.read()
    if (!done) waiting = waiting.length === 0 ? Buffer.from(value) : Buffer.concat([waiting, value])
    return !done
  }
  const upTo = async (mark: Buffer): Promise<Buffer> => {
    for (let at = waiting.indexOf(mark); ; at = waiting.indexOf(mark)) {
      if (at >= 0) {
        const before = waiting.subarray(0, at)
        waiting = waiting.subarray(at + mark.length)
        return before
      }
      if (waiting.length > longestHeaders || !(await more())) throw wrong()
    }
  }
  await upTo(delimiter)
  const headers = (await upTo(blankLine)).toString('utf8')
  const name = /filename="((?:[^"\\]|\\.)*)"/i.exec(headers)?.[1]
  if (name === undefined) throw wrong()

  const content = new ReadableStream<Uint8Array>({
    async pull(controller) {
      for (;;) {
        const at = waiting.indexOf(delimiter)
        // What may be the start of the closing boundary is held back until the next piece decides.
        const safe = at >= 0 ? at : waiting.length - delimiter.length
        if (safe > 0) controller.enqueue(new Uint8Array(waiting.subarray(0, safe)))
        if (at >= 0) {
          controller.close()
          await reader.cancel()
          return
        }
        if (safe > 0) {
          waiting = waiting.subarray(safe)
          return
        }
        if (!(await more())) {
          controller.error(wrong())
          return
        }
      }
    },
    async cancel(reason) {
      await reader.cancel(reason)
    },
  })
  // Only the last part of what the client calls its file, and never used as a path.
  return { name: name.replace(/^.*[/\\]/, '') || 'upload', content }
}

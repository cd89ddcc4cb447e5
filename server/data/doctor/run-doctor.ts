import type { DatasetRow, LabelRef } from '#kit'
import type { FromDoctor, ToDoctor, WrittenFinding } from '#runtime/doctor/messages.ts'
import { runChild } from '#server/run-child.ts'

/** Checks a set in a process of its own. Rows are read and handed over in parts. Rejects as `runChild`. */
export async function runDoctor(given: {
  parts: AsyncIterable<readonly DatasetRow[]>
  labels: readonly LabelRef[]
  signal: AbortSignal
  onShare: (share: number) => void
}): Promise<WrittenFinding[]> {
  const { parts, labels, signal, onShare } = given
  const found: WrittenFinding[] = []
  async function* messages(): AsyncGenerator<ToDoctor> {
    for await (const rows of parts) yield { rows }
    yield { labels }
  }
  await runChild<ToDoctor, FromDoctor>({
    entry: { source: 'runtime/doctor/entry.ts', built: 'doctor.js' },
    messages: messages(),
    signal,
    hear(message) {
      if ('share' in message) onShare(message.share)
      else if ('finding' in message) found.push(message.finding)
      else return true
      return false
    },
  })
  return found
}

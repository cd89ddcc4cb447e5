/**
 * A process that checks one set: it hears rows and labels (`ToDoctor`), tells how far it is and what it found (`FromDoctor`), and ends.
 * Minutes of a full core and hundreds of megabytes of a large set are nobody's business but its own.
 */
import type { DatasetRow, LabelRef } from '#kit'
import { checkSet } from './check-set.ts'
import type { FromDoctor, ToDoctor } from './messages.ts'

const rows: DatasetRow[] = []

const say = (message: FromDoctor): Promise<void> => new Promise((resolve) => process.send!(message, () => resolve()))

async function check(labels: readonly LabelRef[]): Promise<void> {
  const findings = await checkSet({ rows, labels }, (share) => say({ share }))
  for (const { kind, ways, cases } of findings)
    await say({ finding: { kind, ways, rows: cases.length, cases: JSON.stringify(cases) } })
  await say({ done: true })
  process.disconnect()
}

process.on('message', (message: ToDoctor) => {
  if ('rows' in message) rows.push(...message.rows)
  else void check(message.labels)
})
// The server that asked is gone: nobody waits for an answer.
process.once('disconnect', () => process.exit(0))

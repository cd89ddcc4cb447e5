/**
 * A process that finds rows like others (`ToSimilar`, `FromSimilar`) and ends: an encoder over thousands of rows is nobody's business but its
 * own, and vectors stay on the disk for the next one.
 */
import { findSimilar } from './find-similar.ts'
import type { FromSimilar, ToSimilar } from './messages.ts'

const rows: { id: string; text: string }[] = []

process.on('message', (message: ToSimilar) => {
  if ('rows' in message) rows.push(...message.rows)
  else
    void findSimilar(rows, message.ask).then((found) => {
      process.send!({ found } satisfies FromSimilar, () => process.disconnect())
    })
})
// The server that asked is gone: nobody waits for an answer.
process.once('disconnect', () => process.exit(0))

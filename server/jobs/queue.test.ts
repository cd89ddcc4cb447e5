import { pino } from 'pino'
import { expect, test } from 'vitest'
import { describeOnEachDatabase } from '../../tests/drivers/database.ts'
import { createQueue } from './queue.ts'

describeOnEachDatabase('the queue', (open) => {
  test('hands a job out soon after its time has come, though nobody announces that', async () => {
    const database = await open()
    const queue = await createQueue(database, pino({ level: 'silent' }))
    const begun = Date.now()
    const after = await new Promise<number>((resolve, reject) => {
      queue.work(async () => resolve(Date.now() - begun), 1).catch(reject)
      const job = { run: 'run_1', node: 'a', attempt: 2, shrink: 0, avoid: [] }
      database.db.transaction((tx) => queue.send(tx, job, 1_500)).catch(reject)
    })
    await queue.stop()
    await database.close()
    expect(after).toBeGreaterThanOrEqual(1_500)
    // Milliseconds; the pauses between attempts are seconds and must not become half minutes.
    expect(after).toBeLessThan(20_000)
  })
})

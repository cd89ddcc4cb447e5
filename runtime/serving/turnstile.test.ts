import { expect, test } from 'vitest'
import { createTurnstile } from './turnstile.ts'

/** Work that ends when it is told to. */
function task() {
  let end = (): void => {}
  const ended = new Promise<void>((resolve) => {
    end = resolve
  })
  let begun = false
  const work = async (): Promise<void> => {
    begun = true
    await ended
  }
  return { work, end, begun: () => begun }
}
const soon = () => new Promise((resolve) => setImmediate(resolve))

test('so many are inside at once, and the next one comes when one has left, in the order of arrival', async () => {
  const turnstile = createTurnstile({ inside: 2, waiting: 5 })
  const tasks = [task(), task(), task(), task()]
  const all = tasks.map(({ work }) => turnstile.pass(work))
  await soon()
  expect(tasks.map(({ begun }) => begun())).toEqual([true, true, false, false])
  tasks[1]!.end()
  await soon()
  expect(tasks.map(({ begun }) => begun())).toEqual([true, true, true, false])
  for (const { end } of tasks) end()
  await Promise.all(all)
})

test('who gives up while waiting is never let in, and holds up nobody', async () => {
  const turnstile = createTurnstile({ inside: 1, waiting: 5 })
  const [first, left, last] = [task(), task(), task()]
  const stop = new AbortController()
  const all = turnstile.pass(first.work)
  const gone = turnstile.pass(left.work, stop.signal)
  const after = turnstile.pass(last.work)
  stop.abort(new Error('left'))
  await expect(gone).rejects.toThrow('left')
  first.end()
  last.end()
  await Promise.all([all, after])
  expect(left.begun()).toBe(false)
})

test('beyond those who may wait the next one is told so at once', async () => {
  const turnstile = createTurnstile({ inside: 1, waiting: 1 })
  const [first, second] = [task(), task()]
  const all = [turnstile.pass(first.work), turnstile.pass(second.work)]
  await expect(turnstile.pass(task().work)).rejects.toMatchObject({ code: 'answers-busy' })
  first.end()
  second.end()
  await Promise.all(all)
})

test('work that fails leaves its place to the next', async () => {
  const turnstile = createTurnstile({ inside: 1, waiting: 1 })
  await expect(turnstile.pass(() => Promise.reject(new Error('broken')))).rejects.toThrow('broken')
  expect(await turnstile.pass(async () => 'fine')).toBe('fine')
})

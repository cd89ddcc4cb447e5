import { expect, test } from 'vitest'
import { createModelCache } from './model-cache.ts'

/** A cache of models whose sizes are their names' numbers, and what was done with them. */
function cacheOf(budget: number) {
  const log: string[] = []
  const broken = new Set<string>()
  const cache = createModelCache<string>({
    budget,
    async load(key) {
      log.push(`load ${key}`)
      if (broken.has(key)) throw new Error(`${key} is broken`)
      return key
    },
    bytesOf: (key) => Number(/\d+/.exec(key)![0]),
    async release(key) {
      log.push(`release ${key}`)
    },
  })
  const ask = (key: string) => cache.use(key, async (value) => value)
  const held = () => cache.loaded().map(({ key }) => key)
  return { cache, log, broken, ask, held }
}

test('those used longest ago go when the next one needs their room, and come back when they are asked for', async () => {
  const { ask, held, log } = cacheOf(100)
  for (const key of ['a40', 'b40', 'a40', 'c40']) expect(await ask(key)).toBe(key)
  expect(held()).toEqual(['a40', 'c40'])
  expect(await ask('b40')).toBe('b40')
  expect(held()).toEqual(['c40', 'b40'])
  expect(log).toEqual(['load a40', 'load b40', 'load c40', 'release b40', 'load b40', 'release a40'])
})

test('it is the memory that counts: many small ones stay, one large one drives out as many as it must', async () => {
  const { ask, held } = cacheOf(100)
  for (let i = 0; i < 10; i++) await ask(`${'x'.repeat(i + 1)}10`)
  expect(held()).toHaveLength(10)
  await ask('large75')
  expect(held()).toEqual(['xxxxxxxxx10', 'xxxxxxxxxx10', 'large75'])
  await ask('huge500')
  expect(held()).toEqual(['huge500'])
})

test('one that is in use is released only when its last user is done', async () => {
  const { cache, ask, log, held } = cacheOf(50)
  let finish = () => {}
  const long = cache.use('a40', () => new Promise<void>((resolve) => (finish = resolve)))
  await ask('b40')
  expect(held()).toEqual(['b40'])
  expect(log).not.toContain('release a40')
  finish()
  await long
  expect(log).toContain('release a40')
})

test('two who ask at once share one load, and one that failed is tried again', async () => {
  const { ask, log, broken, held } = cacheOf(100)
  broken.add('a40')
  const both = await Promise.allSettled([ask('a40'), ask('a40')])
  expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
  broken.clear()
  expect(await Promise.all([ask('a40'), ask('a40')])).toEqual(['a40', 'a40'])
  expect(log).toEqual(['load a40', 'load a40'])
  expect(held()).toEqual(['a40'])
})

test('those to be kept are loaded as far as there is room and go after all others', async () => {
  const { cache, ask, held, log, broken } = cacheOf(100)
  broken.add('bad1')
  await cache.keep(['bad1', 'a40', 'b40', 'c40', 'd40'])
  expect(held()).toEqual(['a40', 'b40'])
  await ask('x20')
  await ask('y20')
  expect(held()).toEqual(['a40', 'b40', 'y20'])
  expect(log).not.toContain('load c40')
})

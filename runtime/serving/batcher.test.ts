import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createBatcher } from './batcher.ts'

const turn = () => new Promise((resolve) => setImmediate(resolve))

test('many callers at once each get the answer to their own question, in batches of bounded size', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.tuple(fc.string(), fc.integer({ min: 0, max: 3 })), { maxLength: 120 }),
      fc.integer({ min: 1, max: 9 }),
      async (callers, maxRows) => {
        const sizes: number[] = []
        const batcher = createBatcher(
          async (inputs: readonly string[]) => {
            sizes.push(inputs.length)
            await turn()
            return inputs.map((input) => `${input}!`)
          },
          { maxRows, maxWaitMs: 0 },
        )
        const answers = await Promise.all(
          callers.map(async ([text, turns]) => {
            for (let i = 0; i < turns; i++) await turn()
            return batcher.submit(text)
          }),
        )
        expect(answers).toEqual(callers.map(([text]) => `${text}!`))
        expect(sizes.reduce((a, b) => a + b, 0)).toBe(callers.length)
        expect(Math.max(0, ...sizes)).toBeLessThanOrEqual(maxRows)
      },
    ),
    { numRuns: 40 },
  )
})

test('callers who come together share one batch', async () => {
  const sizes: number[] = []
  const batcher = createBatcher(async (inputs: readonly number[]) => {
    sizes.push(inputs.length)
    return inputs
  })
  await Promise.all([1, 2, 3, 4, 5].map((n) => batcher.submit(n)))
  expect(sizes).toEqual([5])
})

test('an error reaches the callers of its batch and nobody else', async () => {
  const batcher = createBatcher(
    async (inputs: readonly number[]) => {
      if (inputs.includes(2)) throw new Error('two is bad')
      return inputs
    },
    { maxRows: 2 },
  )
  const results = await Promise.allSettled([1, 2, 3, 4].map((n) => batcher.submit(n)))
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected', 'fulfilled', 'fulfilled'])
})

test('a model that answers too little is an error, not a mix-up', async () => {
  const batcher = createBatcher(async (inputs: readonly number[]) => inputs.slice(1))
  await expect(Promise.all([batcher.submit(1), batcher.submit(2)])).rejects.toThrow('2 inputs gave 1 outputs')
})

test('the oldest request is always in the next batch, and a long one does not pad the short ones beside it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 60 }), async (lengths) => {
      const left = lengths.map((length, number) => ({ length, number }))
      const batcher = createBatcher(
        async (inputs: readonly { length: number; number: number }[]) => {
          expect(inputs.map((input) => input.number)).toContain(left[0]!.number)
          const longest = Math.max(...inputs.map((input) => input.length))
          expect(inputs.length === 1 || inputs.length * longest <= 200).toBe(true)
          for (const input of inputs) left.splice(left.indexOf(input), 1)
          return inputs
        },
        { maxTokens: 200, maxWaitMs: 0, lengthOf: (input) => input.length },
      )
      await Promise.all([...left].map((input) => batcher.submit(input)))
      expect(left).toEqual([])
    }),
    { numRuns: 40 },
  )
  const batches: number[][] = []
  const batcher = createBatcher(
    async (inputs: readonly number[]) => {
      batches.push([...inputs])
      return inputs
    },
    { lengthOf: (length) => length },
  )
  await Promise.all([8, 8, 120, 8, 10].map((length) => batcher.submit(length)))
  expect(batches).toEqual([[8, 8, 8, 10], [120]])
})

import { expect, test } from 'vitest'
import { createSealer } from './sealed.ts'

const sealer = createSealer('the secret of an installation', 'api secrets')

test('what is sealed is read again, and no two seals of one text are alike', () => {
  const sealed = sealer.seal('令牌 token-1')
  expect(sealed).not.toContain('token-1')
  expect(sealer.open(sealed)).toBe('令牌 token-1')
  expect(sealer.seal('令牌 token-1')).not.toBe(sealed)
})

test('a changed seal, another secret and another purpose do not open it', () => {
  const sealed = sealer.seal('token-1')
  const changed = `${sealed.slice(0, -2)}${sealed.endsWith('AA') ? 'BB' : 'AA'}`
  expect(() => sealer.open(changed)).toThrow()
  expect(() => createSealer('another secret', 'api secrets').open(sealed)).toThrow()
  expect(() => createSealer('the secret of an installation', 'webhooks').open(sealed)).toThrow()
})

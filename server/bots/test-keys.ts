import { createHmac } from 'node:crypto'
import { sameText } from '#server/auth/secrets.ts'

export type TestKeys = ReturnType<typeof createTestKeys>

/**
 * Keys that open a bot's test environment, of 144 bits. One is derived from the installation's secret, the bot and a number that
 * counts: it can be shown again at any time, stands in no table, and the next number makes the one before worthless.
 */
export function createTestKeys(secret: string) {
  const keyOf = (bot: string, serial: number): string =>
    createHmac('sha256', secret).update(`botloom test key ${bot} ${serial}`).digest('base64url').slice(0, 24)
  return {
    keyOf,
    fits: (bot: string, serial: number, key: string): boolean => sameText(keyOf(bot, serial), key),
  }
}

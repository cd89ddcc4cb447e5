import { expect, test } from 'vitest'
import { parseConfig } from './config.ts'

test('nothing set: this machine only, the folder beside the code, the usual limits', () => {
  expect(parseConfig({})).toMatchObject({
    port: 4600,
    host: '127.0.0.1',
    dataFolder: expect.stringMatching(/data$/),
    uploadBytes: 200 * 1_048_576,
    limits: { conversationsPerMinute: 30, messagesPerMinute: 60 },
  })
})

test.each([
  ['PORT', 'eighty'],
  ['PORT', '70000'],
  ['DATABASE_URL', 'mysql://x'],
  ['BOTLOOM_URL', 'javascript:alert(1)'],
  ['BOTLOOM_MESSAGES_PER_MINUTE', '0'],
  ['BOTLOOM_DEVICE', 'toaster'],
])('%s=%s is refused by name', (name, value) => {
  expect(() => parseConfig({ [name]: value })).toThrow(
    expect.objectContaining({ code: 'config-invalid', params: expect.objectContaining({ name }) }),
  )
})

test.each(['https://example.com/bots', 'https://example.com/?x=1'])(
  'BOTLOOM_URL=%s is refused, since pages live at the root',
  (url) => {
    expect(() => parseConfig({ BOTLOOM_URL: url })).toThrow(
      expect.objectContaining({
        code: 'config-url-path',
        params: { name: 'BOTLOOM_URL', origin: 'https://example.com' },
      }),
    )
    expect(parseConfig({ BOTLOOM_URL: 'https://example.com:8443/' }).publicUrl).toBe('https://example.com:8443')
  },
)

test('an empty variable counts as unset', () => {
  expect(parseConfig({ PORT: '', DATABASE_URL: '' })).toMatchObject({ port: 4600, databaseUrl: undefined })
})

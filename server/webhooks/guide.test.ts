import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { projectRoot } from '#runtime/project-root.ts'
import { checkWebhook, newSigningSecret, signWebhook } from './sign.ts'

/** The code in the guide, run as a reader would run it. */
const run = promisify(execFile)
const secret = newSigningSecret()
const old = newSigningSecret()
const body = '{"type":"webhook.test","data":{"text":"您好 👋"}}'
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'botloom-guide-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function snippet(page: string, language: 'js' | 'python'): Promise<string> {
  const text = await readFile(join(projectRoot, 'docs', 'guide', page), 'utf8')
  return new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``).exec(text)?.[1] ?? ''
}
const python = await run('python3', ['--version']).then(
  () => true,
  () => false,
)
if (!python) console.warn('SKIPPED: the guide’s Python, since there is no python3')

describe.each(['webhooks.md', 'webhooks.zh-CN.md'])('%s', (page) => {
  const headers = signWebhook([secret, old], 'evt_1', new Date(), body)
  const cases = [
    { headers, body, secret, right: true },
    { headers, body, secret: old, right: true },
    { headers, body: `${body} `, secret, right: false },
    { headers: signWebhook([secret], 'evt_1', new Date(Date.now() - 400_000), body), body, secret, right: false },
    { headers, body, secret: newSigningSecret(), right: false },
  ]
  const expected = cases.map(({ right }) => right)

  test('its Node code takes what Botloom signed and nothing else', async () => {
    const file = join(folder, `${page}.mjs`)
    await writeFile(file, await snippet(page, 'js'))
    const { isFromBotloom } = await import(file)
    expect(cases.map((one) => isFromBotloom(one.headers, one.body, one.secret))).toEqual(expected)
  })

  test.skipIf(!python)('its Python code takes what Botloom signed and nothing else', async () => {
    const code = `${await snippet(page, 'python')}
import json, sys
print(json.dumps([is_from_botloom(c["headers"], c["body"], c["secret"]) for c in json.loads(sys.argv[1])]))`
    const { stdout } = await run('python3', ['-c', code, JSON.stringify(cases)])
    expect(JSON.parse(stdout)).toEqual(expected)
  })
})

test.skipIf(!python).each(['channels.md', 'channels.zh-CN.md'])(
  '%s: what its Python code signs is taken',
  async (page) => {
    const code = `${(await snippet(page, 'python')).replaceAll('whsec_…', secret)}
print(json.dumps({"headers": headers, "body": body}))`
    const { stdout } = await run('python3', ['-c', code])
    const signed = JSON.parse(stdout)
    expect(checkWebhook([secret], (name) => signed.headers[name], signed.body, new Date())).toBe('msg-1')
  },
)

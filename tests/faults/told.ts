import { type ChildProcess, spawn } from 'node:child_process'
import { expect } from 'vitest'
import type { ErrorCode } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'

type Language = 'zh-CN' | 'en'
/** What a person reads when something is refused. */
interface Words {
  code?: unknown
  message?: unknown
  remedy?: unknown
}
export interface Refusal {
  status: number
  params: Record<string, string | number>
  message: string
}

const han = /\p{Script=Han}/u

/** A refusal that helps: its code, what happened and what to do, each language in its own words, nothing of our insides. */
export function expectWords(words: Record<Language, Words>, code: ErrorCode): void {
  for (const [language, { message, remedy, ...told }] of Object.entries(words)) {
    const seen = `${language}: ${String(told.code)}: ${String(message)} / ${String(remedy)}`
    expect(told.code, seen).toBe(code)
    for (const text of [message, remedy]) {
      expect(text, seen).toEqual(expect.any(String))
      expect(text, seen).not.toMatch(/\{\{|\}\}|undefined|\[object|SQLSTATE|^\s+at /m)
      if (language === 'zh-CN') {
        expect(text, seen).toMatch(han)
        // What a schema or a parser says by itself: one language inside the other.
        expect(text, seen).not.toMatch(/\b(expected|received|invalid|unexpected|malformed|unrecognized|must|too)\b/i)
      } else expect(text, seen).toMatch(/[a-z]+ [a-z]+ /i)
    }
    // What a person called their file may stand in a message; the advice is ours alone.
    if (language === 'en') expect(remedy, seen).not.toMatch(han)
  }
}

/** Asks the API the same in both languages and expects to be refused, with that code and in words. */
export async function refusedByApi(
  code: ErrorCode,
  ask: (headers: Record<string, string>) => Promise<{ status: number; body: object }>,
): Promise<Refusal> {
  const zh = await ask({ 'accept-language': 'zh-CN,zh;q=0.9,en;q=0.5' })
  const en = await ask({ 'accept-language': 'en-GB,en;q=0.9' })
  expectWords({ 'zh-CN': zh.body, en: en.body }, code)
  expect([zh.status, en.status], JSON.stringify(en.body)).toEqual([en.status, zh.status])
  expect(en.status).toBeGreaterThanOrEqual(400)
  // Whatever a person sent wrongly is no failure of the server; a full disk is.
  if (code !== 'disk-full') expect(en.status).toBeLessThan(500)
  return { status: en.status, ...(en.body as Omit<Refusal, 'status'>) }
}

export interface Ended {
  code: number | null
  out: string
  err: string
}

/** A Node process of ours from its source, in a language, until it ends. */
export async function runNode(args: string[], language: Language, env: Record<string, string> = {}): Promise<Ended> {
  return endOf(startNode(args, language, env))
}

export function startNode(args: string[], language: Language, env: Record<string, string> = {}): ChildProcess {
  const { LC_ALL: _, LC_MESSAGES: __, ...rest } = process.env
  return spawn(process.execPath, ['--import', 'tsx', ...args], {
    cwd: projectRoot,
    // An empty LC_ALL, which containers set, counts as none.
    env: { ...rest, LC_ALL: '', LANG: language === 'en' ? 'en_GB.UTF-8' : 'zh_CN.UTF-8', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
}

export function endOf(child: ChildProcess): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const ended: Ended = { code: null, out: '', err: '' }
    child.stdout?.on('data', (chunk) => {
      ended.out += chunk
    })
    child.stderr?.on('data', (chunk) => {
      ended.err += chunk
    })
    child.once('error', reject)
    child.once('close', (code) => resolve({ ...ended, code }))
  })
}

/** `botloom ARGS` as a person types it. */
export const botloom = (args: string[], language: Language, env?: Record<string, string>): Promise<Ended> =>
  runNode(['server/cli/main.ts', ...args], language, env)

/** The same command in both languages, which must fail in words: on standard error, its last lines, with an exit code. */
export async function refusedByCommand(code: ErrorCode, args: string[], env?: Record<string, string>): Promise<Ended> {
  const [zh, en] = await Promise.all([botloom(args, 'zh-CN', env), botloom(args, 'en', env)])
  expectWords({ 'zh-CN': lastWords(zh.err), en: lastWords(en.err) }, code)
  expect([zh.code, en.code]).toEqual([code.startsWith('cli-') ? 2 : 1, code.startsWith('cli-') ? 2 : 1])
  return en
}

/** Message, remedy and `(code)` are the last things said; lines of progress may stand before them. */
export function lastWords(err: string): Words {
  expect(err).not.toMatch(/^\s+at /m)
  const lines = err.trimEnd().split('\n')
  const code = /^\((.+)\)$/.exec(lines.at(-1) ?? '')?.[1]
  const words = lines.slice(0, -1).filter((line) => !/^[\w-]+: \w+ \d+ %/.test(line))
  return { code, message: words[0], remedy: words.slice(1).join('\n') }
}

import { homedir } from 'node:os'
import { isAbsolute, join, resolve } from 'node:path'
import { z } from 'zod'
import { BotloomError, firstIssue, type IssueKey } from '#kit'
import { projectRoot } from '#runtime/project-root.ts'
import { type DeviceName, deviceNames } from '#runtime/tensor/executors/device.ts'
import type { Limits } from './api/public/limits.ts'

const whole = (min: number, max: number, usual: number) => z.coerce.number().int().min(min).max(max).default(usual)

const environment = z.object({
  PORT: whole(0, 65_535, 4600),
  HOST: z.string().min(1).default('127.0.0.1'),
  BOTLOOM_DATA: z.string().default(''),
  DATABASE_URL: z
    .string()
    .refine((url) => /^postgres(ql)?:\/\//.test(url), { params: { issue: 'not-postgres' satisfies IssueKey } })
    .optional(),
  BOTLOOM_URL: z.url({ protocol: /^https?$/ }).optional(),
  BOTLOOM_UPLOAD_MB: whole(1, 4_096, 200),
  BOTLOOM_VISITOR_FILE_MB: whole(1, 100, 10),
  BOTLOOM_MODELS: z.string().default(''),
  BOTLOOM_DEVICE: z.enum(deviceNames).optional(),
  BOTLOOM_LOG: z.enum(['fatal', 'error', 'warn', 'info', 'debug', 'silent']).default('warn'),
  BOTLOOM_CONVERSATIONS_PER_MINUTE: whole(1, 1_000_000, 30),
  BOTLOOM_MESSAGES_PER_MINUTE: whole(1, 1_000_000, 60),
  BOTLOOM_OUTBOUND_ALLOW: z.string().max(10_000).default(''),
})

export interface Config {
  port: number
  host: string
  /** Absolute. */
  dataFolder: string
  databaseUrl: string | undefined
  /** The address that people use, where it is not `http://HOST:PORT` (behind a proxy). */
  publicUrl: string | undefined
  uploadBytes: number
  /** Of a file that a visitor sends. */
  visitorFileBytes: number
  modelsFolder: string
  /** What training runs on; undefined: the fastest. The compute process reads the same variable. */
  device: DeviceName | undefined
  logLevel: z.infer<typeof environment>['BOTLOOM_LOG']
  limits: Limits
  /** Hosts, addresses and ranges of a private network that bots and webhooks may call. */
  outboundAllow: string[]
}

/** The environment, checked. An empty variable counts as unset. Throws `config-invalid` or `config-url-path` with the variable's name. */
export function parseConfig(env: Record<string, string | undefined>): Config {
  const filled = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const parsed = environment.safeParse(filled)
  if (!parsed.success) {
    const { place, params } = firstIssue(parsed.error)
    throw new BotloomError('config-invalid', { name: place, ...params })
  }
  const given = parsed.data
  const address = given.BOTLOOM_URL === undefined ? null : new URL(given.BOTLOOM_URL)
  if (address && (address.pathname !== '/' || address.search !== '' || address.hash !== ''))
    throw new BotloomError('config-url-path', { name: 'BOTLOOM_URL', origin: address.origin })
  const dataFolder = given.BOTLOOM_DATA === '' ? join(projectRoot, 'data') : absolute(given.BOTLOOM_DATA)
  return {
    port: given.PORT,
    host: given.HOST,
    dataFolder,
    databaseUrl: given.DATABASE_URL,
    publicUrl: address?.origin,
    uploadBytes: given.BOTLOOM_UPLOAD_MB * 1_048_576,
    visitorFileBytes: given.BOTLOOM_VISITOR_FILE_MB * 1_048_576,
    modelsFolder: given.BOTLOOM_MODELS === '' ? join(dataFolder, 'models') : absolute(given.BOTLOOM_MODELS),
    device: given.BOTLOOM_DEVICE,
    logLevel: given.BOTLOOM_LOG,
    limits: {
      conversationsPerMinute: given.BOTLOOM_CONVERSATIONS_PER_MINUTE,
      messagesPerMinute: given.BOTLOOM_MESSAGES_PER_MINUTE,
    },
    outboundAllow: given.BOTLOOM_OUTBOUND_ALLOW.split(',').flatMap((entry) => entry.trim() || []),
  }
}

function absolute(path: string): string {
  if (path === '~' || path.startsWith('~/')) return join(homedir(), path.slice(1))
  return isAbsolute(path) ? path : resolve(path)
}

import { apiErrors } from './api.ts'
import { cliErrors } from './cli.ts'
import { conversationErrors } from './conversation.ts'
import { dataErrors } from './data.ts'
import type { ErrorEntry, ErrorText, Retry } from './define-errors.ts'
import { deviceErrors } from './device.ts'
import { graphErrors } from './graph.ts'
import { type IssueKey, issueSentence } from './issues.ts'
import { knowledgeErrors } from './knowledge.ts'
import { outboundErrors } from './outbound.ts'
import { runErrors } from './run.ts'
import { serverErrors } from './server.ts'
import { sourceErrors } from './sources.ts'
import { trainingErrors } from './training.ts'
import { webhookErrors } from './webhooks.ts'

/** Every error that a person can meet, in one catalogue; one file an area. */
export const errorCatalogue = {
  ...dataErrors,
  ...graphErrors,
  ...trainingErrors,
  ...knowledgeErrors,
  ...deviceErrors,
  ...runErrors,
  ...conversationErrors,
  ...outboundErrors,
  ...sourceErrors,
  ...webhookErrors,
  ...serverErrors,
  ...apiErrors,
  ...cliErrors,
}
export type ErrorCode = keyof typeof errorCatalogue
export type ErrorParams = Record<string, string | number> & { issue?: IssueKey }

/** An error with a code of the catalogue: what happened, what to do, whether to retry. */
export class BotloomError extends Error {
  readonly code: ErrorCode
  readonly params: ErrorParams
  readonly retry: Retry
  readonly status: number

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    const entry: ErrorEntry = errorCatalogue[code]
    super(errorText(code, params, 'en').message, options)
    this.name = 'BotloomError'
    this.code = code
    this.params = params
    this.retry = entry.retry
    this.status = entry.status
  }
}

/** A failure as data: what a block, a run or an API answer carries. */
export interface Failure {
  code: ErrorCode
  params: ErrorParams
  message: string
  remedy: string
  retry: Retry
}

export function isErrorCode(code: string): code is ErrorCode {
  return Object.hasOwn(errorCatalogue, code)
}

export function errorText(code: ErrorCode, params: ErrorParams, locale: string): ErrorText {
  const entry: ErrorEntry = errorCatalogue[code]
  const language = locale.startsWith('zh') ? 'zh-CN' : 'en'
  const { message, remedy } = entry[language]
  // An issue is put in before the values are: what a person wrote is never read as a text of ours.
  const detail = issueSentence(params, language)
  return {
    message: fillText(detail === undefined ? message : message.replaceAll('{{detail}}', () => detail), params),
    remedy: fillText(remedy, params),
  }
}

/**
 * Turns whatever was thrown into a failure. Of what is not ours a full disk is told as such, wherever it was met; the rest
 * becomes `unexpected`, its words kept as a parameter.
 */
export function toFailure(error: unknown, locale = 'en'): Failure {
  const { code, params, retry } = toKnownError(error)
  return { code, params, retry, ...errorText(code, params, locale) }
}

/** A failure that was kept, in the words of another language. */
export function translated<F extends Failure>(failure: F, locale: string): F {
  return { ...failure, ...errorText(failure.code, failure.params, locale) }
}

/** Whether the system refused to write for want of space. */
export function isDiskFull(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return code === 'ENOSPC' || code === 'EDQUOT' || code === 'EFBIG'
}

/** Whatever was thrown as an error of the catalogue; what is not ours is `unexpected`, but for a full disk. */
export function toKnownError(error: unknown): BotloomError {
  if (error instanceof BotloomError) return error
  if (isDiskFull(error))
    return new BotloomError('disk-full', {
      folder: error instanceof Error && 'path' in error ? String(error.path) : '',
    })
  return new BotloomError('unexpected', { detail: error instanceof Error ? error.message : String(error) })
}

/** Puts values into the `{{name}}` places of a text; the result is never parsed again. */
export function fillText(text: string, params: Readonly<Record<string, unknown>>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (_, name: string) => String(params[name] ?? ''))
}

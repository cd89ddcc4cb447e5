import { type Logger, pino } from 'pino'

/** JSON lines on standard error, so that standard output keeps the two links. Texts of visitors are never logged. */
export function createLog(level: string): Logger {
  const serializers = { err: hideParams, error: hideParams }
  return pino(
    { level, base: { name: 'botloom' }, serializers, redact: { paths: secretPaths, censor: '…' } },
    pino.destination({ dest: 2, sync: true }),
  )
}

/** Where a key or a token would stand in what is logged, should somebody log a request one day. */
export const secretPaths = [
  'authorization',
  '*.authorization',
  '*.headers.authorization',
  'key',
  '*.key',
  'token',
  '*.token',
]

/** An error for the log without the values of a failed statement: they are words of visitors, or secrets. */
export function hideParams(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const { type, message, stack, code } = pino.stdSerializers.err(error)
  const cause = error.cause instanceof Error ? hideParams(error.cause) : undefined
  const hidden = 'params' in error && 'query' in error
  // drizzle writes the values behind the statement; the stack repeats the message.
  const cut = (text: string): string => (hidden ? text.replace(/\nparams:[\s\S]*?(?=\n {4}at |$(?![\s\S]))/, '') : text)
  return {
    type,
    message: cut(message),
    stack: cut(stack ?? ''),
    ...(code ? { code } : {}),
    ...(cause ? { cause } : {}),
  }
}

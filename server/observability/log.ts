import { type Logger, pino } from 'pino'

/** JSON lines on standard error, so that standard output keeps the two links. Texts of visitors are never logged. */
export function createLog(level: string): Logger {
  return pino({ level, base: { name: 'botloom' } }, pino.destination({ dest: 2, sync: true }))
}

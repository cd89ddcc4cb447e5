import { momentAt } from '#runtime/conditions/parse-time.ts'

const unitMs = { seconds: 1_000, minutes: 60_000, hours: 3_600_000, days: 86_400_000 }
/** Waiting is for a person; who comes back after a month begins anew. */
const longest = 30 * unitMs.days

export type WaitUnit = keyof typeof unitMs

/** A time of day, `HH:mm`. */
export function isClock(text: string): boolean {
  return /^([01]?\d|2[0-3]):[0-5]\d$/.test(text.trim())
}

/** ISO 8601 instant so long after `now`, a month at most. */
export function instantAfter(now: string, amount: number, unit: WaitUnit): string {
  return new Date(Date.parse(now) + Math.min(amount * unitMs[unit], longest)).toISOString()
}

/** The next instant at which it is `clock` in a time zone. Where summer time leaves that time of day out, the first one after it. */
export function nextClock(now: string, clock: string, timeZone: string): string {
  const [hours = 0, minutes = 0] = clock.split(':').map(Number)
  const wanted = hours * 60 + minutes
  const start = Date.parse(now) - (Date.parse(now) % unitMs.minutes)
  const minuteOf = (instant: number): number => {
    const [, time = '00:00'] = momentAt(instant, timeZone).split('T')
    const [hour = 0, minute = 0] = time.split(':').map(Number)
    return hour * 60 + minute
  }
  const away = (instant: number): number => (wanted - minuteOf(instant) + 1_440) % 1_440
  let instant = start + (away(start) || 1_440) * unitMs.minutes
  // A change of the clock in between makes the guess an hour wrong, in one direction or the other.
  const off = away(instant)
  if (off !== 0) instant += (off > 720 ? off - 1_440 : off) * unitMs.minutes
  return new Date(instant > Date.parse(now) ? instant : instant + unitMs.days).toISOString()
}

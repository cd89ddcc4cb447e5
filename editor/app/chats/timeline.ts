import type { Message, WhisperNote } from '#server/api/dto.ts'
import type { Outgoing } from './outbox.ts'

export type Entry =
  | { kind: 'day'; key: string; at: string }
  /** `first` of its speaker for a while: says who and when. */
  | { kind: 'message'; key: string; message: Message; first: boolean }
  | { kind: 'note'; key: string; note: WhisperNote }
  | { kind: 'outgoing'; key: string; outgoing: Outgoing; first: boolean }

/** A speaker who goes on after so long says again who and when. */
const pause = 5 * 60_000

/** Messages in the order of the server, notes where they were written, what is on its way at the end; days between. */
export function timelineOf(
  messages: readonly Message[],
  notes: readonly WhisperNote[],
  outgoing: readonly Outgoing[],
): Entry[] {
  const entries: Entry[] = []
  let day = ''
  let speaker = ''
  let since = 0
  const place = (at: string, who: string) => {
    const time = new Date(at)
    if (time.toDateString() !== day) {
      day = time.toDateString()
      speaker = ''
      entries.push({ kind: 'day', key: `day ${day}`, at })
    }
    const first = who !== speaker || time.getTime() - since > pause
    if (first) since = time.getTime()
    speaker = who
    return first
  }
  const later = [...notes].sort((a, b) => a.at.localeCompare(b.at))
  const putNotes = (until: string | null) => {
    for (let note = later[0]; note && (until === null || note.at < until); note = later[0]) {
      later.shift()
      place(note.at, `note ${note.id}`)
      entries.push({ kind: 'note', key: note.id, note })
    }
  }
  for (const message of [...messages].sort((a, b) => a.seq - b.seq)) {
    putNotes(message.at)
    const first = place(message.at, `${message.role} ${message.author ?? ''}`)
    entries.push({ kind: 'message', key: message.id, message, first })
  }
  putNotes(null)
  const known = new Set(messages.map(({ id }) => id))
  outgoing.forEach((one, index) => {
    if (!known.has(one.id)) entries.push({ kind: 'outgoing', key: one.id, outgoing: one, first: index === 0 })
  })
  return entries
}

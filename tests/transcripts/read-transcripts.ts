/** What happens next in a conversation, as a person would write it down. */
export type Line =
  | { kind: 'says'; text: string }
  | { kind: 'clicks'; text: string }
  | { kind: 'sends'; text: string }
  | { kind: 'silent'; minutes: number }
  | { kind: 'bot'; text: string; buttons: string[] }
  /** What another system says that the bot has asked; `status` null: nothing. */
  | { kind: 'system'; status: number | null; values: Record<string, string | number> }
  | { kind: 'person' }
  | { kind: 'ended' }

export interface Transcript {
  title: string
  bot: string
  language: string
  lines: Line[]
}

const visitor = /^(?:Visitor|访客)( clicks|点| sends|发)?[:：]\s*(.*)$/
const bot = /^(?:Bot|机器人)[:：]\s*(.*)$/
const silence = /^(?:…|\.\.\.)\s*(\d+)\s*(?:minutes?|分钟)$/
const system = /^(?:System|系统)[:：]\s*(?:(?:no answer|没有答复)|(\d{3})(?:[,，]\s*(.*))?)$/
const person = /^\((?:a person takes over|转人工)\)$/
const ended = /^\((?:ended|结束)\)$/
const heading = /^#\s+(.*)$/
const setting = /^(bot|language):\s*(\S+)$/

/**
 * Reads a file of transcripts: `# title`, `bot:` and `language:` once or anew before or below a title, then lines of the visitor and the bot. A
 * line that begins with two blanks goes on with the message above it; `[words]` in it are buttons. Throws with the line's number.
 */
export function readTranscripts(text: string): Transcript[] {
  const transcripts: Transcript[] = []
  const settings = { bot: '', language: '' }
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const own = line.match(setting)
    const title = line.match(heading)?.[1]
    const current = transcripts.at(-1)
    if (own) {
      settings[own[1] as 'bot' | 'language'] = own[2]!
      if (current?.lines.length === 0) Object.assign(current, settings)
    } else if (title !== undefined) transcripts.push({ title, ...settings, lines: [] })
    else if (!current) throw new Error(`line ${index + 1} stands before the first title: ${line}`)
    else if (line.startsWith('  ')) goOn(current, line.trim(), index)
    else current.lines.push(toLine(line.trim(), index))
  }
  return transcripts
}

function toLine(line: string, index: number): Line {
  const said = line.match(visitor)
  if (said) return { kind: !said[1] ? 'says' : /sends|发/.test(said[1]) ? 'sends' : 'clicks', text: said[2]! }
  const told = line.match(bot)
  if (told) return { kind: 'bot', text: told[1]!, buttons: [] }
  const quiet = line.match(silence)
  if (quiet) return { kind: 'silent', minutes: Number(quiet[1]) }
  const answered = line.match(system)
  if (answered)
    return { kind: 'system', status: answered[1] ? Number(answered[1]) : null, values: toValues(answered[2] ?? '') }
  if (person.test(line)) return { kind: 'person' }
  if (ended.test(line)) return { kind: 'ended' }
  throw new Error(`line ${index + 1} is no line of a transcript: ${line}`)
}

/** `status = on its way, left = 3`. */
function toValues(text: string): Record<string, string | number> {
  const pairs = text.split(/[,，]\s*/).filter(Boolean)
  return Object.fromEntries(
    pairs.map((pair) => {
      const [name = '', value = ''] = pair.split(/\s*=\s*/)
      return [name.trim(), /^\d+$/.test(value) ? Number(value) : value.trim()]
    }),
  )
}

function goOn(transcript: Transcript, line: string, index: number): void {
  const last = transcript.lines.at(-1)
  if (last?.kind !== 'bot') throw new Error(`line ${index + 1} goes on with no message of the bot: ${line}`)
  const buttons = [...line.matchAll(/\[([^\]]+)\]/g)].map((match) => match[1]!)
  if (buttons.length > 0 && line.replace(/\[[^\]]+\]/g, '').trim() === '') last.buttons.push(...buttons)
  else last.text += `\n${line}`
}

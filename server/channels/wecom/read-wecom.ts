import { XMLParser } from 'fast-xml-parser'
import { BotloomError } from '#kit'
import { storableText } from '#server/data/storable-text.ts'
import type { Incoming } from '../define-channel.ts'

/** No entities: they are not in this protocol, and a parser that expands them can be made to work for ever. Values stay text. */
const parser = new XMLParser({
  processEntities: false,
  ignoreAttributes: true,
  parseTagValue: false,
  trimValues: true,
})

/** The fields of a message, one level deep. Throws `channel-message`. */
export function readXml(text: string): Record<string, string> {
  // A declaration of types is where entities come from; WeCom sends none.
  if (text.includes('<!DOCTYPE')) throw new BotloomError('channel-message', { what: 'XML' })
  let root: unknown
  try {
    root = parser.parse(text)?.xml
  } catch (cause) {
    throw new BotloomError('channel-message', { what: 'XML' }, { cause })
  }
  if (root === null || typeof root !== 'object') throw new BotloomError('channel-message', { what: 'XML' })
  return Object.fromEntries(
    Object.entries(root).flatMap(([name, value]) => (typeof value === 'string' ? [[name, storableText(value)]] : [])),
  )
}

/** Events by which somebody shows that they are there. */
const arrivals = new Set(['enter_agent', 'subscribe'])
const longest = 4_000

/** What a decrypted message tells, null where it is nothing for a bot. */
export function readWecomMessage(fields: Record<string, string>): Incoming | null {
  const { FromUserName: sender = '', MsgType: type = '', CreateTime: time = '' } = fields
  if (sender === '' || sender === 'sys') return null
  const base = { sender: sender.slice(0, 64), attributes: { user: sender.slice(0, 64) } }
  if (type === 'event') {
    const event = fields.Event ?? ''
    if (!arrivals.has(event)) return null
    // Events have no id of their own.
    return { ...base, id: `${event}-${time}-${sender}`.slice(0, 64), type: 'start', language: 'zh-CN' }
  }
  const text = wordsOf(type, fields)
  if (text === '') return null
  const id = (fields.MsgId ?? `${time}-${sender}`).slice(0, 64)
  return { ...base, id, type: 'message', text: text.slice(0, longest) }
}

/** What is no text comes as words that a colleague can follow. */
function wordsOf(type: string, fields: Record<string, string>): string {
  switch (type) {
    case 'text':
      return fields.Content ?? ''
    case 'image':
      return `[图片] ${fields.PicUrl ?? ''}`.trim()
    case 'voice':
      return fields.Recognition || '[语音]'
    case 'video':
      return '[视频]'
    case 'file':
      return '[文件]'
    case 'location':
      return `[位置] ${fields.Label ?? ''} ${fields.Location_X ?? ''},${fields.Location_Y ?? ''}`.trim()
    case 'link':
      return [fields.Title, fields.Description, fields.Url].filter(Boolean).join('\n')
    default:
      return ''
  }
}

import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { ChatDriver } from '../drivers/chat.ts'
import { bots } from './bots.ts'
import { type Line, readTranscripts, type Transcript } from './read-transcripts.ts'

/** Conversations as a business person would write them down: each must go just so. */
const folder = new URL('./', import.meta.url)
const files = readdirSync(folder).filter((name) => name.endsWith('.txt'))

for (const file of files)
  describe(file.replace('.txt', '').replaceAll('-', ' '), () => {
    test.each(readTranscripts(readFileSync(new URL(file, folder), 'utf8')))('$language: $title', hold)
  })

test('each behaviour is written down in both languages', () => {
  for (const file of files) {
    const languages = readTranscripts(readFileSync(new URL(file, folder), 'utf8')).map(({ language }) => language)
    for (const language of ['zh-CN', 'en']) expect(languages, file).toContain(language)
  }
})

async function hold({ bot, language, lines }: Transcript): Promise<void> {
  const { graph, classify, retrieve } = bots[bot]!
  const chat = new ChatDriver(graph, { classify, retrieve })
  const said: Line[] = []
  const wanted: Line[] = []
  const hear = () => {
    for (const { parts } of chat.last?.messages ?? []) {
      const buttons = parts.flatMap((part) =>
        'options' in part ? (part.options as { text: string }[]).map(({ text }) => text) : [],
      )
      const texts = parts.flatMap((part) => (part.type !== 'buttons' && 'text' in part ? [String(part.text)] : []))
      said.push({ kind: 'bot', text: texts.join('\n'), buttons })
    }
    const { status } = chat.session!
    if (status === 'handoff' && (chat.last?.outbox.length ?? 0) > 0) said.push({ kind: 'person' })
    if (status === 'ended') said.push({ kind: 'ended' })
  }
  await chat.start(language)
  hear()
  for (const line of lines) {
    wanted.push(line)
    if (line.kind === 'bot' || line.kind === 'person' || line.kind === 'ended') continue
    said.push(line)
    if (line.kind === 'says') await chat.says(line.text)
    else if (line.kind === 'clicks') await chat.clicks(line.text)
    else if (line.kind === 'system') await answer(chat, line)
    else if (line.kind === 'sends') await chat.sends(line.text)
    else {
      expect(chat.minutes, 'the minutes that the bot waits').toBe(line.minutes)
      await chat.waits()
    }
    hear()
  }
  expect(said.map(shown)).toEqual(wanted.map(shown))
}

/** Values of another system stand under their own names, wherever in its answer the block looks for them. */
function answer(chat: ChatDriver, { status, values }: Extract<Line, { kind: 'system' }>): Promise<string[]> {
  if (status === null) return chat.fails('outbound-timeout')
  const places = chat.request().pick.map((pointer) => [pointer, values[pointer.split('/').at(-1) ?? '']])
  return chat.answers(status, Object.fromEntries(places.filter(([, value]) => value !== undefined)))
}

/** As it stands in the file, so that a difference reads like one. */
function shown(line: Line): string {
  switch (line.kind) {
    case 'says':
      return `Visitor: ${line.text}`
    case 'clicks':
      return `Visitor clicks: ${line.text}`
    case 'sends':
      return `Visitor sends: ${line.text}`
    case 'silent':
      return `... ${line.minutes} minutes`
    case 'bot':
      return `Bot: ${line.text}${line.buttons.length > 0 ? `\n  [${line.buttons.join('] [')}]` : ''}`
    case 'system':
      return `System: ${line.status ?? 'no answer'} ${JSON.stringify(line.values)}`
    case 'person':
      return '(a person takes over)'
    case 'ended':
      return '(ended)'
  }
}

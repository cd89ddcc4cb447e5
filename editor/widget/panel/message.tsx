import type { ChatMessage, ChatPart } from '../client/protocol.ts'
import { SafeText } from './safe-text.tsx'
import type { Words } from './words.ts'

interface Props {
  message: ChatMessage
  /** First of its speaker: gets more room above. */
  turn: boolean
  /** Buttons of an answered message cannot be pressed any more. */
  live: boolean
  words: Words
  choose(block: string, value: string, label: string): void
}

export function Message({ message, turn, live, words, choose }: Props) {
  const who = message.role === 'user' ? words.you : message.role === 'agent' ? words.agent : words.bot
  return (
    <div
      class={`row ${message.role}${turn ? ' turn' : ''}${message.seq === 0 ? ' unsent' : ''}`}
      lang={message.language}
    >
      <span class={message.role === 'agent' && turn ? 'who' : 'sr'}>{who}</span>
      {message.parts.map((part, i) => (
        <Part key={i} part={part} live={live} choose={choose} />
      ))}
      {message.seq === 0 && <span class="sr">{words.sending}</span>}
    </div>
  )
}

function Part({ part, live, choose }: { part: ChatPart; live: boolean; choose: Props['choose'] }) {
  if (part.type === 'buttons' && part.options)
    return (
      <div class="choices">
        {part.options.map((option) => (
          <button
            key={option.value}
            type="button"
            disabled={!live}
            onClick={() => choose(part.block ?? '', option.value, option.text)}
          >
            {option.text}
          </button>
        ))}
      </div>
    )
  if (!part.text) return null
  if (part.type === 'notice')
    return (
      <div class="notice">
        <SafeText text={part.text} />
      </div>
    )
  return (
    <div class="bubble">
      <SafeText text={part.text} />
    </div>
  )
}

import { cardsIn, imageIn, sourceIn } from '#kit/content-parts.ts'
import type { ChatClient } from '../client/client.ts'
import type { ChatMessage, ChatPart } from '../client/protocol.ts'
import { Cards } from './cards.tsx'
import { FileCard } from './file.tsx'
import { Picture } from './picture.tsx'
import { SafeText } from './safe-text.tsx'
import type { Words } from './words.ts'

interface Props {
  message: ChatMessage
  /** First of its speaker: gets more room above. */
  turn: boolean
  /** Buttons of an answered message cannot be pressed any more. */
  live: boolean
  words: Words
  client: ChatClient
  /** Opens the choice of a file. */
  pick(): void
  choose(block: string, value: string, label: string): void
}

export function Message({ message, turn, live, words, client, pick, choose }: Props) {
  const { role, unsent } = message
  const who = role === 'user' ? words.you : role === 'agent' ? message.author || words.agent : words.bot
  const drawable = message.parts.filter(isDrawable)
  const parts = drawable.length > 0 ? drawable : [{ type: 'text', text: message.text }]
  return (
    <div class={`row ${role}${turn ? ' turn' : ''}${unsent ? ` ${unsent}` : ''}`} lang={message.language}>
      <span class={role === 'agent' && turn ? 'who' : 'sr'}>{who}</span>
      {parts.map((part, i) => (
        <Part key={i} {...{ part, live, words, client, pick, choose }} />
      ))}
      {unsent && <span class={unsent === 'refused' ? 'state' : 'sr'}>{words[unsent]}</span>}
    </div>
  )
}

/** What a visitor clicked is in the text beside it; parts that this widget does not know are in the message's text. */
function isDrawable(part: ChatPart): boolean {
  if (part.type === 'choice') return false
  if (part.type === 'buttons') return Boolean(part.options?.length)
  if (part.type === 'upload') return true
  return Boolean(part.text) || imageIn(part) !== null || cardsIn(part).length > 0
}

function Part({
  part,
  live,
  words,
  client,
  pick,
  choose,
}: { part: ChatPart } & Pick<Props, 'live' | 'words' | 'client' | 'pick' | 'choose'>) {
  if (part.type === 'file') return <FileCard {...{ part, client, words }} />
  if (part.type === 'upload')
    return (
      <div class="choices">
        <button type="button" disabled={!live} onClick={pick}>
          {words.upload}
        </button>
      </div>
    )
  if (part.type === 'buttons')
    return (
      <div class="choices">
        {part.options?.map((option) => (
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
  const image = imageIn(part)
  if (image)
    return (
      <a
        class="picture box"
        href={image.url}
        target="_blank"
        rel="noopener noreferrer nofollow"
        aria-label={image.text || words.picture}
      >
        <Picture url={image.url} alt={image.text} words={words} />
      </a>
    )
  const cards = cardsIn(part)
  if (cards.length > 0) return <Cards cards={cards} words={words} />
  const source = sourceIn(part)
  if (source)
    return (
      <div class="source">
        {source.url ? (
          <a href={source.url} target="_blank" rel="noopener noreferrer nofollow">
            {source.title}
          </a>
        ) : (
          source.title
        )}
        {source.place && ` · ${source.place}`}
      </div>
    )
  const notice = part.type === 'notice' || part.type === 'handoff'
  return (
    <div class={notice ? 'notice' : 'bubble'} dir="auto">
      <SafeText text={part.text ?? ''} />
    </div>
  )
}

import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { Cards } from '#editor/simulator/cards.tsx'
import { Picture } from '#editor/simulator/picture.tsx'
import { SentFile } from '#editor/simulator/sent-file.tsx'
import { Source } from '#editor/simulator/source.tsx'
import { cardsIn, fileIn, imageIn, sourceIn } from '#kit/content-parts.ts'
import type { Part } from '#kit/define-step.ts'
import type { Message } from '#server/api/dto.ts'
import styles from './log.module.css'

/** What a message is made of, in its order; `beside` stands at the last of it that is not a row of buttons. */
export function MessageParts({
  chat,
  message,
  beside,
}: {
  /** Id of the chat that it is in. */
  chat: string
  message: Message
  beside: ReactNode
}) {
  const { t } = useTranslation('chats')
  const known = message.parts.filter((part) => isButtons(part) || contentOf(part, chat) !== null)
  // Parts that this page does not know are in the message's text.
  const parts = known.some((part) => !isButtons(part)) ? known : [{ type: 'text', text: message.text }, ...known]
  const last = parts.findLastIndex((part) => !isButtons(part))
  return parts.map((part, index) =>
    isButtons(part) ? (
      <ul key={index} className={styles.offered} aria-label={t('offered')} lang={message.language}>
        {part.options.map((option) => (
          <li key={option.value}>{option.text}</li>
        ))}
      </ul>
    ) : (
      <div key={index} className={styles.said} lang={message.language}>
        {contentOf(part, chat)}
        {index === last && beside}
      </div>
    ),
  )
}

function contentOf(part: Part, chat: string): ReactNode {
  const file = fileIn({ ...part })
  if (file) return <SentFile conversation={chat} {...file} />
  const text = 'text' in part && typeof part.text === 'string' ? part.text : ''
  const image = imageIn({ ...part })
  if (image)
    return (
      <div className={`${styles.bubble} ${styles.picture}`}>
        <Picture url={image.url} alt={image.text} whole />
      </div>
    )
  const cards = cardsIn({ ...part })
  if (cards.length > 0)
    return (
      <div className={styles.cards}>
        <Cards cards={cards} />
      </div>
    )
  const source = sourceIn({ ...part })
  if (source) return <Source source={source} />
  return part.type === 'choice' || text === '' ? null : <p className={styles.bubble}>{text}</p>
}

type Buttons = Extract<Part, { type: 'buttons'; block: string }>
function isButtons(part: Part): part is Buttons {
  return part.type === 'buttons' && Array.isArray((part as Buttons).options)
}

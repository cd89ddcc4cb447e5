import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { cardsIn, fileIn, imageIn, sourceIn } from '#kit/content-parts.ts'
import type { Part } from '#kit/define-step.ts'
import type { Message } from '#server/api/dto.ts'
import { Cards } from './cards.tsx'
import { Picture } from './picture.tsx'
import { SentFile } from './sent-file.tsx'
import styles from './simulator.module.css'
import { Source } from './source.tsx'

/**
 * One message. A click shows the way of its turn on the canvas; the bot's opens its why beside, the visitor's can be sent once more.
 * Buttons work on the newest one only.
 */
export function MessageView({
  message,
  live,
  open,
  onPick,
  onRerun,
  onChoose,
  onFile,
  conversation,
}: {
  message: Message
  live: boolean
  open: boolean
  onPick: () => void
  /** Null where it cannot be sent again now. */
  onRerun: (() => void) | null
  onChoose: (choice: { block: string; value: string }, words: string) => void
  onFile: (file: File) => void
  /** Id of the conversation that it is in. */
  conversation: string
}) {
  const { t } = useTranslation('simulator')
  if (message.role === 'user')
    return (
      <div className={styles.asking}>
        {onRerun && (
          <IconButton size="small" icon="restart" label={t('rerun.of', { text: message.text })} onClick={onRerun} />
        )}
        <button
          type="button"
          className={styles.bubble}
          lang={message.language}
          aria-pressed={open}
          aria-label={t('walk.of', { text: message.text })}
          title={t('walk')}
          onClick={onPick}
        >
          {message.text}
        </button>
        {message.parts.map((part, index) => {
          const file = fileIn({ ...part })
          return file && <SentFile key={index} conversation={conversation} {...file} />
        })}
      </div>
    )
  const bubble = (index: number, text: string, content: ReactNode, look = '') => (
    <button
      key={index}
      type="button"
      className={`${styles.bubble} ${look}`}
      lang={message.language}
      aria-expanded={open}
      aria-label={t('why.of', { text })}
      title={t('why')}
      onClick={onPick}
    >
      {content}
      <span className={styles.whyMark} aria-hidden="true">
        <Icon name="info" size={14} />
      </span>
    </button>
  )
  const draw = (part: Part, index: number) => {
    if (isButtons(part))
      return (
        <div key={index} className={styles.buttons}>
          {part.options.map((option) => (
            <button
              key={option.value}
              type="button"
              disabled={!live}
              onClick={() => onChoose({ block: part.block, value: option.value }, option.text)}
            >
              {option.text}
            </button>
          ))}
        </div>
      )
    if (part.type === 'upload')
      return (
        <label key={index} className={styles.upload}>
          {t('file.choose')}
          <input
            type="file"
            disabled={!live}
            onChange={(event) => {
              const [file] = event.target.files ?? []
              event.target.value = ''
              if (file) onFile(file)
            }}
          />
        </label>
      )
    const text = textOf(part)
    const image = imageIn({ ...part })
    if (image) return bubble(index, text || t('picture'), <Picture url={image.url} alt={text} whole />, styles.picture)
    const cards = cardsIn({ ...part })
    if (cards.length > 0) return <Cards key={index} cards={cards} />
    const source = sourceIn({ ...part })
    if (source) return <Source key={index} source={source} />
    if (text === '') return null
    if (message.role === 'bot' && part.type !== 'notice') return bubble(index, text, text)
    return (
      <p key={index} className={styles.notice}>
        {text}
      </p>
    )
  }
  const cardsAlone = message.role === 'bot' && message.parts.every(({ type }) => withoutWhy.includes(type))
  return (
    <>
      {message.parts.map(draw)}
      {cardsAlone && (
        <IconButton
          size="small"
          icon="info"
          label={t('why.of', { text: message.text })}
          title={t('why')}
          aria-expanded={open}
          onClick={onPick}
        />
      )}
    </>
  )
}

/** Parts that hold things to press, so that they cannot be pressed themselves. */
const withoutWhy = ['buttons', 'cards', 'pace', 'upload']

function textOf(part: Part): string {
  return 'text' in part && typeof part.text === 'string' ? part.text : ''
}

type Buttons = Extract<Part, { type: 'buttons'; block: string }>
function isButtons(part: Part): part is Buttons {
  return part.type === 'buttons' && Array.isArray((part as Buttons).options)
}

import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import type { Part } from '#kit/define-step.ts'
import type { Message } from '#server/api/dto.ts'
import styles from './simulator.module.css'

/** One message. The bot's can be asked for its why; buttons work on the newest one only. */
export function MessageView({
  message,
  live,
  open,
  onWhy,
  onChoose,
}: {
  message: Message
  live: boolean
  open: boolean
  onWhy: () => void
  onChoose: (choice: { block: string; value: string }, words: string) => void
}) {
  const { t } = useTranslation('simulator')
  const asked = message.role === 'bot'
  const words = message.parts.filter((part) => part.type !== 'buttons')
  return (
    <>
      {words.map((part, index) =>
        part.type === 'notice' ? (
          <p key={index} className={styles.notice}>
            {textOf(part)}
          </p>
        ) : asked ? (
          <button
            key={index}
            type="button"
            className={styles.bubble}
            lang={message.language}
            aria-expanded={open}
            aria-label={t('why.of', { text: textOf(part) })}
            title={t('why')}
            onClick={onWhy}
          >
            {textOf(part)}
            <span className={styles.whyMark} aria-hidden="true">
              <Icon name="info" size={14} />
            </span>
          </button>
        ) : (
          <p key={index} className={styles.bubble} lang={message.language}>
            {textOf(part)}
          </p>
        ),
      )}
      {message.parts.filter(isButtons).map((part) => (
        <div key={part.block} className={styles.buttons}>
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
      ))}
    </>
  )
}

function textOf(part: Part): string {
  return 'text' in part && typeof part.text === 'string' ? part.text : ''
}

type Buttons = Extract<Part, { type: 'buttons'; block: string }>
function isButtons(part: Part): part is Buttons {
  return part.type === 'buttons' && Array.isArray((part as Buttons).options)
}

import { useTranslation } from 'react-i18next'
import { IconButton } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import type { Part } from '#kit/define-step.ts'
import type { Message } from '#server/api/dto.ts'
import styles from './simulator.module.css'

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
}: {
  message: Message
  live: boolean
  open: boolean
  onPick: () => void
  /** Null where it cannot be sent again now. */
  onRerun: (() => void) | null
  onChoose: (choice: { block: string; value: string }, words: string) => void
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
      </div>
    )
  const words = message.parts.filter((part) => part.type !== 'buttons')
  return (
    <>
      {words.map((part, index) =>
        message.role === 'bot' && part.type !== 'notice' ? (
          <button
            key={index}
            type="button"
            className={styles.bubble}
            lang={message.language}
            aria-expanded={open}
            aria-label={t('why.of', { text: textOf(part) })}
            title={t('why')}
            onClick={onPick}
          >
            {textOf(part)}
            <span className={styles.whyMark} aria-hidden="true">
              <Icon name="info" size={14} />
            </span>
          </button>
        ) : (
          <p key={index} className={styles.notice}>
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

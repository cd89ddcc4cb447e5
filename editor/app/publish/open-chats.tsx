import { useTranslation } from 'react-i18next'
import { blockName } from '#editor/canvas/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { GraphDocument } from '#runtime/graph/document.ts'
import type { OpenChoice, PublishPreview } from '#server/api/dto.ts'
import styles from './publish.module.css'

const choices = ['stay', 'finish', 'move'] as const satisfies readonly OpenChoice[]

/** Who is in the midst of a conversation, what becomes of them, and where each goes on. */
export function OpenChats({
  open,
  choice,
  onChoose,
  document,
}: {
  open: PublishPreview['open']
  choice: OpenChoice
  onChoose: (choice: OpenChoice) => void
  /** What they would be moved to; the draft where nothing else is given. */
  document?: GraphDocument
}) {
  const { t } = useTranslation('publish')
  const drafted = useDraft((state) => state.document.nodes)
  const nodes = document?.nodes ?? drafted
  const total = open.reduce((sum, one) => sum + one.conversations, 0)
  if (total === 0) return <>{t('open.none')}</>
  const landing = ({ block, lands }: PublishPreview['open'][number]): string => {
    if (choice !== 'move' || lands === block) return t('open.same')
    const node = lands === null ? undefined : nodes[lands]
    return node ? t('open.lands', { block: blockName(node) }) : t('open.anew')
  }
  return (
    <>
      <fieldset className={styles.choice}>
        <legend>{t('open.chatting', { count: total })}</legend>
        {choices.map((one) => (
          <label key={one} className="bl-check">
            <input type="radio" name="open" checked={choice === one} onChange={() => onChoose(one)} />
            <span>
              <strong>{t(`open.${one}`)}</strong>
              <small>{t(`open.${one}.about`)}</small>
            </span>
          </label>
        ))}
      </fieldset>
      <ul className={styles.open}>
        {open.map((one) => (
          <li key={`${one.version}/${one.block}/${one.lands}`}>
            <span>{one.blockName}</span>
            <span>v{one.version}</span>
            {choice === 'move' && <span>{landing(one)}</span>}
            <span>{one.conversations}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

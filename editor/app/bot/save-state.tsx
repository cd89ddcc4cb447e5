import { useTranslation } from 'react-i18next'
import { useDraft } from '#editor/document/store.ts'
import { useErrorWords } from '../ui/notice.tsx'
import { clock } from '../ui/words.ts'
import styles from './bot.module.css'

/** Whether the server has acknowledged exactly what is on the screen. */
export function SaveStateText() {
  const { t } = useTranslation('bot')
  const save = useDraft((state) => state.save)
  const phase = useDraft((state) => state.phase)
  const refused = useErrorWords(save.kind === 'refused' ? save.error : null)
  if (phase !== 'open') return <span className={styles.save} />
  const words = {
    saved: () => t('saved', { time: save.kind === 'saved' ? clock(save.at) : '' }),
    unsaved: () => t('saving'),
    saving: () => t('saving'),
    offline: () => t(save.kind === 'offline' && save.onDevice ? 'kept-here' : 'not-saved'),
    refused: () => refused.message,
  }
  return (
    <span
      className={styles.save}
      data-kind={save.kind}
      role="status"
      title={save.kind === 'refused' ? refused.remedy : undefined}
    >
      {words[save.kind]()}
    </span>
  )
}

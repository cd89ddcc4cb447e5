import { useTranslation } from 'react-i18next'
import { performAction } from '#editor/actions/studio.ts'
import { useDraft } from '#editor/document/store.ts'
import { Button } from '../ui/button.tsx'
import styles from './canvas-page.module.css'

/** What a bot without a block shows in place of it. */
export function EmptyCanvas() {
  const { t } = useTranslation('bot')
  const isEmpty = useDraft((state) => Object.keys(state.document.nodes).length === 0)
  if (!isEmpty) return null
  return (
    <div className={styles.empty}>
      <p>{t('canvas.empty')}</p>
      <Button variant="primary" icon="plus" onClick={() => performAction('add-block')}>
        {t('canvas.empty.add')}
      </Button>
    </div>
  )
}

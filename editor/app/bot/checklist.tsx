import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import styles from './bot.module.css'
import { type ChecklistStep, checklistSteps, closeChecklist, useChecklist } from './checklist-state.ts'
import { useRunNow } from './use-run-now.ts'

/** Five steps that a newcomer takes once: a card in the corner, never in the way. */
export function Checklist({ bot }: { bot: string }) {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const { done, closed } = useChecklist(bot)
  const [folded, setFolded] = useState(() => window.innerWidth < 900)
  const { start } = useRunNow(bot)
  if (closed) return null
  const next = checklistSteps.find((step) => !done.includes(step))

  const perform: Record<ChecklistStep, () => void> = {
    talk: () => navigate(`/bots/${bot}/canvas?side=try`),
    why: () => navigate(`/bots/${bot}/canvas?side=try`),
    add: () => navigate(`/bots/${bot}/data?add=1`),
    run: () => void start(),
    publish: () => navigate(`/bots/${bot}/canvas?publish=1`),
  }

  return (
    <aside className={styles.checklist} aria-label={t('checklist')}>
      <div className={styles.checklistHead}>
        <button type="button" aria-expanded={!folded} onClick={() => setFolded(!folded)}>
          <strong>{next ? t('checklist') : t('checklist.done')}</strong>
          <span>
            {done.length} / {checklistSteps.length}
          </span>
          <Icon name={folded ? 'up' : 'down'} size={16} />
        </button>
        <IconButton size="small" icon="close" label={t('checklist.close')} onClick={() => closeChecklist(bot)} />
      </div>
      {!folded && (
        <ol>
          {checklistSteps.map((step) => (
            <li
              key={step}
              data-done={done.includes(step) || undefined}
              aria-current={step === next ? 'step' : undefined}
            >
              <span className={styles.tick}>
                {done.includes(step) && <Icon name="check" size={14} />}
                {done.includes(step) && <span className="bl-sr-only">{t('checklist.step-done')}</span>}
              </span>
              <span className={styles.step}>
                {t(`checklist.${step}`)}
                {step === next && <small>{t(`checklist.${step}.hint`)}</small>}
              </span>
              {step === next && (
                <Button size="small" onClick={perform[step]}>
                  {t(`checklist.${step}.go`)}
                </Button>
              )}
            </li>
          ))}
        </ol>
      )}
    </aside>
  )
}

import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { Button, IconButton } from '../ui/button.tsx'
import { Icon } from '../ui/icons.tsx'
import styles from './bot.module.css'
import { type ChecklistStep, checklistSteps, closeChecklist, useChecklist } from './checklist-state.ts'
import { useRunNow } from './use-run-now.ts'

/** Five steps that a newcomer takes once: a card in the corner that shows the next one, never in the way. */
export function Checklist({ bot }: { bot: string }) {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const { done, closed } = useChecklist(bot)
  const [open, setOpen] = useState(false)
  const { start } = useRunNow(bot)
  if (closed) return null
  const next = checklistSteps.find((step) => !done.includes(step))
  const shown = open ? checklistSteps : checklistSteps.filter((step) => step === next)

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
        <button type="button" aria-expanded={open} onClick={() => setOpen(!open)}>
          <strong>{next ? t('checklist') : t('checklist.done')}</strong>
          <span>
            {done.length} / {checklistSteps.length}
          </span>
          <i className={styles.dots} aria-hidden="true">
            {checklistSteps.map((step) => (
              <i key={step} data-done={done.includes(step) || undefined} />
            ))}
          </i>
          <Icon name={open ? 'up' : 'down'} size={16} />
        </button>
        <IconButton size="small" icon="close" label={t('checklist.close')} onClick={() => closeChecklist(bot)} />
      </div>
      {shown.length > 0 && (
        <ol>
          {shown.map((step) => (
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

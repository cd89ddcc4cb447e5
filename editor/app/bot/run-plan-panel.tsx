import { useQuery } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useStore } from 'zustand'
import { staleTexts } from '#editor/canvas/stale-words.ts'
import { blockName, useCanvasWords } from '#editor/canvas/words.ts'
import { runPlan } from '#editor/document/run-plan.ts'
import { runStates } from '#editor/document/run-states.ts'
import { useDraft } from '#editor/document/store.ts'
import { api } from '../api.ts'
import { keys } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { clock, useDuration } from '../ui/words.ts'
import styles from './run-plan.module.css'

/** What Run would do: the blocks that run, why and about how long, and those whose results are used again. */
export function RunPlanPanel({ bot, onRun, onClose }: { bot: string; onRun: () => void; onClose: () => void }) {
  const { t } = useTranslation('runs')
  const canvas = useCanvasWords()
  const duration = useDuration()
  const document = useDraft((state) => state.document)
  const states = useStore(runStates, (state) => state.states)
  const runs = useQuery({ queryKey: keys.runs(bot), queryFn: () => api.runs(bot) })
  const panel = useRef<HTMLElement>(null)
  useEffect(() => panel.current?.focus(), [])

  const plan = runPlan(document, states)
  const nameOf = (id: string) => {
    const node = document.nodes[id]
    return node ? blockName(node) : id
  }
  const madeAt = (run: string | null) => runs.data?.find((one) => one.id === run)?.startedAt
  const reason = (id: string) => {
    const node = document.nodes[id]
    const stale = states[id]?.stale ?? [{ kind: 'never-ran' as const }]
    return node ? staleTexts(stale, node, document, canvas)[0] : ''
  }
  const whole =
    plan.stale.length === plan.unknown
      ? t('plan.unknown-all')
      : t(plan.unknown > 0 ? 'plan.about-and' : 'plan.about', {
          time: duration(plan.seconds),
          count: plan.unknown,
        })

  return (
    <section
      ref={panel}
      className={styles.panel}
      role="dialog"
      aria-label={t('plan')}
      tabIndex={-1}
      onKeyDown={(event) => {
        if (event.key === 'Escape') onClose()
      }}
    >
      {plan.stale.length === 0 ? (
        <p className={styles.lead}>{t('plan.fresh')}</p>
      ) : (
        <>
          <p className={styles.lead}>
            <strong>{t('plan.runs', { count: plan.stale.length })}</strong> <span>{whole}</span>
          </p>
          <ol className={styles.list} aria-label={t('plan.stale')}>
            {plan.stale.map(({ node, seconds }) => (
              <li key={node}>
                <span>
                  {nameOf(node)}
                  <small>{reason(node)}</small>
                </span>
                <b>{seconds === null ? t('plan.unknown') : t('plan.seconds', { time: duration(seconds) })}</b>
              </li>
            ))}
          </ol>
        </>
      )}
      {plan.kept.length > 0 && (
        <>
          <h3>{t('plan.kept')}</h3>
          <ul className={styles.list} data-kept="" aria-label={t('plan.kept')}>
            {plan.kept.map(({ node, run }) => {
              const at = madeAt(run)
              return (
                <li key={node}>
                  <span>{nameOf(node)}</span>
                  <small>{at ? t('kept', { time: clock(at) }) : t('node.reused')}</small>
                </li>
              )
            })}
          </ul>
        </>
      )}
      <footer>
        <Button variant="primary" icon="play" onClick={onRun}>
          {t('plan.run')}
        </Button>
      </footer>
    </section>
  )
}

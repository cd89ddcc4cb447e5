import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { number } from '#editor/app/ui/words.ts'
import { useDraft } from '#editor/document/store.ts'
import type { Trace } from '#server/api/dto.ts'
import styles from './simulator.module.css'
import { stepName, stepNote, stepPort, valueText } from './step-words.ts'

/** One block of a turn at a time: what reached it, what it did, which way it was left. */
export function StepBar({ trace, at, onAt }: { trace: Trace; at: number; onAt: (at: number) => void }) {
  const { t } = useTranslation(['simulator', 'blocks'])
  const nodes = useDraft((state) => state.document.nodes)
  const next = useRef<HTMLButtonElement>(null)
  const step = trace.path[at]
  // The next key stroke is a step, not a word.
  // biome-ignore lint/correctness/useExhaustiveDependencies: once a turn
  useEffect(() => next.current?.focus(), [trace])
  if (!step) return null
  const before = trace.path[at - 1]
  const last = at === trace.path.length - 1
  const port = stepPort(nodes, step)
  const note = stepNote(nodes, step, t)
  const facts: [string, string][] = [
    [
      t('step.in'),
      step.woken && step.heard !== null
        ? t('step.woken', { text: step.heard })
        : before
          ? t('step.from', { block: stepName(nodes, before, t) })
          : t('step.begin'),
    ],
    ...(!step.woken && step.heard !== null ? [[t('step.heard'), step.heard] satisfies [string, string]] : []),
    ...(note ? [[t('step.decided'), note] satisfies [string, string]] : []),
    ...Object.entries(step.set).map(([name, value]): [string, string] => [
      t('step.set'),
      value === null ? t('step.forgot', { name }) : `${name} = ${valueText(value)}`,
    ]),
    ...step.said.map((text): [string, string] => [t('step.said'), text]),
    [t('step.out'), step.port !== null ? (port ?? t('step.only-port')) : last ? t('step.waits') : t('step.goes-on')],
  ]
  return (
    <section className={styles.steps} aria-label={t('step')}>
      <header>
        <span className={styles.count}>{t('step.count', { at: at + 1, all: trace.path.length })}</span>
        <strong>{stepName(nodes, step, t)}</strong>
        {step.ms >= 1 && <output>{t('ms', { ms: number(step.ms) })}</output>}
      </header>
      <dl aria-live="polite">
        {facts.map(([title, text], index) => (
          <div key={index}>
            <dt>{title}</dt>
            <dd>{text}</dd>
          </div>
        ))}
      </dl>
      <footer>
        <Button size="small" icon="left" disabled={at === 0} onClick={() => onAt(at - 1)}>
          {t('step.back')}
        </Button>
        <button
          ref={next}
          type="button"
          className="bl-button bl-button--primary bl-button--small"
          onClick={() => onAt(last ? 0 : at + 1)}
        >
          {t(last ? 'step.again' : 'step.next')}
        </button>
      </footer>
    </section>
  )
}

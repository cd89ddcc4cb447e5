import type { TFunction } from 'i18next'
import type { ReactNode } from 'react'
import { useTranslation } from 'react-i18next'
import { studioLanguage } from '#editor/app/i18n.ts'
import { number, percent } from '#editor/app/ui/words.ts'
import { errorText, isErrorCode } from '#kit/errors/errors.ts'
import type { Ports } from '#kit/ports.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Trace } from '#server/api/dto.ts'
import styles from './simulator.module.css'
import { stepName, stepNote, stepPort, valueText } from './step-words.ts'
import { WordWeights } from './word-weights.tsx'

/** Why the bot said this: what it thought the question was, what it had learned it from, the way it took. */
export function WhyTrace({
  trace,
  conversation,
  message,
  nodes,
  outputsOf,
  effects,
  onStep,
}: {
  trace: Trace
  /** Where the trace was read. */
  conversation: string
  message: string
  /** The blocks of the document that the conversation went through. */
  nodes: Record<string, NodeRecord>
  /** Ways out of a block; left out for the open draft. */
  outputsOf?: (node: string) => Ports
  /** What is said of a turn that called a person. */
  effects: string
  onStep: (node: string) => void
}) {
  const { t } = useTranslation(['simulator', 'blocks'])
  const { classification, retrieval } = trace
  return (
    <section className={styles.why} aria-label={t('why')}>
      {classification && (
        <Verdict classification={classification}>
          <WordWeights conversation={conversation} message={message} />
        </Verdict>
      )}
      {trace.began && <Outside began={trace.began} nodes={nodes} />}
      {retrieval && <Passages retrieval={retrieval} />}
      <h4>{t('why.path')}</h4>
      <ol className={styles.path}>
        {trace.path.map((step, index) => {
          const node = nodes[step.node]
          const note = stepNote(nodes, step, t)
          const port = stepPort(nodes, step, outputsOf?.(step.node))
          return (
            <li key={`${step.node}/${index}`}>
              <span className={styles.stop}>
                <button type="button" disabled={!node} onClick={() => onStep(step.node)}>
                  {stepName(nodes, step, t)}
                </button>
                {port && <span className={styles.port}>→ {port}</span>}
                {step.ms >= 1 && <output>{t('ms', { ms: number(step.ms) })}</output>}
              </span>
              {note && <span>{note}</span>}
              {Object.entries(step.set).map(([name, value]) => (
                <span key={name}>{value === null ? t('step.forgot', { name }) : `${name} = ${valueText(value)}`}</span>
              ))}
            </li>
          )
        })}
      </ol>
      {trace.effects.some(({ type }) => type === 'handoff') && <p className={styles.small}>{effects}</p>}
      <p className={styles.small}>
        {t('why.ms', { ms: number(trace.ms) })}
        {retrieval && ` · ${t('why.knowledge-ms', { ms: number(retrieval.ms, 1) })}`}
        {classification && ` · ${t('why.model-ms', { ms: number(classification.ms, 1) })}`}
      </p>
    </section>
  )
}

/** What the turn began with that no word of the visitor did. */
function Outside({ began, nodes }: { began: NonNullable<Trace['began']>; nodes: Record<string, NodeRecord> }) {
  const { t } = useTranslation('simulator')
  return (
    <>
      <h4>{t('why.outside')}</h4>
      <ul className={styles.path}>
        {began.map((cause, index) => (
          <li key={`${cause.block}/${index}`}>
            <span className={styles.stop}>
              <span>{stepName(nodes, { node: cause.block }, t)}</span>
              {cause.type !== 'time.passed' && <output>{t('ms', { ms: number(cause.ms) })}</output>}
            </span>
            <span>{outsideWords(cause, t)}</span>
          </li>
        ))}
      </ul>
    </>
  )
}

/** What the knowledge holds about the words, each passage against the bar that the best had to pass. */
function Passages({ retrieval: { passages, floor } }: { retrieval: NonNullable<Trace['retrieval']> }) {
  const { t } = useTranslation('simulator')
  const [best] = passages
  const sure = best !== undefined && best.score >= floor
  return (
    <>
      <h4>{t('why.passages')}</h4>
      <ul className={styles.bars}>
        {passages.map((passage) => (
          <li key={passage.id} data-best={(passage === best && sure) || undefined}>
            <span title={passage.answer}>{placeOf(passage.source)}</span>
            <span className={styles.bar}>
              <span style={{ width: `${passage.score * 100}%` }} />
              <i style={{ insetInlineStart: `${floor * 100}%` }} />
            </span>
            <output>{percent(passage.score)}</output>
          </li>
        ))}
      </ul>
      <p className={styles.small}>
        {t(sure ? 'why.passage-sure' : 'why.passage-unsure', { floor: percent(floor, 0) })}
      </p>
      {best && (
        <ul className={styles.neighbours}>
          <li>
            <q>{best.answer}</q>
            <span>
              {t('why.passage-parts', { meaning: percent(best.similarity, 0), words: percent(best.words, 0) })}
            </span>
          </li>
        </ul>
      )}
    </>
  )
}

function outsideWords(cause: NonNullable<Trace['began']>[number], t: TFunction<'simulator'>): string {
  switch (cause.type) {
    case 'time.passed':
      return t('outside.time')
    case 'call.settled':
      return t('outside.answered', { status: cause.status, count: cause.attempts })
    case 'call.failed':
      return isErrorCode(cause.code)
        ? errorText(cause.code, { host: '…', seconds: '…', detail: '…' }, studioLanguage()).message
        : cause.code
  }
}

function placeOf({
  title,
  headings,
  page,
  question,
}: NonNullable<Trace['retrieval']>['passages'][number]['source']): string {
  return question ?? [title, headings.at(-1), page].filter(Boolean).join(' · ')
}

/** What the model took the words for, against the bar that its best guess had to pass. */
function Verdict({
  classification,
  children,
}: {
  classification: NonNullable<Trace['classification']>
  /** Which words made it. */
  children: ReactNode
}) {
  const { t } = useTranslation('simulator')
  const best = classification.labels[0]
  const sure = best !== undefined && best.probability >= classification.threshold
  return (
    <>
      <h4>{t('why.intents')}</h4>
      <ul className={styles.bars}>
        {classification.labels.slice(0, 5).map((label) => (
          <li key={label.label} data-best={(label === best && sure) || undefined}>
            <span title={label.name}>{label.name}</span>
            <span className={styles.bar}>
              <span style={{ width: `${label.probability * 100}%` }} />
              <i style={{ insetInlineStart: `${classification.threshold * 100}%` }} />
            </span>
            <output>{percent(label.probability)}</output>
          </li>
        ))}
      </ul>
      <p className={styles.small}>
        {t(sure ? 'why.sure' : 'why.unsure', { threshold: percent(classification.threshold, 0) })}{' '}
        {t('why.foreign', { share: percent(classification.outOfScope, 0) })}
      </p>
      {children}
      {(classification.entities?.length ?? 0) > 0 && (
        <>
          <h4>{t('why.entities')}</h4>
          <ul className={styles.neighbours}>
            {classification.entities?.map((entity) => (
              <li key={entity.start}>
                <q>{entity.text}</q>
                <span>
                  {entity.type} · {percent(entity.confidence, 0)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {classification.neighbours.length > 0 && (
        <>
          <h4>{t('why.neighbours')}</h4>
          <ul className={styles.neighbours}>
            {classification.neighbours.slice(0, 3).map((row) => (
              <li key={row.row}>
                <q>{row.text}</q>
                <span>
                  {row.name} · {percent(row.similarity, 0)}
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  )
}

import { useTranslation } from 'react-i18next'
import { number, percent } from '#editor/app/ui/words.ts'
import { flyTo } from '#editor/canvas/control.ts'
import { blockName, blockText } from '#editor/canvas/words.ts'
import { select } from '#editor/document/selection.ts'
import { useDraft } from '#editor/document/store.ts'
import type { Trace } from '#server/api/dto.ts'
import styles from './simulator.module.css'

/** Why the bot said this: what it thought the question was, what it had learned it from, the way it took. */
export function WhyTrace({ trace }: { trace: Trace }) {
  const { t } = useTranslation(['simulator', 'blocks'])
  const nodes = useDraft((state) => state.document.nodes)
  const { classification } = trace
  const best = classification?.labels[0]
  return (
    <section className={styles.why} aria-label={t('why')}>
      {classification && (
        <>
          <h4>{t('why.intents')}</h4>
          <ul className={styles.bars}>
            {classification.labels.slice(0, 5).map((label) => (
              <li
                key={label.label}
                data-best={label === best && label.probability >= classification.threshold ? true : undefined}
              >
                <span>{label.name}</span>
                <span className={styles.bar}>
                  <span style={{ width: `${label.probability * 100}%` }} />
                  <i style={{ insetInlineStart: `${classification.threshold * 100}%` }} />
                </span>
                <output>{percent(label.probability)}</output>
              </li>
            ))}
          </ul>
          <p className={styles.small}>
            {t(best && best.probability >= classification.threshold ? 'why.sure' : 'why.unsure', {
              threshold: percent(classification.threshold, 0),
            })}
          </p>
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
      )}
      <h4>{t('why.path')}</h4>
      <ol className={styles.path}>
        {trace.path.map((step, index) => {
          const node = nodes[step.node]
          const note = node && step.note ? noteText(node.type, step.note) : ''
          return (
            <li key={`${step.node}/${index}`}>
              <button
                type="button"
                disabled={!node}
                onClick={() => {
                  select([step.node])
                  void flyTo(step.node)
                }}
              >
                {node ? blockName(node) : t('why.gone')}
              </button>
              {note && <span>{note}</span>}
            </li>
          )
        })}
      </ol>
      {Object.keys(trace.variables).length > 0 && (
        <>
          <h4>{t('why.variables')}</h4>
          <dl className={styles.variables}>
            {Object.entries(trace.variables).map(([name, value]) => (
              <div key={name}>
                <dt>{name}</dt>
                <dd>{typeof value === 'string' ? value : JSON.stringify(value)}</dd>
              </div>
            ))}
          </dl>
        </>
      )}
      <p className={styles.small}>
        {t('why.ms', { ms: number(trace.ms) })}
        {classification && ` · ${t('why.model-ms', { ms: number(classification.ms, 1) })}`}
      </p>
    </section>
  )
}

function noteText(type: string, note: { key: string; params?: Record<string, string | number> }): string {
  return blockText(`${type}.${note.key}`, note.params) || blockText(note.key, note.params)
}

import { useTranslation } from 'react-i18next'
import { IconButton } from '#editor/app/ui/button.tsx'
import { useDraft } from '#editor/document/store.ts'
import type { Trace } from '#server/api/dto.ts'
import type { Edited } from './chats.ts'
import styles from './simulator.module.css'
import { valueText } from './step-words.ts'

/** Every variable with its value after a turn; marked where the turn, or a person before it, changed it. */
export function VariablesPanel({
  trace,
  past,
  edited,
  onEdit,
}: {
  trace: Trace | undefined
  /** The turn is an earlier one. */
  past: boolean
  edited: Edited
  /** Null where there is no message to send again. */
  onEdit: ((name: string) => void) | null
}) {
  const { t } = useTranslation('simulator')
  const declared = useDraft((state) => state.document.variables)
  const values = trace?.variables ?? {}
  const set = new Set(trace?.path.flatMap((step) => Object.keys(step.set)))
  // What the turn changed stands first, then what is filled.
  const rank = (name: string) => (set.has(name) ? 0 : Object.hasOwn(values, name) ? 1 : 2)
  const names = [...new Set([...Object.values(declared).map(({ name }) => name), ...Object.keys(values)])].sort(
    (a, b) => rank(a) - rank(b),
  )
  return (
    <section className={styles.variables} aria-label={t('variables')}>
      <h3>{t(past ? 'variables.then' : 'variables.now')}</h3>
      {names.length === 0 && <p className={styles.small}>{t('variables.none')}</p>}
      <dl>
        {names.map((name) => (
          <div key={name} data-set={set.has(name) || undefined}>
            <dt>
              {name}
              {set.has(name) && <span className="bl-tag bl-tag--accent">{t('variables.set')}</span>}
              {Object.hasOwn(edited, name) && <span className="bl-tag bl-tag--warn">{t('variables.edited')}</span>}
            </dt>
            <dd>{Object.hasOwn(values, name) ? valueText(values[name]) : <i>{t('variables.empty')}</i>}</dd>
            {onEdit && (
              <IconButton
                size="small"
                icon="pencil"
                label={t('variables.edit', { name })}
                onClick={() => onEdit(name)}
              />
            )}
          </div>
        ))}
      </dl>
    </section>
  )
}

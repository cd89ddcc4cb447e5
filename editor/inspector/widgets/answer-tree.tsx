import { useTranslation } from 'react-i18next'
import { toPointer } from '#kit/json-pointer.ts'

/** Items of one list or object that are drawn; an answer may have thousands. */
const mostDrawn = 30

/** A parsed answer, each value a button that remembers it; those that are remembered bear the variable's name. */
export function AnswerTree({
  value,
  taken,
  onPick,
}: {
  value: unknown
  /** Variable by place. */
  taken: ReadonlyMap<string, string>
  onPick: (pointer: string) => void
}) {
  const { t } = useTranslation('inspector')
  return (
    <ul className="bl-insp-tree" aria-label={t('answer.tree')}>
      <Branch value={value} path={[]} taken={taken} onPick={onPick} />
    </ul>
  )
}

function Branch(props: {
  value: unknown
  path: readonly string[]
  taken: ReadonlyMap<string, string>
  onPick: (pointer: string) => void
}) {
  const { value, path, taken, onPick } = props
  const { t } = useTranslation('inspector')
  const pointer = toPointer(path)
  const variable = taken.get(pointer)
  const isBranch = value !== null && typeof value === 'object'
  const children = isBranch ? Object.entries(value) : []
  const name = path.at(-1)
  const words = isBranch
    ? t(Array.isArray(value) ? 'answer.list' : 'answer.object', { count: children.length })
    : JSON.stringify(value)
  return (
    <li>
      <button
        type="button"
        className="bl-insp-tree__leaf"
        data-taken={variable !== undefined || undefined}
        disabled={variable !== undefined}
        title={t('answer.pick')}
        onClick={() => onPick(pointer)}
      >
        {name !== undefined && <b>{name}</b>}
        <span data-value={isBranch ? undefined : typeof value}>{words}</span>
        {variable !== undefined && <em>→ {variable}</em>}
      </button>
      {children.length > 0 && (
        <ul>
          {children.slice(0, mostDrawn).map(([key, child]) => (
            <Branch key={key} value={child} path={[...path, key]} taken={taken} onPick={onPick} />
          ))}
          {children.length > mostDrawn && (
            <li className="bl-insp-tree__more">{t('answer.more', { count: children.length - mostDrawn })}</li>
          )}
        </ul>
      )}
    </li>
  )
}

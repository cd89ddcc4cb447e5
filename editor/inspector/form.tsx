import { useEffect, useId, useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Button } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { useCanvasState } from '#editor/canvas/control.ts'
import { problemText } from '#editor/canvas/words.ts'
import { setField } from '#editor/document/edits.ts'
import { configOf } from '#editor/document/graph-now.ts'
import { draft } from '#editor/document/store.ts'
import type { AnyNode } from '#kit/define-node.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { FieldRow } from './field-row.tsx'
import { type Field, fieldsOf, groupFields, isFor, isShown } from './fields.ts'
import { findFields } from './find-fields.ts'
import { Fold } from './fold.tsx'
import { setFold } from './folds.ts'
import { problemsAt } from './problems-at.ts'

/** From this many settings on, a form can be searched. */
const longForm = 12

/** The settings of a block, drawn from its schema. Every change reaches the document at once; keystrokes are one step. */
export function Form({
  node,
  definition,
  problems,
}: {
  node: NodeRecord
  definition: AnyNode
  problems: readonly Problem[]
}) {
  const { t } = useTranslation(['inspector', 'blocks'])
  const fields = useMemo(() => fieldsOf(definition.config), [definition])
  const [typed, setTyped] = useState('')
  const config = configOf(node)
  const shown = fields.filter((field) => isShown(field, config) && isFor(field, node.dialog))
  const wanted = useWantedField(node, shown, () => setTyped(''))
  const search = wanted ? '' : typed
  const found = findFields(shown, search)
  const groups = groupFields(found.filter((field) => search !== '' || !field.ui.advanced))
  const advanced = search === '' ? found.filter((field) => field.ui.advanced) : []
  const told = problems.map((problem) => ({
    at: problem.field ?? '',
    text: problemText(problem, draft.getState().document),
    severity: problem.severity,
  }))
  // What is wrong, asked for or searched for must be seen, even where it is folded away.
  const forced = (some: readonly Field[]) =>
    search !== '' || some.some((field) => field === wanted || problemsAt(told, field.name).length > 0)
  const row = (field: Field) => (
    <FieldRow
      key={field.name}
      field={field}
      id={`bl-field-${node.id}-${field.name}`}
      value={config[field.name]}
      siblings={config}
      node={node.id}
      problems={problemsAt(told, field.name)}
      onChange={(value, also, beside = {}) =>
        draft.commit(
          (document) => {
            also?.(document)
            for (const [name, own] of Object.entries({ ...beside, [field.name]: value }))
              setField(document, node.id, name, own)
          },
          { label: also ? 'variable' : 'edit', merge: also ? undefined : `field ${node.id} ${field.name}` },
        )
      }
    />
  )
  return (
    <div className="bl-inspector__fields">
      {shown.length > longForm && <Search text={typed} found={found.length} all={shown.length} onChange={setTyped} />}
      {groups.map((group) =>
        group.name && groups.length + advanced.length > 1 ? (
          <Fold
            key={group.name}
            name={`${node.type}/${group.name}`}
            title={t(`group.${group.name}`)}
            openAtFirst
            forced={forced(group.fields)}
          >
            {group.fields.map(row)}
          </Fold>
        ) : (
          <section key={group.name} className="bl-insp-group">
            {group.name && <h3>{t(`group.${group.name}`)}</h3>}
            {group.fields.map(row)}
          </section>
        ),
      )}
      {advanced.length > 0 && (
        <Fold name={`${node.type}/more`} title={t('more')} openAtFirst={false} forced={forced(advanced)}>
          {advanced.map(row)}
        </Fold>
      )}
      {shown.length === 0 && <p className="bl-insp-none">{t('no-fields')}</p>}
    </div>
  )
}

function Search({
  text,
  found,
  all,
  onChange,
}: {
  text: string
  found: number
  all: number
  onChange: (text: string) => void
}) {
  const { t } = useTranslation('inspector')
  const id = useId()
  return (
    <div className="bl-insp-search">
      <Icon name="search" size={16} />
      <input
        type="search"
        className="bl-input bl-insp-input"
        aria-label={t('search')}
        aria-describedby={id}
        placeholder={t('search')}
        value={text}
        onChange={(event) => onChange(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || text === '' || event.nativeEvent.isComposing) return
          event.stopPropagation()
          event.preventDefault()
          onChange('')
        }}
      />
      <span id={id} role="status">
        {text !== '' && t('search.found', { count: found, all })}
      </span>
      {found === 0 && (
        <div className="bl-insp-none">
          <p>{t('search.none')}</p>
          <Button size="small" onClick={() => onChange('')}>
            {t('search.clear')}
          </Button>
        </div>
      )}
    </div>
  )
}

/** The field that somebody asked to see, for as long as it is being brought there; what hid it gives way for good. */
function useWantedField(node: NodeRecord, shown: readonly Field[], onWanted: () => void): Field | undefined {
  const name = useCanvasState((state) =>
    state.wantedField?.node === node.id ? state.wantedField.field.split('.')[0] : undefined,
  )
  const wanted = shown.find((field) => field.name === name)
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when another field is asked for
  useEffect(() => {
    if (!wanted) return
    onWanted()
    setFold(`${node.type}/${wanted.ui.advanced ? 'more' : (wanted.ui.group ?? '')}`, true)
  }, [wanted?.name])
  return wanted
}

import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { problemText } from '#editor/canvas/words.ts'
import { configOf } from '#editor/document/block-views.ts'
import { setField } from '#editor/document/edits.ts'
import { draft } from '#editor/document/store.ts'
import type { AnyNode } from '#kit/define-node.ts'
import type { NodeRecord } from '#runtime/graph/document.ts'
import type { Problem } from '#runtime/graph/problems.ts'
import { FieldRow } from './field-row.tsx'
import { type Field, fieldsOf, groupFields, isShown } from './fields.ts'

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
  const [unfolded, setUnfolded] = useState(false)
  const config = configOf(node)
  const shown = fields.filter((field) => isShown(field, config))
  const advanced = shown.filter((field) => field.ui.advanced)
  // What is wrong must be seen, even where it is folded away.
  const open = unfolded || advanced.some((field) => problemOf(field, problems))
  const row = (field: Field) => {
    const problem = problemOf(field, problems)
    return (
      <FieldRow
        key={field.name}
        field={field}
        id={`bl-field-${node.id}-${field.name}`}
        value={config[field.name]}
        siblings={config}
        node={node.id}
        problem={problem && { text: problemText(problem, draft.getState().document), severity: problem.severity }}
        onChange={(value, also) =>
          draft.commit(
            (document) => {
              also?.(document)
              setField(document, node.id, field.name, value)
            },
            { label: also ? 'variable' : 'edit', merge: also ? undefined : `field ${node.id} ${field.name}` },
          )
        }
      />
    )
  }
  return (
    <div className="bl-inspector__fields">
      {groupFields(shown.filter((field) => !field.ui.advanced)).map((group) => (
        <section key={group.name} className="bl-insp-group">
          {group.name && <h3>{t(`group.${group.name}`, { defaultValue: '' })}</h3>}
          {group.fields.map(row)}
        </section>
      ))}
      {advanced.length > 0 && (
        <section className="bl-insp-group bl-insp-group--fold">
          <button type="button" className="bl-insp-fold" aria-expanded={open} onClick={() => setUnfolded(!open)}>
            <Icon name={open ? 'down' : 'right'} size={16} />
            {t('more')}
          </button>
          {open && advanced.map(row)}
        </section>
      )}
      {shown.length === 0 && <p className="bl-insp-none">{t('no-fields')}</p>}
    </div>
  )
}

/** The worst problem of a field, or of something inside it. */
function problemOf(field: Field, problems: readonly Problem[]): Problem | undefined {
  const own = problems.filter((problem) => problem.field === field.name || problem.field?.startsWith(`${field.name}.`))
  return own.find((problem) => problem.severity === 'error') ?? own[0]
}

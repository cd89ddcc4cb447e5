import { useEffect, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { BlockIcon } from '#editor/canvas/icons.tsx'
import { blockName, portText } from '#editor/canvas/words.ts'
import type { Change, ComparedBlock, Comparison } from '#editor/document/compare.ts'
import { registry } from '#editor/document/registry.ts'
import { type NameOf, pathWords, recordWords, valueWords } from '#editor/inspector/change-words.ts'
import type { RecordKey } from '#runtime/graph/diff.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { splitKey } from '#runtime/graph/records.ts'
import { Icon } from '../ui/icons.tsx'
import styles from './compare.module.css'

type Fields = ComparedBlock['fields']

/** Everything that differs, in words: for reading, for screen readers, and for texts that a picture cannot show. */
export function ChangeList({
  comparison,
  before,
  after,
  picked,
  nameOf,
  onPick,
}: {
  comparison: Comparison
  before: GraphDocument
  after: GraphDocument
  picked: string | null
  nameOf: NameOf
  onPick: (block: string | null) => void
}) {
  const { t } = useTranslation(['versions', 'blocks'])
  const blocks = Object.entries(comparison.blocks)
  const wires = comparison.wires.filter(({ change }) => change !== 'same')
  const moved = comparison.moved.filter((id) => comparison.blocks[id]?.change === 'same')
  const chosen = picked === null ? undefined : comparison.blocks[picked]
  const nothing =
    wires.length + moved.length + comparison.others.length === 0 && blocks.every(([, { change }]) => change === 'same')
  return (
    <>
      {nothing && <p className={styles.none}>{t('compare.none')}</p>}
      {chosen?.change === 'same' && (
        <p className={styles.none}>{t('compare.same', { block: blockName(chosen.node) })}</p>
      )}
      {(['changed', 'added', 'removed'] as const).map((change) => {
        const list = blocks.filter(([, block]) => block.change === change)
        return (
          list.length > 0 && (
            <Section key={change} title={t(`compare.blocks.${change}`)} change={change} count={list.length}>
              {list.map(([id, block]) => (
                <BlockEntry
                  key={id}
                  block={block}
                  open={picked === id}
                  nameOf={nameOf}
                  onToggle={() => onPick(picked === id ? null : id)}
                />
              ))}
            </Section>
          )
        )
      })}
      {wires.length > 0 && (
        <Section title={t('compare.wires')} count={wires.length}>
          {wires.map(({ edge, change }) => {
            const from = comparison.blocks[edge.from.node]
            const port = from && portText(from.node.type, edge.from.port, from.view.outputs[edge.from.port])
            return (
              <li key={`${change} ${edge.id}`} className={styles.line} data-change={change}>
                <Sign change={change} />
                <span>
                  {recordWords(`edges/${edge.id}`, edge, change === 'removed' ? before : after)}
                  {port && edge.from.port !== 'out' && <small> · {port}</small>}
                </span>
              </li>
            )
          })}
        </Section>
      )}
      {comparison.others.length > 0 && (
        <Section title={t('compare.others')} count={comparison.others.length}>
          {comparison.others.map(({ key, change, before: was, after: is, fields }) => (
            <li key={key} className={styles.line} data-change={change}>
              <Sign change={change} />
              <div>
                <span>
                  {t(`changes:kind.${splitKey(key)[0] ?? 'bot'}`)}
                  {splitKey(key)[0] !== null && ` · ${recordWords(key, is ?? was, after)}`}
                </span>
                <FieldList recordKey={key} record={is ?? was} fields={fields} nameOf={nameOf} />
              </div>
            </li>
          ))}
        </Section>
      )}
      {moved.length > 0 && <p className={styles.moved}>{t('compare.moved', { count: moved.length })}</p>}
    </>
  )
}

function Section({
  title,
  count,
  change,
  children,
}: {
  title: string
  count: number
  change?: Change
  children: React.ReactNode
}) {
  return (
    <section className={styles.section} data-change={change}>
      <h3>
        {title} <span>{count}</span>
      </h3>
      <ul>{children}</ul>
    </section>
  )
}

function BlockEntry({
  block,
  open,
  nameOf,
  onToggle,
}: {
  block: ComparedBlock
  open: boolean
  nameOf: NameOf
  onToggle: () => void
}) {
  const { node, change } = block
  const definition = registry.nodes[node.type]
  const root = useRef<HTMLLIElement>(null)
  useEffect(() => {
    if (open) root.current?.scrollIntoView({ block: 'nearest' })
  }, [open])
  return (
    <li ref={root} className={styles.block} data-hue={definition?.hue} data-change={change}>
      <button type="button" aria-expanded={open} onClick={onToggle}>
        <span className="bl-block__icon bl-block__icon--small">
          <BlockIcon name={definition?.icon ?? 'unknown'} size={14} />
        </span>
        <span>{blockName(node)}</span>
        <Icon name={open ? 'down' : 'right'} size={14} />
      </button>
      {open && (
        <FieldList
          recordKey={`nodes/${node.id}`}
          record={node}
          fields={change === 'changed' ? block.fields : ownFields(node, change)}
          nameOf={nameOf}
        />
      )}
    </li>
  )
}

function FieldList({
  recordKey,
  record,
  fields,
  nameOf,
}: {
  recordKey: RecordKey
  record: unknown
  fields: Fields
  nameOf: NameOf
}) {
  const { t } = useTranslation('versions')
  const lines = Object.entries(fields)
  if (lines.length === 0) return null
  return (
    <dl className={styles.fields}>
      {lines.map(([path, [was, is]]) => (
        <div key={path}>
          <dt>{pathWords(recordKey, record, path)}</dt>
          <dd>
            {was !== null && (
              <del>
                <span className="bl-sr-only">{t('compare.was')} </span>
                {valueWords(record, path, was, nameOf)}
              </del>
            )}
            {is !== null && (
              <ins>
                <span className="bl-sr-only">{t('compare.is')} </span>
                {valueWords(record, path, is, nameOf)}
              </ins>
            )}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** What somebody has set in a block that is only in one of the documents. */
function ownFields(node: NodeRecord, change: Change): Fields {
  const defaults: Record<string, unknown> = registry.nodes[node.type]?.config.safeParse({}).data ?? {}
  return Object.fromEntries(
    Object.entries(node.config)
      .filter(([name, value]) => JSON.stringify(value) !== JSON.stringify(defaults[name]))
      .map(([name, value]) => [`/config/${name}`, change === 'added' ? [null, value] : [value, null]]),
  )
}

function Sign({ change }: { change: Change }) {
  const { t } = useTranslation('versions')
  if (change === 'same') return null
  return (
    <span className={styles.sign} role="img" aria-label={t(`compare.${change === 'changed' ? 'altered' : change}`)}>
      {change === 'added' ? '+' : change === 'removed' ? '−' : '~'}
    </span>
  )
}

import { useDeferredValue, useEffect, useId, useMemo, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { findInDocument, type Hit } from '#editor/document/find-in-document.ts'
import { registry } from '#editor/document/registry.ts'
import { selectItems } from '#editor/document/selection.ts'
import { useDraft } from '#editor/document/store.ts'
import { blockNames } from '#nodes/registry.gen.ts'
import type { GraphDocument, NodeRecord } from '#runtime/graph/document.ts'
import { canvasState, closeOverlays, flyTo, showItem } from './control.ts'
import { BlockIcon } from './icons.tsx'
import './search-panel.css'
import { languageName } from '#editor/app/ui/words.ts'
import { useSearch } from '#editor/app/use-search.ts'
import { blockName, blockText } from './words.ts'

const namesOf = (node: NodeRecord): string[] => [
  blockName(node),
  ...Object.values(blockNames[node.type] ?? {}),
  node.type,
]

/** Searches the whole bot. What was found is lit on the canvas; Enter goes there. */
export function SearchPanel() {
  const { t } = useTranslation(['canvas', 'blocks'])
  const id = useId()
  const field = useRef<HTMLInputElement>(null)
  const list = useRef<HTMLDivElement>(null)
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const [, changeSearch] = useSearch()
  const document = useDraft((state) => state.document)
  const wanted = useDeferredValue(words)
  const hits = useMemo(() => findInDocument(document, wanted, namesOf), [document, wanted])
  const active = hits[Math.min(at, hits.length - 1)]

  useEffect(() => field.current?.focus({ preventScroll: true }), [])
  const lit = active?.item ?? null
  useEffect(() => {
    const items = new Set(hits.flatMap(({ item }) => item ?? []))
    canvasState.setState({ found: items.size > 0 ? { items, at: lit } : null })
  }, [hits, lit])
  useEffect(() => () => canvasState.setState({ found: null }), [])
  // biome-ignore lint/correctness/useExhaustiveDependencies: the picked line stays in sight when it changes
  useEffect(() => {
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: 'nearest' })
  }, [active?.key])

  const go = (hit: Hit) => {
    const show = (key: string, value: string) => changeSearch({ [key]: value }, { replace: true })
    if (hit.item === null) {
      show('drawer', 'variables')
      return
    }
    selectItems([hit.item])
    if (hit.field === undefined) {
      void flyTo(hit.item)
      return
    }
    show('side', 'block')
    canvasState.setState({ wantedField: { node: hit.item, field: hit.field } })
    void showItem(hit.item)
  }
  const move = (step: number) => {
    if (hits.length === 0) return
    const next = (Math.min(at, hits.length - 1) + step + hits.length) % hits.length
    setAt(next)
    const item = hits[next]?.item
    if (item) void showItem(item)
  }

  return (
    <search
      className="bl-find"
      aria-label={t('action.search')}
      data-keys="own"
      onKeyDown={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.stopPropagation()
        closeOverlays()
        if (active?.item) void flyTo(active.item)
      }}
    >
      <div className="bl-find__head">
        <Icon name="search" size={16} />
        <input
          ref={field}
          role="combobox"
          aria-expanded={hits.length > 0}
          aria-controls={id}
          aria-activedescendant={active ? `${id}-${active.key}` : undefined}
          aria-label={t('search.hint')}
          placeholder={t('search.hint')}
          value={words}
          onChange={(event) => {
            setWords(event.target.value)
            setAt(0)
          }}
          onKeyDown={(event) => {
            if (event.nativeEvent.isComposing) return
            const step = { ArrowDown: 1, ArrowUp: -1 }[event.key]
            if (step !== undefined) {
              event.preventDefault()
              move(step)
            }
            if (event.key === 'Enter' && active) {
              event.preventDefault()
              go(active)
            }
          }}
        />
        <span className="bl-find__count" role="status">
          {wanted.trim() === '' ? '' : t('search.count', { count: hits.length })}
        </span>
        <button
          type="button"
          className="bl-tool"
          aria-label={t('search.close')}
          title={t('search.close')}
          onClick={closeOverlays}
        >
          <Icon name="close" size={16} />
        </button>
      </div>
      {wanted.trim() !== '' && (
        <div className="bl-find__list" id={id} role="listbox" aria-label={t('action.search')} ref={list}>
          {hits.length === 0 && <p className="bl-pick__empty">{t('search.none')}</p>}
          {hits.map((hit, index) => (
            <div key={hit.key} role="presentation">
              {hit.kind !== hits[index - 1]?.kind && <div className="bl-pick__group">{t(`search.${hit.kind}`)}</div>}
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the field above has the focus and hears the keys */}
              <div
                id={`${id}-${hit.key}`}
                className="bl-pick__item"
                role="option"
                tabIndex={-1}
                aria-selected={hit === active}
                onClick={() => {
                  setAt(index)
                  go(hit)
                }}
              >
                <HitLine hit={hit} document={document} />
              </div>
            </div>
          ))}
        </div>
      )}
    </search>
  )
}

function HitLine({ hit, document }: { hit: Hit; document: GraphDocument }) {
  const node = hit.item === null ? undefined : document.nodes[hit.item]
  const definition = node && registry.nodes[node.type]
  const { before, match, after } = hit.excerpt
  return (
    <>
      {node && (
        <span className="bl-block__icon bl-block__icon--small" data-hue={definition?.hue}>
          <BlockIcon name={definition?.icon ?? 'unknown'} size={14} />
        </span>
      )}
      <span className="bl-pick__words">
        <span className="bl-find__excerpt">
          {before}
          <mark>{match}</mark>
          {after}
        </span>
        {node && <span className="bl-pick__detail">{whereText(hit, node)}</span>}
      </span>
    </>
  )
}

/** The block, and the field and language in it. */
function whereText(hit: Hit, node: NodeRecord): string {
  if (hit.field === undefined) return blockText(`${node.type}.name`)
  const language = hit.language && languageName(hit.language)
  return [blockName(node), blockText(`${node.type}.${hit.field}`), language].filter(Boolean).join(' · ')
}

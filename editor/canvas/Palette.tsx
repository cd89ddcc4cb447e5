import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { mayAdd } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { select } from '#editor/document/selection.ts'
import { dialogOf } from '#editor/document/shown-dialog.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { addByHand } from './add-by-hand.ts'
import { blockItems } from './block-list.tsx'
import { blockTypeMime } from './block-type-mime.ts'
import './canvas.css'
// Groups and icons look here as they do in the lists that open over the canvas.
import './pick-list.css'
import { placeForNew, reveal, sizeOf } from './control.ts'
import { narrow } from './narrow.ts'
import { blockText } from './words.ts'

const margin = 64
const gap = 24
/** About what a fresh block takes. */
const size = { width: 256, height: 140 }

/** The list of blocks beside the canvas: drag one onto it, or click to add it in the middle. */
export function Palette() {
  const { t, i18n } = useTranslation(['canvas', 'blocks'])
  const [search, setSearch] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: names follow the studio's language
  const all = useMemo(() => blockItems(), [i18n.language])
  const once = useDraft((state) =>
    all
      .filter((item) => !mayAdd(state.document, item.key, dialogOf(state.document)))
      .map((item) => item.key)
      .join(),
  )
  const shown = narrow(all, search)
  return (
    <aside className="bl-palette" aria-label={t('palette')}>
      <label className="bl-palette__search">
        <Icon name="search" size={16} />
        <input
          type="search"
          value={search}
          placeholder={t('palette.search')}
          aria-label={t('palette.search')}
          onChange={(event) => setSearch(event.target.value)}
        />
      </label>
      <div className="bl-palette__list">
        {shown.length === 0 && <p className="bl-pick__empty">{t('quick-add.empty')}</p>}
        {shown.map((item, index) => {
          const spent = once.split(',').includes(item.key)
          return (
            <div key={item.key}>
              {item.group !== shown[index - 1]?.group && <h3 className="bl-pick__group">{item.group}</h3>}
              <button
                type="button"
                className="bl-palette__item"
                data-hue={item.hue}
                draggable={!spent}
                disabled={spent}
                title={spent ? t('palette.once') : `${item.detail ?? ''}\n${blockText(`${item.key}.example`)}`}
                onDragStart={(event) => {
                  event.dataTransfer.setData(blockTypeMime, item.key)
                  event.dataTransfer.effectAllowed = 'copy'
                }}
                onClick={() => {
                  const added = addByHand(item.key, { at: freePlace(item.key) })
                  if (!added) return
                  select([added])
                  requestAnimationFrame(() => reveal(added))
                }}
              >
                <span className="bl-block__icon bl-block__icon--small">{item.icon}</span>
                <span>{item.title}</span>
              </button>
            </div>
          )
        })}
      </div>
    </aside>
  )
}

/**
 * The middle of what is seen, moved on while another block lies there. Where that is the other half of the bot, the end
 * of its own half instead: Learn and Talk stay apart.
 */
function freePlace(type: string) {
  const { nodes, view } = draft.getState().document
  const family = registry.nodes[type]?.family
  const outline = (own: boolean) => {
    const places = Object.entries(view.positions).flatMap(([id, at]) => {
      const other = registry.nodes[nodes[id]?.type ?? '']?.family
      return other && (other === family) === own ? [{ ...at, ...sizeOf(id) }] : []
    })
    return places.length === 0
      ? null
      : {
          left: Math.min(...places.map(({ x }) => x)) - margin,
          top: Math.min(...places.map(({ y }) => y)) - margin,
          right: Math.max(...places.map(({ x, width }) => x + width)) + margin,
          foot: Math.max(...places.map(({ y, height }) => y + height)) + margin,
        }
  }
  const { at } = placeForNew()
  const [mine, theirs] = [outline(true), outline(false)]
  const between = theirs && (family === 'pipeline' ? at.y > theirs.top - 2 * margin : at.y < theirs.foot + margin)
  if (mine && between) {
    at.x = mine.right
    at.y = mine.top + margin
  } else if (between) {
    at.x = theirs.left + margin
    at.y = family === 'pipeline' ? theirs.top - 3 * margin : theirs.foot + margin
  }
  const taken = Object.entries(view.positions).map(([id, place]) => ({ ...place, ...sizeOf(id) }))
  const hits = () =>
    taken.find(
      (box) =>
        at.x < box.x + box.width + gap &&
        box.x < at.x + size.width + gap &&
        at.y < box.y + box.height + gap &&
        box.y < at.y + size.height + gap,
    )
  for (let box = hits(); box; box = hits()) at.y = box.y + box.height + gap
  return at
}

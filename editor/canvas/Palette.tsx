import { useMemo, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import { mayAdd } from '#editor/document/edits.ts'
import { select } from '#editor/document/selection.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { blockItems } from './block-list.tsx'
import { blockTypeMime } from './block-type-mime.ts'
import './canvas.css'
import { placeForNew, reveal } from './control.ts'
import { addByHand } from './quick-add.tsx'
import { blockText } from './words.ts'

/** The list of blocks beside the canvas: drag one onto it, or click to add it in the middle. */
export function Palette() {
  const { t, i18n } = useTranslation(['canvas', 'blocks'])
  const [search, setSearch] = useState('')
  // biome-ignore lint/correctness/useExhaustiveDependencies: names follow the studio's language
  const all = useMemo(() => blockItems(), [i18n.language])
  const once = useDraft((state) =>
    all
      .filter((item) => !mayAdd(state.document, item.key))
      .map((item) => item.key)
      .join(),
  )
  const words = search.toLowerCase().trim()
  const shown = all.filter((item) => `${item.title} ${item.detail} ${item.words}`.toLowerCase().includes(words))
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
                  const added = addByHand(item.key, { at: freePlace() })
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

/** The middle of what is seen, moved on while another block lies there. */
function freePlace() {
  const { at } = placeForNew()
  const taken = Object.values(draft.getState().document.view.positions)
  while (taken.some((other) => Math.abs(other.x - at.x) < 32 && Math.abs(other.y - at.y) < 32)) {
    at.x += 32
    at.y += 32
  }
  return at
}

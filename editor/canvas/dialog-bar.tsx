import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { IconButton } from '#editor/app/ui/button.tsx'
import { Icon } from '#editor/app/ui/icons.tsx'
import { Menu } from '#editor/app/ui/menu.tsx'
import { addDialog, removeDialog, renameDialog } from '#editor/document/dialogs.ts'
import { newId } from '#editor/document/ids.ts'
import { dialogOf, showDialog, useShownDialog } from '#editor/document/shown-dialog.ts'
import { draft, useDraft } from '#editor/document/store.ts'
import { mainDialog } from '#runtime/graph/document.ts'
import './dialog-bar.css'

/** Which dialog is shown: the way back to the main one, the list of all, and what can be done to the one in sight. */
export function DialogBar() {
  const { t } = useTranslation('canvas')
  useShownDialog()
  const dialogs = useDraft((state) => state.document.dialogs)
  const shown = useDraft((state) => dialogOf(state.document))
  const [renaming, setRenaming] = useState(false)
  const nameOf = (id: string) => (id === mainDialog ? t('dialog.main') : (dialogs[id]?.name ?? ''))
  const isMain = shown === mainDialog

  const rename = (name: string) => {
    setRenaming(false)
    draft.commit((document) => renameDialog(document, shown, name), { label: 'dialog' })
  }
  const add = () => {
    const made = newId('d')
    const name = t('inspector:dialog.name', { number: Object.keys(dialogs).length })
    draft.commit((document) => addDialog(document, made, name), { label: 'dialog' })
    showDialog(made)
  }
  const remove = () => {
    draft.commit((document) => removeDialog(document, shown), { label: 'dialog', allowLargeRemoval: true })
    showDialog(mainDialog)
  }

  return (
    <nav className="bl-dialogs" aria-label={t('dialog.bar')}>
      {!isMain && (
        <>
          <button type="button" className="bl-dialogs__crumb" onClick={() => showDialog(mainDialog)}>
            {t('dialog.main')}
          </button>
          <Icon name="right" size={16} />
        </>
      )}
      {renaming ? (
        <input
          className="bl-input"
          aria-label={t('dialog.rename')}
          defaultValue={nameOf(shown)}
          maxLength={80}
          // biome-ignore lint/a11y/noAutofocus: it opens where the person asked to rename
          autoFocus
          onFocus={(event) => event.target.select()}
          onBlur={(event) => rename(event.target.value)}
          onKeyDown={(event) => {
            event.stopPropagation()
            if (event.key === 'Enter') event.currentTarget.blur()
            if (event.key === 'Escape') setRenaming(false)
          }}
        />
      ) : (
        <strong aria-current="page">{nameOf(shown)}</strong>
      )}
      <Menu
        groups={[
          {
            title: t('dialog.all'),
            items: Object.keys(dialogs)
              .sort((a, b) => Number(b === mainDialog) - Number(a === mainDialog) || nameOf(a).localeCompare(nameOf(b)))
              .map((id) => ({ key: id, label: nameOf(id), checked: id === shown, onPick: () => showDialog(id) })),
          },
          {
            items: [
              { key: 'add', label: t('inspector:dialog.new'), onPick: add },
              ...(isMain
                ? []
                : [
                    { key: 'rename', label: t('dialog.rename'), onPick: () => setRenaming(true) },
                    { key: 'remove', label: t('dialog.remove'), danger: true, onPick: remove },
                  ]),
            ],
          },
        ]}
        trigger={(props) => <IconButton {...props} size="small" icon="down" label={t('dialog.all')} />}
      />
    </nav>
  )
}

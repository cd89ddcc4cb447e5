import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { Action } from '#editor/actions/action.ts'
import { actions } from '#editor/actions/actions.ts'
import { isMac, shortcutText } from '#editor/actions/shortcuts.ts'
import { Dialog } from '../ui/dialog.tsx'
import styles from './shortcuts-dialog.module.css'

interface Line {
  name: string
  title: string
  keys: readonly string[]
}
const groups = ['add', 'walk', 'view', 'edit'] as const satisfies readonly Action['group'][]

/** Every shortcut that there is, drawn from the actions themselves, in the keys of this computer. */
export function ShortcutsDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const [search, setSearch] = useState('')
  const wanted = search.trim().toLowerCase()
  const lines = (group: Action['group']): Line[] =>
    actions
      .filter((action) => action.group === group && action.shortcuts.length > 0)
      .map(({ name, shortcuts }) => ({ name, title: t(`canvas:action.${name}`), keys: shortcuts }))
  const everywhere: Line[] = [
    { name: 'commands', title: t('canvas:action.commands'), keys: ['Mod+K'] },
    { name: 'shortcuts', title: t('shortcuts'), keys: ['?'] },
  ]
  const desk: Line[] = [
    { name: 'next', title: t('shortcuts.chats.next'), keys: ['J'] },
    { name: 'previous', title: t('shortcuts.chats.previous'), keys: ['K'] },
    { name: 'back', title: t('shortcuts.chats.back'), keys: ['Escape'] },
    { name: 'canned', title: t('shortcuts.chats.canned'), keys: ['/'] },
  ]
  const sections = [
    { title: t('shortcuts.everywhere'), lines: everywhere },
    ...groups.map((group) => ({
      title: t(`shortcuts.${group}`),
      lines: lines(group).filter(({ name }) => name !== 'commands'),
    })),
    { title: t('chats'), lines: desk },
  ]
    .map(({ title, lines }) => ({ title, lines: lines.filter((line) => matches(line, wanted)) }))
    .filter(({ lines }) => lines.length > 0)
  return (
    <Dialog title={t('shortcuts')} onClose={onClose} wide>
      <input
        type="search"
        className={`bl-input ${styles.search}`}
        aria-label={t('shortcuts.search')}
        placeholder={t('shortcuts.search')}
        value={search}
        onChange={(event) => setSearch(event.target.value)}
      />
      <div className={styles.sections} role="status" aria-live="off">
        {sections.map(({ title, lines }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {lines.map((line) => (
                <div key={line.name}>
                  <dt>{line.title}</dt>
                  <dd>
                    {line.keys.map((key) => (
                      <kbd key={key}>{shortcutText(key, isMac)}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        {sections.length === 0 && <p>{t('commands.empty')}</p>}
      </div>
    </Dialog>
  )
}

function matches({ title, keys }: Line, wanted: string): boolean {
  return [title, ...keys.map((key) => shortcutText(key, isMac))].some((text) => text.toLowerCase().includes(wanted))
}

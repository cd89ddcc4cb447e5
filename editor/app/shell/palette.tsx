import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { useNavigate } from 'react-router'
import { PickList } from '#editor/canvas/pick-list.tsx'
import { Popover } from '#editor/canvas/popover.tsx'
import { api } from '../api.ts'
import { languageNames, setStudioLanguage, studioLanguages } from '../i18n.ts'
import { keys } from '../query.ts'
import { setThemeChoice } from '../theme.ts'
import { Icon } from '../ui/icons.tsx'
import { type Command, closePalette, useOfferedCommands } from './commands.ts'

const width = 520

/** Everything that can be done and gone to from this page, in one searchable list. */
export function Palette({ onShortcuts }: { onShortcuts: () => void }) {
  const { t, i18n } = useTranslation()
  const navigate = useNavigate()
  const bots = useQuery({ queryKey: keys.bots, queryFn: api.bots })
  const at = useMemo(() => ({ x: (innerWidth - width) / 2, y: innerHeight * 0.14 }), [])
  const here = useOfferedCommands()
  const everywhere: Command[] = [
    go('bots', t('bots'), '/'),
    go('new', t('home:new'), '/new'),
    go('inbox', t('chats'), '/chats'),
    ...(bots.data ?? []).map((bot) => ({ ...go(bot.id, bot.name, `/bots/${bot.id}/canvas`), group: t('bots') })),
    {
      key: 'shortcuts',
      title: t('shortcuts'),
      group: t('settings'),
      shortcut: '?',
      icon: <Icon name="keyboard" size={16} />,
      perform: onShortcuts,
    },
    ...studioLanguages
      .filter((language) => language !== i18n.language)
      .map((language) => ({
        key: `language ${language}`,
        title: languageNames[language],
        words: `${t('language')} language 语言`,
        detail: t('language'),
        group: t('settings'),
        icon: <Icon name="settings" size={16} />,
        perform: () => void setStudioLanguage(language),
      })),
    ...(['system', 'light', 'dark'] as const).map((choice) => ({
      key: `theme ${choice}`,
      title: t(`theme.${choice}`),
      words: 'theme',
      detail: t('theme'),
      group: t('settings'),
      icon: <Icon name="settings" size={16} />,
      perform: () => setThemeChoice(choice),
    })),
  ]
  function go(key: string, title: string, path: string): Command {
    return {
      key: `go ${key}`,
      title,
      group: t('commands.go'),
      icon: <Icon name={key === 'new' ? 'plus' : key === 'inbox' ? 'inbox' : 'bots'} size={16} />,
      perform: () => navigate(path),
    }
  }
  const all = [...here, ...everywhere]
  return (
    <Popover at={at} label={t('commands')} className="bl-popover--commands" onClose={closePalette}>
      <PickList
        items={all}
        hint={t('commands.hint')}
        empty={t('commands.empty')}
        onPick={(key) => {
          closePalette()
          all.find((command) => command.key === key)?.perform()
        }}
      />
    </Popover>
  )
}

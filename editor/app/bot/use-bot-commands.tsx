import { useTranslation } from 'react-i18next'
import { useLocation, useNavigate, useSearchParams } from 'react-router'
import { BlockIcon } from '#editor/canvas/icons.tsx'
import { blockName, blockText } from '#editor/canvas/words.ts'
import { registry } from '#editor/document/registry.ts'
import { draft } from '#editor/document/store.ts'
import { withParam } from '../search-params.ts'
import { type Command, useCommands } from '../shell/commands.ts'
import { Icon, type IconName } from '../ui/icons.tsx'
import { useRunNow } from './use-run-now.ts'

/** What the command list offers on every page of a bot: its pages, its blocks, and what its bar can do. */
export function useBotCommands(bot: string, tabs: readonly string[]): void {
  const { t } = useTranslation('bot')
  const navigate = useNavigate()
  const { pathname } = useLocation()
  const [search] = useSearchParams()
  const { start } = useRunNow(bot)
  const canvas = `/bots/${bot}/canvas`
  useCommands(() => {
    const { document, phase } = draft.getState()
    const open = phase === 'open'
    const command = (key: string, title: string, icon: IconName, perform: () => void): Command => ({
      key: `bot ${key}`,
      title,
      group: t('commands.bot'),
      icon: <Icon name={icon} size={16} />,
      perform,
    })
    const over = (dialog: string) => () => navigate({ pathname, search: withParam(search, dialog, '1') })
    return [
      ...(open
        ? [
            command('try', t('try'), 'chat', () => navigate(`${canvas}?side=try`)),
            command('run', t('run'), 'play', async () => {
              if (await start()) navigate(`${canvas}?drawer=run`)
            }),
            command('publish', t('publish'), 'publish', over('publish')),
          ]
        : []),
      command('embed', t('embed:open'), 'code', over('embed')),
      ...tabs.map((tab) => command(tab, t(`tab.${tab}`), 'panel', () => navigate(`/bots/${bot}/${tab}`))),
      // On the canvas its own commands list the blocks, and fly there.
      ...(!open || pathname === canvas ? [] : Object.values(document.nodes)).map((node) => ({
        key: `block ${node.id}`,
        title: blockName(node),
        detail: node.name ? blockText(`${node.type}.name`) : undefined,
        icon: <BlockIcon name={registry.nodes[node.type]?.icon ?? 'unknown'} size={16} />,
        hue: registry.nodes[node.type]?.hue,
        group: t('canvas:commands.blocks'),
        perform: () => navigate(`${canvas}?side=block&block=${node.id}`),
      })),
    ]
  })
}

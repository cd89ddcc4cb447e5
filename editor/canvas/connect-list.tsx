import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { blockViews } from '#editor/document/block-views.ts'
import { connect } from '#editor/document/edits.ts'
import { registry } from '#editor/document/registry.ts'
import { draft } from '#editor/document/store.ts'
import { announce, canvasState, useCanvasState } from './control.ts'
import { BlockIcon } from './icons.tsx'
import { PickList } from './pick-list.tsx'
import { Popover } from './popover.tsx'
import { findTakers } from './takers.ts'
import { blockName, portText } from './words.ts'

const close = () => canvasState.setState({ connectList: null })

/** What a block's ways out can be connected to, for hands that stay on the keyboard. */
export function ConnectList() {
  const open = useCanvasState((state) => state.connectList)
  return open && <OpenConnectList {...open} />
}

type Open = NonNullable<ReturnType<typeof canvasState.getState>['connectList']>

function OpenConnectList({ from, screen }: Open) {
  const { t } = useTranslation('canvas')
  const items = useMemo(() => {
    const { document, facts } = draft.getState()
    const { views } = blockViews.getState()
    const source = document.nodes[from.node]
    const ports = Object.keys(views[from.node]?.outputs ?? {})
    const ordered = [from.port, ...ports.filter((port) => port !== from.port)]
    return ordered.flatMap((port) =>
      [...findTakers(document, facts, views, { node: from.node, port, side: 'output' })].flatMap(([node, takers]) =>
        [...takers].flatMap((taker) => {
          const target = document.nodes[node]
          if (!taker.startsWith('i:') || !target || !source) return []
          const into = taker.slice(2)
          const definition = registry.nodes[target.type]
          return {
            key: JSON.stringify([port, node, into]),
            title: blockName(target),
            detail: portText(target.type, into, views[node]?.inputs[into]),
            icon: <BlockIcon name={definition?.icon ?? 'unknown'} size={16} />,
            hue: definition?.hue,
            group: portText(source.type, port, views[from.node]?.outputs[port]),
          }
        }),
      ),
    )
  }, [from])
  return (
    <Popover at={screen} label={t('connect-list')} className="bl-popover--list" onClose={close}>
      <PickList
        items={items}
        hint={t('connect-list.hint')}
        empty={t('connect-list.empty')}
        onPick={(key) => {
          const [port, node, into]: [string, string, string] = JSON.parse(key)
          draft.commit(
            (document) =>
              void connect(document, draft.getState().facts, { node: from.node, port }, { node, port: into }),
            { label: 'connect' },
          )
          close()
          announce(t('said.connected'))
        }}
      />
    </Popover>
  )
}

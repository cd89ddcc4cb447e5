import { useMemo } from 'react'
import { useTranslation } from 'react-i18next'
import { blockViews } from '#editor/document/block-views.ts'
import { connect } from '#editor/document/edits.ts'
import { graphNow } from '#editor/document/graph-now.ts'
import { registry } from '#editor/document/registry.ts'
import { draft } from '#editor/document/store.ts'
import { announce, type ConnectPlace, canvasState } from './control.ts'
import { BlockIcon } from './icons.tsx'
import { PickList } from './pick-list.tsx'
import { Popover } from './popover.tsx'
import { findTakers } from './takers.ts'
import { blockName, portText } from './words.ts'

const disconnect = 'disconnect'
const close = () => canvasState.setState({ connectList: null })

/** What a block's ways out can be connected to, for hands that stay on the keyboard. */
export function ConnectList({ from, screen }: ConnectPlace) {
  const { t } = useTranslation('canvas')
  const { document, facts } = draft.getState()
  const { views } = blockViews.getState()
  const source = document.nodes[from.node]
  const outputs = views[from.node]?.outputs ?? {}
  const wire = Object.values(document.edges).find(({ from: end }) => end.node === from.node && end.port === from.port)
  const items = useMemo(
    () => [
      ...[...findTakers(graphNow(document, facts), views, { ...from, side: 'output' })].flatMap(([node, takers]) =>
        [...takers].flatMap((taker) => {
          const target = document.nodes[node]
          if (!taker.startsWith('i:') || !target) return []
          const into = taker.slice(2)
          const definition = registry.nodes[target.type]
          return {
            key: JSON.stringify([node, into]),
            title: blockName(target),
            detail: portText(target.type, into, views[node]?.inputs[into]),
            icon: <BlockIcon name={definition?.icon ?? 'unknown'} size={16} />,
            hue: definition?.hue,
            group: t('connect-list.targets'),
          }
        }),
      ),
      ...(wire ? [{ key: disconnect, title: t('wire.delete'), group: t('connect-list.now') }] : []),
    ],
    [document, facts, views, from, wire, t],
  )
  return (
    <Popover at={screen} label={t('connect-list')} className="bl-popover--list" onClose={close}>
      {Object.keys(outputs).length > 1 && source && (
        <label className="bl-pick__from">
          {t('connect-list.from')}
          <select
            className="bl-select"
            value={from.port}
            onChange={(event) =>
              canvasState.setState({ connectList: { from: { node: from.node, port: event.target.value }, screen } })
            }
          >
            {Object.entries(outputs).map(([id, port]) => (
              <option key={id} value={id}>
                {portText(source.type, id, port)}
              </option>
            ))}
          </select>
        </label>
      )}
      <PickList
        items={items}
        hint={t('connect-list.hint')}
        empty={t('connect-list.empty')}
        onPick={(key) => {
          if (key === disconnect && wire) {
            draft.commit(
              (now) => {
                delete now.edges[wire.id]
              },
              { label: 'disconnect' },
            )
            close()
            announce(t('said.disconnected'))
            return
          }
          const [node, port]: [string, string] = JSON.parse(key)
          draft.commit((now) => void connect(now, draft.getState().facts, from, { node, port }), { label: 'connect' })
          close()
          announce(t('said.connected'))
        }}
      />
    </Popover>
  )
}

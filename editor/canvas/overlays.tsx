import { lazy, Suspense } from 'react'
import { useSelection } from '#editor/document/selection.ts'
import { useCanvasState } from './control.ts'

const QuickAdd = lazy(async () => ({ default: (await import('./quick-add.tsx')).QuickAdd }))
const ConnectList = lazy(async () => ({ default: (await import('./connect-list.tsx')).ConnectList }))
const ContextMenu = lazy(async () => ({ default: (await import('./context-menu.tsx')).ContextMenu }))
const AlignBar = lazy(async () => ({ default: (await import('./align-bar.tsx')).AlignBar }))
const SearchPanel = lazy(async () => ({ default: (await import('./search-panel.tsx')).SearchPanel }))

/** What opens over the canvas; none of it is loaded before it is asked for. */
export function Overlays() {
  const { quickAdd, connectList, menu, search } = useCanvasState((state) => state)
  return (
    <Suspense>
      {quickAdd && <QuickAdd key={`${quickAdd.screen.x} ${quickAdd.screen.y}`} {...quickAdd} />}
      {connectList && <ConnectList {...connectList} />}
      {menu && <ContextMenu {...menu} />}
      {search && <SearchPanel />}
    </Suspense>
  )
}

/** The bar over several picked things, inside the canvas so that it follows them. */
export function PickedBar() {
  const several = useSelection(({ nodes, notes, groups }) => nodes.length + notes.length + groups.length > 1)
  return <Suspense>{several && <AlignBar />}</Suspense>
}

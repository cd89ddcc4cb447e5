import { lazy, Suspense } from 'react'
import { usePreload } from '#editor/app/ui/use-preload.ts'
import { useSelection } from '#editor/document/selection.ts'
import { useCanvasState } from './control.ts'

const load = {
  quickAdd: async () => ({ default: (await import('./quick-add.tsx')).QuickAdd }),
  connectList: async () => ({ default: (await import('./connect-list.tsx')).ConnectList }),
  menu: async () => ({ default: (await import('./context-menu.tsx')).ContextMenu }),
  search: async () => ({ default: (await import('./search-panel.tsx')).SearchPanel }),
  alignBar: async () => ({ default: (await import('./align-bar.tsx')).AlignBar }),
}
const QuickAdd = lazy(load.quickAdd)
const ConnectList = lazy(load.connectList)
const ContextMenu = lazy(load.menu)
const SearchPanel = lazy(load.search)
const AlignBar = lazy(load.alignBar)

/** What opens over the canvas. None of it is in the first load; all of it comes as soon as a hand moves. */
export function Overlays() {
  const { quickAdd, connectList, menu, search } = useCanvasState((state) => state)
  usePreload(load)
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

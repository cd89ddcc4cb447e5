import { lazy, Suspense, useEffect } from 'react'
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
  usePreload()
  return (
    <Suspense>
      {quickAdd && <QuickAdd key={`${quickAdd.screen.x} ${quickAdd.screen.y}`} {...quickAdd} />}
      {connectList && <ConnectList {...connectList} />}
      {menu && <ContextMenu {...menu} />}
      {search && <SearchPanel />}
    </Suspense>
  )
}

/** A list that opens at once takes the next letter; one that is still on its way would leave it to the canvas. */
function usePreload(): void {
  useEffect(() => {
    const signs = ['pointermove', 'pointerdown', 'keydown'] as const
    const preload = () => {
      stop()
      // What fails now is loaded again when it is asked for, and says so then.
      for (const part of Object.values(load)) void part().catch(() => {})
    }
    const stop = () => {
      for (const sign of signs) window.removeEventListener(sign, preload)
    }
    for (const sign of signs) window.addEventListener(sign, preload, { passive: true })
    return stop
  }, [])
}

/** The bar over several picked things, inside the canvas so that it follows them. */
export function PickedBar() {
  const several = useSelection(({ nodes, notes, groups }) => nodes.length + notes.length + groups.length > 1)
  return <Suspense>{several && <AlignBar />}</Suspense>
}

import { gridSize, moveBlocks } from '#editor/document/edits.ts'
import { type Action, hasBlocks } from './action.ts'

const farSteps = 10

function nudge(key: string, dx: number, dy: number, far: boolean): Action {
  const distance = gridSize * (far ? farSteps : 1)
  return {
    name: `nudge-${key.toLowerCase()}${far ? '-far' : ''}`,
    group: 'edit',
    shortcuts: [`${far ? 'Shift+' : ''}Arrow${key}`],
    keyOnly: true,
    when: hasBlocks,
    perform({ draft, selection }) {
      const { nodes } = selection.getState()
      draft.commit(
        (document) => {
          const moves = nodes.flatMap((id) => {
            const at = document.view.positions[id]
            return at ? [[id, { x: at.x + dx * distance, y: at.y + dy * distance }] as const] : []
          })
          moveBlocks(document, Object.fromEntries(moves))
        },
        { label: 'move', merge: `nudge ${nodes.join(' ')}` },
      )
    },
  }
}

/** Arrows move the picked blocks by one step of the grid, with Shift by ten; a burst of them is one step of the history. */
export const nudges: readonly Action[] = [false, true].flatMap((far) => [
  nudge('Left', -1, 0, far),
  nudge('Right', 1, 0, far),
  nudge('Up', 0, -1, far),
  nudge('Down', 0, 1, far),
])

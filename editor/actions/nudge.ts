import { carriedBy } from '#editor/document/boxes.ts'
import { gridSize, moveBlocks, placeOf } from '#editor/document/edits.ts'
import { pickedItems } from '#editor/document/selection.ts'
import { type Action, hasItems } from './action.ts'

const farSteps = 10

function nudge(key: string, dx: number, dy: number, far: boolean): Action {
  const distance = gridSize * (far ? farSteps : 1)
  return {
    name: `nudge-${key.toLowerCase()}${far ? '-far' : ''}`,
    group: 'edit',
    shortcuts: [`${far ? 'Shift+' : ''}Arrow${key}`],
    keyOnly: true,
    when: hasItems,
    perform({ draft, selection, canvas }) {
      const picked = pickedItems(selection.getState())
      const moved = carriedBy(draft.getState().document, picked, canvas.sizeOf)
      draft.commit(
        (document) => {
          const moves = moved.flatMap((item) => {
            const at = placeOf(document, item)
            return at ? [[item, { x: at.x + dx * distance, y: at.y + dy * distance }] as const] : []
          })
          moveBlocks(document, Object.fromEntries(moves))
        },
        { label: 'move', merge: `nudge ${picked.join(' ')}` },
      )
    },
  }
}

/** Arrows move what is picked by one step of the grid, with Shift by ten; a burst of them is one step of the history. */
export const nudges: readonly Action[] = [false, true].flatMap((far) => [
  nudge('Left', -1, 0, far),
  nudge('Right', 1, 0, far),
  nudge('Up', 0, -1, far),
  nudge('Down', 0, 1, far),
])

import type { Action } from './action.ts'
import { addBlockHere } from './add-block.ts'
import { addNext } from './add-next.ts'
import { addNoteHere } from './add-note.ts'
import { aligns } from './align.ts'
import { answerTopics } from './answer-topics.ts'
import { commands } from './commands.ts'
import { copy } from './copy.ts'
import { cut } from './cut.ts'
import { deleteSelection } from './delete-selection.ts'
import { deselect } from './deselect.ts'
import { duplicate } from './duplicate.ts'
import { group, ungroup } from './group.ts'
import { listConnectable } from './list-connectable.ts'
import { nudges } from './nudge.ts'
import { openInspector } from './open-inspector.ts'
import { paste } from './paste.ts'
import { redo } from './redo.ts'
import { rename } from './rename.ts'
import { resizes } from './resize-note.ts'
import { search } from './search.ts'
import { selectAll } from './select-all.ts'
import { tidy } from './tidy.ts'
import { undo } from './undo.ts'
import { nextBlock, pickNextToo, previousBlock } from './walk.ts'
import { fit, fitSelection, zoomIn, zoomOut, zoomWhole } from './zoom.ts'

/** Everything that a person can do on the canvas, in the order of the command list. */
export const actions: readonly Action[] = [
  addBlockHere,
  addNext,
  answerTopics,
  addNoteHere,
  undo,
  redo,
  cut,
  copy,
  paste,
  duplicate,
  rename,
  group,
  ungroup,
  ...aligns,
  deleteSelection,
  selectAll,
  deselect,
  openInspector,
  listConnectable,
  nextBlock,
  previousBlock,
  pickNextToo,
  ...nudges,
  ...resizes,
  search,
  tidy,
  fit,
  fitSelection,
  zoomWhole,
  zoomIn,
  zoomOut,
  commands,
]

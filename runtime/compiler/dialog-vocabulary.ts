import { type AnyStateMachine, setup } from 'xstate'
import type { DialogConfig } from './compile-dialog.ts'

/** The one event of a dialog machine: the current block is done and was left by a port. */
export interface BlockLeft {
  type: 'block.left'
  port: string
}

/** Every guard that a compiled dialog may name. There are no actions: what a block does is its step's answer. */
export const dialogGuards = {
  leftBy: ({ event }: { event: BlockLeft }, params: { port: string }): boolean => event.port === params.port,
}

const vocabulary = setup({ types: { events: {} as BlockLeft }, guards: dialogGuards })

/** A machine over the fixed vocabulary; the config may come from JSON. */
export function createDialogMachine(config: DialogConfig): AnyStateMachine {
  return vocabulary.createMachine(config)
}

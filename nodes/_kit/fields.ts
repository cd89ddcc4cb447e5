import type { z } from 'zod'

/** Which part of the form draws a field. The inspector has one component a widget and never asks for a block's type. */
export type Widget =
  | 'text'
  | 'textarea'
  | 'number'
  | 'slider'
  | 'switch'
  | 'select'
  | 'segmented'
  | 'tags'
  | 'local-text'
  | 'list'
  | 'condition'
  | 'rows-or-expression'
  | 'expression'
  | 'variable'
  | 'pattern'
  | 'set'
  | 'file'
  | 'documents'
  | 'encoder'
  | 'dialog'
  | 'block'
  | 'secret'
  | 'call-answer'
  | 'hidden'

export type FieldCondition = Readonly<Record<string, readonly (string | number | boolean)[]>>

/** What the inspector needs to know beside the schema. */
export interface FieldUi {
  widget?: Widget
  /** Key of the group's heading, `group.<group>` in the app's locales. Order of first use is the order shown. */
  group?: string
  /** Shown only when each named sibling field holds one of the values; of several conditions one must hold. */
  when?: FieldCondition | readonly FieldCondition[]
  /** Shown behind the number, for example `%` or a locale key such as `unit.rows`. */
  unit?: string
  step?: number
  /** A number that measures nothing, such as a seed: nothing is said of larger or smaller ones. */
  arbitrary?: true
  /** Shown only for a block of the main dialog. */
  where?: 'main'
  /** Folded under "More". */
  advanced?: boolean
}

/**
 * What a field's value refers to. Staleness hashes the content behind it, the server refuses a path in it, and only the
 * command line honours one.
 */
export type FieldRef = 'set' | 'file' | 'encoder' | 'variable' | 'label' | 'dialog' | 'block'

declare module 'zod' {
  interface GlobalMeta {
    /**
     * Locale key of the field's name: `<block type>.<field>`; `<that>.help` says why it is asked, `<that>.larger` and
     * `<that>.smaller` what a larger or smaller number does.
     */
    title?: string
    ui?: FieldUi
    ref?: FieldRef
  }
}

export type ConfigSchema = z.ZodObject

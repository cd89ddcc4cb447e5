import type { GroupedMessages } from './group-messages.ts'

/** What is to be grouped: once, as the first and only message. */
export interface ToClusters {
  texts: readonly string[]
  /** Name of an encoder as `resolveEncoder` knows it, and where encoders lie. */
  encoder: string
  modelsFolder: string
  seed: number
}

export type FromClusters = { share: number } | { grouped: GroupedMessages }

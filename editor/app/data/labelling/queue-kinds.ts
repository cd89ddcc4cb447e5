import type { QueueKind } from '#server/api/dto.ts'

/** Rows that wait for a person who labels, in the order in which the queues are offered. */
export const queueKinds = ['unlabelled', 'doubtful', 'marked'] as const satisfies readonly QueueKind[]

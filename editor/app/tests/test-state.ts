import type { ChatTestView } from '#server/api/dto.ts'

/** How a test stands: `old` was run against another draft, `new` was never run. */
export type TestState = 'passed' | 'failed' | 'old' | 'new'

export function stateOf({ result, fresh }: ChatTestView): TestState {
  if (!result) return 'new'
  if (!fresh) return 'old'
  return result.passed ? 'passed' : 'failed'
}

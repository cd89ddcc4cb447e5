import { useEffect, useState } from 'react'
import { endWalk, lightWalk, playWalk } from '#editor/canvas/walked-path.ts'
import type { Trace } from '#server/api/dto.ts'

/** Lights a turn's path on the canvas: as it went, or as far as somebody has stepped. Another `asked` plays it anew. */
export function useWalk(
  trace: Trace | undefined,
  isStepping: boolean,
  asked: string | null,
): { at: number; setAt: (at: number) => void } {
  const [stepped, setStepped] = useState<{ of: Trace | undefined; at: number }>({ of: undefined, at: 0 })
  const at = stepped.of === trace ? stepped.at : 0
  // biome-ignore lint/correctness/useExhaustiveDependencies: whoever asks again sees it again
  useEffect(() => {
    if (!trace || trace.path.length === 0) endWalk()
    else if (isStepping) lightWalk(trace.path, at + 1)
    else playWalk(trace.path)
  }, [trace, isStepping, at, asked])
  useEffect(() => endWalk, [])
  return { at, setAt: (next) => setStepped({ of: trace, at: next }) }
}

import { useEffect, useRef, useState } from 'preact/hooks'
import type { ChatMessage } from '../client/protocol.ts'
import { firstHeld } from './pace.ts'

/** The messages to be seen by now, and whether more are there already. Who wants no motion waits for none. */
export function usePace(messages: ChatMessage[], history: number): { shown: ChatMessage[]; typing: boolean } {
  const seen = useRef(new Set<string>())
  const [, redraw] = useState(0)
  const still = matchMedia('(prefers-reduced-motion: reduce)').matches
  const held = still ? null : firstHeld(messages, history, seen.current)
  const shown = held ? messages.slice(0, held.at) : messages
  for (const { id } of shown) seen.current.add(id)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a message waits once, whatever else is drawn meanwhile
  useEffect(() => {
    if (!held) return
    const timer = setTimeout(() => {
      seen.current.add(held.id)
      redraw((n) => n + 1)
    }, held.ms)
    return () => clearTimeout(timer)
  }, [held?.id])
  return { shown, typing: held !== null }
}

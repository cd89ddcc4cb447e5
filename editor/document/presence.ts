import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Presence, StudioEvent } from '#server/api/dto.ts'

/** Another tab that has this bot open, a colleague's or one's own. */
export interface Peer extends Presence {
  /** Which of the colours of peers, 0 to `peerColours - 1`; different ones as long as they last. */
  colour: number
  heardAt: number
}
export const peerColours = 6
/** The server repeats itself every 15 s; who was missed twice is gone. Milliseconds. */
const silence = 40_000
/** At most one request in this time tells of the picked block. Milliseconds. */
const between = 700

export interface PeopleHere {
  /** The person of this tab, as the stream tells it; null until then. */
  me: string | null
  peers: readonly Peer[]
}
/** Who else is here, by passing events of the bot's stream. Nothing of it is part of the document. */
export const peopleHere = createStore<PeopleHere>()(() => ({ me: null, peers: [] }))

export function usePeers(): readonly Peer[] {
  return useStore(peopleHere, (state) => state.peers)
}
export function useMe(): string | null {
  return useStore(peopleHere, (state) => state.me)
}
/** Peers that have picked a block, as long as they are the same ones. */
export function usePeersOn(block: string): readonly Peer[] {
  const text = useStore(peopleHere, ({ peers }) =>
    peers
      .filter((peer) => peer.block === block)
      .map((peer) => peer.tab)
      .join(' '),
  )
  return text === '' ? nobody : peopleHere.getState().peers.filter((peer) => peer.block === block)
}
const nobody: readonly Peer[] = []

/**
 * Takes part: hears of the others, and tells them which block is picked here, at most once in `between` and only while
 * somebody is there to be told.
 */
export function takePart(deps: {
  tab: string
  /** The picked block. */
  block: () => string | null
  onBlock: (changed: () => void) => () => void
  tell: (block: string | null) => Promise<void>
  now?: () => number
}): { receive: (event: StudioEvent) => void; forgetAll: () => void; stop: () => void } {
  const now = deps.now ?? Date.now
  let told: string | null = null
  let timer: ReturnType<typeof setTimeout> | undefined
  let resting = false

  const tell = (): void => {
    const block = deps.block()
    if (resting || block === told || peopleHere.getState().peers.length === 0) return
    told = block
    resting = true
    // One that did not arrive is made up for by the next; nobody waits for it.
    void deps.tell(block).catch(() => {})
    timer = setTimeout(() => {
      resting = false
      tell()
    }, between)
  }
  const keep = (peers: readonly Peer[]): void => {
    peopleHere.setState({ peers })
    tell()
  }
  const sweep = setInterval(() => {
    const { peers } = peopleHere.getState()
    const left = peers.filter((peer) => now() - peer.heardAt < silence)
    if (left.length < peers.length) keep(left)
  }, 5000)
  const stopWatching = deps.onBlock(tell)

  return {
    receive(event) {
      const { peers } = peopleHere.getState()
      if (event.type === 'presence.left') {
        if (peers.some((peer) => peer.tab === event.tab)) keep(peers.filter((peer) => peer.tab !== event.tab))
      } else if (event.type === 'presence.seen' && event.who.tab === deps.tab) {
        peopleHere.setState({ me: event.who.user })
      } else if (event.type === 'presence.seen') {
        const known = peers.find((peer) => peer.tab === event.who.tab)
        const colour = known?.colour ?? freeColour(event.who.tab, peers)
        const peer: Peer = { ...event.who, colour, heardAt: now() }
        keep(known ? peers.map((one) => (one === known ? peer : one)) : [...peers, peer])
      }
    },
    /** The stream is broken: who is there is not known until it is back. */
    forgetAll: () => keep([]),
    stop() {
      clearTimeout(timer)
      clearInterval(sweep)
      stopWatching()
      peopleHere.setState({ peers: [] })
    },
  }
}

/** The same tab gets the same colour on every screen where it is free. */
function freeColour(tab: string, peers: readonly Peer[]): number {
  const taken = new Set(peers.map((peer) => peer.colour))
  const first = [...tab].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 997, 7)
  for (let step = 0; step < peerColours; step++) {
    const colour = (first + step) % peerColours
    if (!taken.has(colour)) return colour
  }
  return first % peerColours
}

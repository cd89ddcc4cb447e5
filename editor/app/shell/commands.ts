import { type ReactNode, useEffect, useRef } from 'react'
import { create } from 'zustand'

/** Something that the command list offers: a place to go to, or a thing to do. */
export interface Command {
  key: string
  title: string
  /** Further words that a search finds it by. */
  words?: string
  detail?: string
  icon?: ReactNode
  hue?: string
  group: string
  shortcut?: string
  perform: () => void
}
/** Asked anew each time that the list is drawn. */
type Source = () => readonly Command[]

interface Palette {
  open: boolean
  /** What the rooms that are on the page offer, the innermost first. */
  sources: readonly Source[]
}
const palette = create<Palette>()(() => ({ open: false, sources: [] }))

export const openPalette = (): void => palette.setState({ open: true })
export const closePalette = (): void => palette.setState({ open: false })
export const togglePalette = (): void => palette.setState(({ open }) => ({ open: !open }))
export const usePaletteOpen = (): boolean => palette((state) => state.open)
/** What can be done now; asked again when another room comes to the page. */
export const useOfferedCommands = (): Command[] => palette((state) => state.sources).flatMap((source) => source())

/** Offers commands for as long as the component is on the page. */
export function useCommands(source: Source): void {
  const newest = useRef(source)
  newest.current = source
  useEffect(() => {
    const own: Source = () => newest.current()
    palette.setState(({ sources }) => ({ sources: [own, ...sources] }))
    return () => palette.setState(({ sources }) => ({ sources: sources.filter((one) => one !== own) }))
  }, [])
}

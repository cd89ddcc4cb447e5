import { type ComponentType, type LazyExoticComponent, lazy } from 'react'

/** A section of the settings: its address below `/settings`, the key of its name in the texts `settings`, what it shows. */
export interface SettingsSection {
  path: string
  label: string
  Section: LazyExoticComponent<ComponentType>
}

/** In the order of the list; the first one is shown where the address names none. */
export const sections: readonly SettingsSection[] = [
  {
    path: 'api-keys',
    label: 'keys.title',
    Section: lazy(async () => ({ default: (await import('./keys-section.tsx')).KeysSection })),
  },
]

import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { lazyWithTexts } from '../lazy-with-texts.ts'

/** A section of the settings: its address below `/settings`, the key of its name in the texts `settings`, what it shows. */
export interface SettingsSection {
  path: string
  label: string
  Section: LazyExoticComponent<ComponentType>
}

/** In the order of the list; the first one is shown where the address names none. To add one: a folder beside this file, and a line here. */
export const sections: readonly SettingsSection[] = [
  {
    path: 'api-keys',
    label: 'keys.title',
    Section: lazy(async () => ({ default: (await import('./keys-section.tsx')).KeysSection })),
  },
  {
    path: 'webhooks',
    label: 'webhooks',
    Section: lazyWithTexts('webhooks', async () => (await import('./webhooks/webhooks-section.tsx')).WebhooksSection),
  },
  {
    path: 'channels',
    label: 'channels',
    Section: lazyWithTexts('channels', async () => (await import('./channels/channels-section.tsx')).ChannelsSection),
  },
]

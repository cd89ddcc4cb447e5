import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { loadPageTexts } from '../i18n.ts'

/** A section of the settings: its address below `/settings`, the key of its name in the texts `settings`, what it shows. */
export interface SettingsSection {
  path: string
  label: string
  Section: LazyExoticComponent<ComponentType>
}

/** A section with texts of its own, which come with it. */
const withTexts = (namespace: string, section: () => Promise<ComponentType>) =>
  lazy(async () => {
    const [part] = await Promise.all([section(), loadPageTexts(namespace)])
    return { default: part }
  })

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
    Section: withTexts('webhooks', async () => (await import('./webhooks/webhooks-section.tsx')).WebhooksSection),
  },
  {
    path: 'channels',
    label: 'channels',
    Section: withTexts('channels', async () => (await import('./channels/channels-section.tsx')).ChannelsSection),
  },
]

import { type ComponentType, type LazyExoticComponent, lazy } from 'react'
import { loadPageTexts } from '../i18n.ts'

export interface SettingsSection {
  /** The last part of its address, `/settings/<path>`. */
  path: string
  /** Key of its name, in the namespace `settings`. */
  label: string
  page: LazyExoticComponent<ComponentType>
}

/** A part with texts of its own, which come with it. */
const withTexts = (namespace: string, page: () => Promise<ComponentType>) =>
  lazy(async () => {
    const [part] = await Promise.all([page(), loadPageTexts(namespace)])
    return { default: part }
  })

/** All that can be set for the workspace. To add one: a folder beside this file, and a line here. */
export const settingsSections: readonly SettingsSection[] = [
  {
    path: 'webhooks',
    label: 'webhooks',
    page: withTexts('webhooks', async () => (await import('./webhooks/webhooks-section.tsx')).WebhooksSection),
  },
  {
    path: 'channels',
    label: 'channels',
    page: withTexts('channels', async () => (await import('./channels/channels-section.tsx')).ChannelsSection),
  },
]

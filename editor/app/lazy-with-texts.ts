import { type ComponentType, lazy } from 'react'
import { loadPageTexts } from './i18n.ts'

/** Something that is loaded when it is asked for first, with the texts that come with it. */
export async function loadWithTexts<T>(namespace: string, load: () => Promise<T>): Promise<T> {
  const [loaded] = await Promise.all([load(), loadPageTexts(namespace)])
  return loaded
}

/** A part of a page that is loaded when it is drawn first, with its texts. */
export const lazyWithTexts = <P extends object>(namespace: string, part: () => Promise<ComponentType<P>>) =>
  lazy(async () => ({ default: await loadWithTexts(namespace, part) }))

import { useState } from 'preact/hooks'
import { Icon } from './icon.tsx'
import type { Words } from './words.ts'

/**
 * A picture in a box whose shape is known before it is there, so that nothing below it jumps. What it shows stands in the box where it
 * cannot be loaded. Who serves it learns nothing of the page.
 */
export function Picture({ url, alt, words }: { url: string; alt: string; words: Words }) {
  const [lost, setLost] = useState(false)
  if (lost)
    return (
      <span class="lost">
        <Icon path="M5 4h14v16H5zM5 16l4-4 5 5m-2-2 3-3 4 4M9.5 8v0" />
        {alt || words.lost}
      </span>
    )
  return (
    <img
      loading="lazy"
      decoding="async"
      referrerpolicy="no-referrer"
      src={url}
      alt={alt}
      onError={() => setLost(true)}
    />
  )
}

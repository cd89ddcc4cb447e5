import { useState } from 'preact/hooks'
import { safeUrl } from '#kit/safe-url.ts'
import { Icon } from './icon.tsx'

/** Who one talks to: an emoji, a picture, or the sign of a chat where there is none or it does not come. */
export function Avatar({ avatar }: { avatar: string }) {
  const [lost, setLost] = useState('')
  const url = avatar.includes('/') ? safeUrl(avatar, 'image') : null
  if (url && lost !== url) return <img src={url} alt="" referrerpolicy="no-referrer" onError={() => setLost(url)} />
  if (avatar && !avatar.includes('/')) return <>{avatar}</>
  return <Icon path="M20 11.5a8 8 0 0 1-11.6 7.1L4 20l1.4-4.4A8 8 0 1 1 20 11.5ZM9 10.5c1.5 0 1.5 2 3 2s1.5-2 3-2" />
}

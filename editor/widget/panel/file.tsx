import { useEffect, useState } from 'preact/hooks'
import { fileIn, shownPictures } from '#kit/content-parts.ts'
import type { ChatClient } from '../client/client.ts'
import type { ChatPart } from '../client/protocol.ts'
import { Icon } from './icon.tsx'
import type { Words } from './words.ts'

/** A file that was sent: a picture is seen where the page lets it, everything else is a name that saves it. */
export function FileCard({ part, client, words }: { part: ChatPart; client: Pick<ChatClient, 'file'>; words: Words }) {
  const file = fileIn(part)
  const own = part.blob instanceof Blob ? part.blob : null
  const name = file?.name ?? part.text ?? ''
  const id = file?.id ?? ''
  const isPicture = shownPictures.includes(file?.mime ?? own?.type ?? '')
  const [url, setUrl] = useState('')
  const [lost, setLost] = useState(false)
  // biome-ignore lint/correctness/useExhaustiveDependencies: a file never changes; its part is a new object with each message
  useEffect(() => {
    if (!isPicture) return
    let made = ''
    let gone = false
    const show = (blob: Blob): void => {
      if (gone) return
      // The server hands files out without a type, so that nothing of them is ever run.
      made = URL.createObjectURL(new Blob([blob], { type: file?.mime ?? own?.type }))
      setUrl(made)
    }
    if (own) show(own)
    else client.file(id).then(show, () => setLost(true))
    return () => {
      gone = true
      URL.revokeObjectURL(made)
    }
  }, [id, own, isPicture])
  const save = async (): Promise<void> => {
    try {
      const made = URL.createObjectURL(own ?? (await client.file(id)))
      const link = document.createElement('a')
      link.href = made
      link.download = name
      link.click()
      setTimeout(() => URL.revokeObjectURL(made), 60_000)
    } catch {
      setLost(true)
    }
  }
  const kilobytes = Math.max(1, Math.round((file?.bytes ?? own?.size ?? 0) / 1_024))
  const size = kilobytes < 1_024 ? `${kilobytes} KB` : `${(kilobytes / 1_024).toFixed(1)} MB`
  return (
    <button
      type="button"
      class={`file${url ? ' seen' : ''}`}
      aria-label={`${words.save}: ${name}`}
      onClick={() => void save()}
    >
      {url ? (
        <img src={url} alt={name} onError={() => setUrl('')} />
      ) : (
        <>
          <Icon path="M14 3H6v18h12V7zM14 3v4h4" />
          <span>
            <b>{name}</b>
            <small>{lost ? words.lostFile : size}</small>
          </span>
        </>
      )}
    </button>
  )
}

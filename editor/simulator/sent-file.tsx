import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { api } from '#editor/app/api.ts'
import { Icon } from '#editor/app/ui/icons.tsx'
import { shownPictures } from '#kit/content-parts.ts'
import styles from './content.module.css'

/** A file that a visitor sent: pictures that run nothing are seen, all others are a name that saves them. */
export function SentFile({
  conversation,
  id,
  name,
  mime,
  bytes,
}: {
  conversation: string
  id: string
  name: string
  mime: string
  bytes: number
}) {
  const { t } = useTranslation('simulator')
  const [lost, setLost] = useState(false)
  const address = api.sentFileAddress(conversation, id)
  const kilobytes = Math.max(1, Math.round(bytes / 1_024))
  return (
    <a className={styles.file} href={address} download={name} aria-label={t('file.save', { name })}>
      {shownPictures.includes(mime) && !lost ? (
        <img src={`${address}?shown=1`} alt={name} loading="lazy" onError={() => setLost(true)} />
      ) : (
        <>
          <Icon name="file" size={16} />
          <span>
            <strong>{name}</strong>
            <small>{kilobytes < 1_024 ? `${kilobytes} KB` : `${(kilobytes / 1_024).toFixed(1)} MB`}</small>
          </span>
        </>
      )}
    </a>
  )
}

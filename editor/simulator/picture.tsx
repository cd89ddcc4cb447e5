import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '#editor/app/ui/icons.tsx'
import styles from './content.module.css'

/** A picture in a box whose shape is known before it is there; what it shows stands in the box where it cannot be loaded. */
export function Picture({ url, alt, whole = false }: { url: string; alt: string; whole?: boolean }) {
  const { t } = useTranslation('simulator')
  const [lost, setLost] = useState(false)
  return (
    <span className={styles.box} data-whole={whole || undefined}>
      {lost ? (
        <span className={styles.lost}>
          <Icon name="picture" />
          {alt || t('picture.lost')}
        </span>
      ) : (
        <img
          loading="lazy"
          decoding="async"
          referrerPolicy="no-referrer"
          src={url}
          alt={alt}
          onError={() => setLost(true)}
        />
      )}
    </span>
  )
}

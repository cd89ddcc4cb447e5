import type { sourceIn } from '#kit/content-parts.ts'
import styles from './source.module.css'

/** Where words of the bot are from, on one line; a link where it has an address. */
export function Source({ source }: { source: NonNullable<ReturnType<typeof sourceIn>> }) {
  const { title, place, url } = source
  return (
    <p className={styles.source}>
      <svg width="13" height="13" viewBox="0 0 16 16" fill="none" stroke="currentColor" aria-hidden="true">
        <path d="M4 1.8h5.2L12 4.6v9.6H4zM9 2v3h3M6 8h4M6 10.6h4" strokeWidth="1.2" strokeLinejoin="round" />
      </svg>
      {url ? (
        <a href={url} target="_blank" rel="noopener noreferrer nofollow">
          {title}
        </a>
      ) : (
        <span>{title}</span>
      )}
      {place !== '' && <span className={styles.place}>{place}</span>}
    </p>
  )
}

import { useSyncExternalStore } from 'react'
import { useTranslation } from 'react-i18next'
import { Icon } from '../ui/icons.tsx'
import styles from './shell.module.css'

let serverReached = true
const listeners = new Set<() => void>()

/** Told by the event stream: whether the server answers. */
export function setServerReached(reached: boolean) {
  if (reached === serverReached) return
  serverReached = reached
  for (const listener of listeners) listener()
}

function subscribe(listener: () => void) {
  listeners.add(listener)
  window.addEventListener('online', listener)
  window.addEventListener('offline', listener)
  return () => {
    listeners.delete(listener)
    window.removeEventListener('online', listener)
    window.removeEventListener('offline', listener)
  }
}

export function OfflineBanner() {
  const { t } = useTranslation()
  const reached = useSyncExternalStore(subscribe, () => serverReached && navigator.onLine)
  return (
    <div role="status" aria-live="polite">
      {!reached && (
        <div className={styles.offline}>
          <Icon name="offline" size={16} />
          {t('offline')}
        </div>
      )}
    </div>
  )
}

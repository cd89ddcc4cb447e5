import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnvironmentsView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { Dialog } from '../ui/dialog.tsx'
import { showError, showToast } from '../ui/toast.tsx'
import styles from './environments.module.css'

/** What is on test, and the link that is sent to whoever is to try it. */
export function TestPlace({ bot, places }: { bot: string; places: EnvironmentsView }) {
  const { t } = useTranslation('versions')
  const [asked, setAsked] = useState(false)
  const field = useRef<HTMLInputElement>(null)
  const link = `${location.origin}${places.testPage}`
  const copy = async () => {
    field.current?.select()
    try {
      await navigator.clipboard.writeText(link)
      showToast(t('test.copied'))
    } catch {
      // Without https browsers keep their clipboard to themselves; the link stays selected.
      field.current?.focus()
    }
  }
  const renew = async () => {
    setAsked(false)
    try {
      queryClient.setQueryData(keys.environments(bot), await api.renewTestKey(bot))
      showToast(t('test.renewed'))
    } catch (error) {
      showError(error)
    }
  }
  return (
    <section className={styles.card} aria-labelledby="test-place">
      <h3 id="test-place">{t('test.title')}</h3>
      {places.test === null ? (
        <p>{t('test.none')}</p>
      ) : (
        <>
          <p>{t('test.about', { version: places.test })}</p>
          <div className={styles.link}>
            <input
              ref={field}
              className="bl-input"
              aria-label={t('test.link')}
              readOnly
              value={link}
              onFocus={(event) => event.target.select()}
            />
            <Button size="small" icon="copy" onClick={copy}>
              {t('test.copy')}
            </Button>
            <a
              className="bl-button bl-button--quiet bl-button--small"
              href={places.testPage}
              target="_blank"
              rel="noopener"
            >
              {t('test.open')}
            </a>
            <Button size="small" variant="plain" onClick={() => setAsked(true)}>
              {t('test.renew')}
            </Button>
          </div>
        </>
      )}
      {asked && (
        <Dialog
          title={t('test.renew.title')}
          onClose={() => setAsked(false)}
          footer={
            <>
              <Button onClick={() => setAsked(false)}>{t('app:cancel')}</Button>
              <Button variant="primary" onClick={renew}>
                {t('test.renew')}
              </Button>
            </>
          }
        >
          <p>{t('test.renew.about')}</p>
        </Dialog>
      )}
    </section>
  )
}

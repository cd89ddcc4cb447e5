import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import type { EnvironmentsView } from '#server/api/dto.ts'
import { api } from '../api.ts'
import { keys, queryClient } from '../query.ts'
import { Button } from '../ui/button.tsx'
import { ConfirmDialog } from '../ui/confirm-dialog.tsx'
import { CopyField } from '../ui/copy-field.tsx'
import { showToast } from '../ui/toast.tsx'
import styles from './environments.module.css'

/** What is on test, and the link that is sent to whoever is to try it. */
export function TestPlace({ bot, places }: { bot: string; places: EnvironmentsView }) {
  const { t } = useTranslation('versions')
  const [asked, setAsked] = useState(false)
  const link = `${location.origin}${places.testPage}`
  const renew = async () => {
    queryClient.setQueryData(keys.environments(bot), await api.renewTestKey(bot))
    showToast(t('test.renewed'))
  }
  return (
    <section className={styles.card} aria-labelledby="test-place">
      <h3 id="test-place">{t('test.title')}</h3>
      {places.test === null ? (
        <p>{t('test.none')}</p>
      ) : (
        <>
          <p>{t('test.about', { version: places.test })}</p>
          <CopyField label={t('test.link')} value={link} />
          <div className={styles.link}>
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
        <ConfirmDialog
          title={t('test.renew.title')}
          action={t('test.renew')}
          perform={renew}
          onClose={() => setAsked(false)}
        >
          <p>{t('test.renew.about')}</p>
        </ConfirmDialog>
      )}
    </section>
  )
}

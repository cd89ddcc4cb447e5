import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { setPageTitle } from '../page-title.ts'
import { Button } from '../ui/button.tsx'
import { Logo } from '../ui/logo.tsx'
import { showToast } from '../ui/toast.tsx'
import { SettingsMenu } from './settings-menu.tsx'
import styles from './shell.module.css'

const command = 'npm run botloom -- link'

/** What a person sees whose link was used already or has run out: how to get a new one. */
export function SignedOutPage() {
  const { t } = useTranslation()
  useEffect(() => setPageTitle(t('signed-out')), [t])
  return (
    <main className={styles.alone}>
      <Logo size={56} />
      <h1>{t('signed-out')}</h1>
      <p>{t('signed-out.how')}</p>
      <div className={styles.command}>
        <code>{command}</code>
        <Button
          size="small"
          variant="plain"
          onClick={() => void navigator.clipboard.writeText(command).then(() => showToast(t('copied')))}
        >
          {t('copy')}
        </Button>
      </div>
      <p className={styles.small}>{t('signed-out.note')}</p>
      <SettingsMenu itemClass="bl-button bl-button--plain" />
    </main>
  )
}
